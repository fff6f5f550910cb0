import { escapeHtml, phrase } from './escape';
import { shorten } from './text-width';

type Attributes = Readonly<Record<string, string | number>>;

/** Returns an element with attributes. `inner` is markup. */
export function element(name: string, attributes: Attributes, inner = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(show(value))}"`);
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
      viewBox: `0 0 ${show(width)} ${show(height)}`,
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

/** Formats a number with at most two decimals. */
function show(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
}
