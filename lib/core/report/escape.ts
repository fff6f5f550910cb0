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
  return glued(escapeHtml(text.replace(LONG_WORD, `$&${BREAK}`)))
    .replace(DAY, '<span class="short">$&</span>')
    .replaceAll(BREAK, '<wbr>');
}

/** A text in which no number is torn from its unit. */
export function glued(text: string): string {
  return text.replace(NUMBER_AND_UNIT, '$1\u00a0');
}

const DAY = /(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])/g;

const NUMBER_AND_UNIT = /(\d) (?=(?:[kMG×%]|s|min|h|days|years|[MGT]i?B|Gbit)(?![\w-]))/g;
/** Letters of a word behind which many more come. */
const LONG_WORD = /\S{20}(?=\S{8})/gu;
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
