import { escapeHtml, phrase } from './escape';

type Attributes = Readonly<Record<string, string | number>>;

/** Returns an element with attributes. `inner` is markup. */
export function element(name: string, attributes: Attributes, inner = ''): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeHtml(String(typeof value === 'number' ? rounded(value) : value))}"`,
  );
  return `<${name}${list.join('')}>${inner}</${name}>`;
}

/** Returns a line of text. It is escaped, and shortened to `width`. */
export function label(text: string, x: number, y: number, width: number, attributes: Attributes = {}): string {
  const size = Number(attributes['font-size'] ?? DEFAULT_SIZE);
  const shown = shorten(text, width, size, Number(attributes['font-weight'] ?? 400) > 500);
  return element('text', { x, y, 'font-size': size, ...attributes }, escapeHtml(shown));
}

const DEFAULT_SIZE = 13;

/** Returns a rounded box. */
export function panel(x: number, y: number, width: number, height: number, fill: string): string {
  const box = { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 8 };
  return element('rect', { ...box, fill, stroke: 'var(--line)' });
}

/** Returns a picture with a title and a description for screen readers. */
export function picture(id: string, title: string, description: string, box: Box, inner: string): string {
  const { width, height } = box;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      style: 'height:auto',
    },
    element('title', { id: `${id}-title` }, escapeHtml(title)) +
      element('desc', { id: `${id}-desc` }, escapeHtml(description)) +
      inner,
  );
}

/** Width of pictures on a phone. */
const NARROW = 340;

/** Returns a picture for wide screens and one for narrow screens, with a caption. CSS shows one of them. */
export function figure(wide: number, caption: string, draw: (width: number, view: string) => string): string {
  const words = caption === '' ? '' : `<figcaption>${phrase(caption)}</figcaption>`;
  return `<figure><div class="wide">${draw(wide, 'wide')}</div><div class="narrow">${draw(NARROW, 'narrow')}</div>${words}</figure>`;
}

/** Size of a picture in SVG units. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Returns a length in SVG units with at most two decimals. */
export function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}

/** Width of each class of letters relative to the font size, in DejaVu Sans, the widest common sans-serif font. */
const CLASSES: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[\p{M}\u200b-\u200d\ufe0f]/u, 0],
  [/[ijl.,:;'|!\u00a0 ]/u, 0.34],
  [/[frtI()[\]/\\"-]/u, 0.43],
  [/[mwMWOQ@%…×]/u, 0.98],
  [/[a-z0-9_·$?]/u, 0.64],
  [/[A-Z&]/u, 0.76],
  [/[\u0080-\u1fff]/u, 0.84],
];
/** Relative width of ideographs, pictographs, and all other letters. */
const OTHER = 1.3;
const BOLD = 1.11;

/** Returns the maximum width of a line of text, in the unit of `size`. Common fonts are not much wider. */
export function textWidth(text: string, size: number, bold = false): number {
  const letters = Array.from(text).map((letter) => CLASSES.find(([of]) => of.test(letter))?.[1] ?? OTHER);
  return letters.reduce((sum, width) => sum + width, 0) * size * (bold ? BOLD : 1);
}

/** Shortens text to `width`, with an ellipsis if letters are removed. */
export function shorten(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const letters = Array.from(text);
  const fits = (count: number) => textWidth(`${letters.slice(0, count).join('')}…`, size, bold) <= width;
  let kept = 1;
  while (kept < letters.length && fits(kept + 1)) kept++;
  return `${letters.slice(0, kept).join('').trimEnd()}…`;
}

/** Wraps text into at most `max` lines of `width`. The last line contains the rest. */
export function wrap(text: string, width: number, max: number, size: number): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined) return [word];
    const fits = textWidth(`${last} ${word}`, size) <= width || lines.length === max;
    return fits ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);
}
