const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a string for HTML and SVG, in an element or a quoted attribute. Control characters are removed. */
export function escapeHtml(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Escapes a string for the page. Numbers stay with their units, and very long words can break. */
export function phrase(text: string): string {
  const breakable = text.replace(LONG_WORD, (word) => word.replace(PART, `$&${BREAK}`));
  return glued(escapeHtml(breakable))
    .replace(WITH_HYPHENS, (word) => (word.length > MAX_UNBROKEN ? word : `<span class="short">${word}</span>`))
    .replaceAll(BREAK, '<wbr>');
}

/** Returns whether a string fits on one line of a column. */
export function isShort(text: string): boolean {
  return text.length <= MAX_UNBROKEN;
}

const MAX_UNBROKEN = 24;

/** Returns a string in which line breaks never separate a number from its unit. */
export function glued(text: string): string {
  return text.replace(NUMBER_AND_UNIT, '$1\u00a0');
}

/** A word with hyphens, such as a date, a region, or a machine. */
const WITH_HYPHENS = /(?<=^|[\s(])\w[\w.]*(?:-[\w.]*\w)+(?=$|[\s,;:.)])/g;

const NUMBER_AND_UNIT = /(\d) (?=(?:[kMG×%]|s|min|h|days|years|[MGT]i?B|Gbit)(?![\w-]))/g;
/** A word that is too long for any column. */
const LONG_WORD = /\S{28,}/gu;
/** Where a long word can break: after punctuation, or after many letters. */
const PART = /[./:=_](?=[^./:=_])|[^./:=_]{20}(?=[^./:=_]{8})/gu;
/** A zero-width space. */
const BREAK = '\u200b';

/** Escapes a string for a line or table cell of Markdown. The result is one line without markup. */
export function escapeMarkdown(text: string): string {
  return withoutControls(text)
    .replace(/[\\`*_[\]|~#]/g, (character) => `\\${character}`)
    .replace(/[&<>]/g, (character) => ENTITIES[character]!);
}

/** Control characters, including those that change the text direction and could hide content. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

function withoutControls(text: string): string {
  return text.replace(/\s+/g, ' ').replace(CONTROLS, '');
}
