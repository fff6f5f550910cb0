const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML and SVG, in an element or in a quoted attribute. Control characters are dropped. */
export function escapeHtml(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Text of a page: escaped, what belongs together is not torn apart, and a word that fits no column may break. */
export function phrase(text: string): string {
  const breakable = text.replace(LONG_WORD, (word) => word.replace(PART, `$&${BREAK}`));
  return glued(escapeHtml(breakable))
    .replace(WITH_HYPHENS, (word) => (word.length > MOST_UNBROKEN ? word : `<span class="short">${word}</span>`))
    .replaceAll(BREAK, '<wbr>');
}

/** Whether a text can stay on one line of a column. */
export function isShort(text: string): boolean {
  return text.length <= MOST_UNBROKEN;
}

const MOST_UNBROKEN = 24;

/** A text in which no number is torn from its unit. */
export function glued(text: string): string {
  return text.replace(NUMBER_AND_UNIT, '$1\u00a0');
}

/** A word whose hyphens are part of it: a day, a region, a machine. */
const WITH_HYPHENS = /(?<=^|[\s(])\w[\w.]*(?:-[\w.]*\w)+(?=$|[\s,;:.)])/g;

const NUMBER_AND_UNIT = /(\d) (?=(?:[kMG×%]|s|min|h|days|years|[MGT]i?B|Gbit)(?![\w-]))/g;
/** A word that no column is wide enough for. */
const LONG_WORD = /\S{28,}/gu;
/** Where such a word is best broken: behind a sign, else behind many letters. */
const PART = /[./:=_](?=[^./:=_])|[^./:=_]{20}(?=[^./:=_]{8})/gu;
/** A space of no width. */
const BREAK = '\u200b';

/** Text as it may stand in a line or a table cell of Markdown: nothing in it is markup, and it is one line. */
export function escapeMarkdown(text: string): string {
  return withoutControls(text)
    .replace(/[\\`*_[\]|~#]/g, (character) => `\\${character}`)
    .replace(/[&<>]/g, (character) => ENTITIES[character]!);
}

/** Signs that turn the direction of what follows could make a text read as another one. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

function withoutControls(text: string): string {
  return text.replace(/\s+/g, ' ').replace(CONTROLS, '');
}
