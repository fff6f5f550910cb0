import { bytes, percent } from '../format';
import type { ReportMemory } from './document';
import { phrase } from './escape';
import { element, figure, label, picture, textWidth } from './svg';

const TRACK = { y: 4, height: 34 } as const;
const HEIGHT = 62;
const COLORS = ['one', 'two', 'three', 'four', 'five'] as const;

/** Draws the memory of the fullest accelerator, by use. */
export function memoryFigure(memory: ReportMemory, width: number, id: string): string {
  const text = memoryText(memory);
  return figure(width, text, (size, view) => memoryPicture(memory, text, size, `${id}-${view}`)) + legend(memory);
}

/** Describes how full the memory is. */
export function memoryText({ capacityBytes, parts }: ReportMemory): string {
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  const share = capacityBytes > 0 ? ` (${percent(total / capacityBytes)})` : '';
  const over = total > capacityBytes ? `: exceeded by ${bytes(total - capacityBytes)}` : '';
  return `${bytes(total)} of ${bytes(capacityBytes)}${share}${over}.`;
}

function memoryPicture({ capacityBytes, parts }: ReportMemory, text: string, width: number, id: string): string {
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  const scale = width / Math.max(total, capacityBytes, 1);
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, { bytes: size }) => sum + size, 0));
  const drawn = parts.map((part, at) => segment(part.name, starts[at]! * scale, part.bytes * scale, at));
  const all = parts.map((part) => `${part.name} ${bytes(part.bytes)}`).join(', ');
  return picture(
    id,
    'Memory of the fullest accelerator',
    `${text} ${all}.`,
    { width, height: HEIGHT },
    [element('rect', { ...TRACK, width, fill: 'var(--inset)' }), ...drawn, edge(capacityBytes, scale, width)].join(''),
  );
}

/** Draws a part, with its name if there is room. A gap separates it from the next part. */
function segment(name: string, x: number, width: number, at: number): string {
  const fits = width > 10 + textWidth(name, 12);
  const inside = { 'font-size': 12, style: 'fill:var(--panel)' };
  return (
    element('rect', { ...TRACK, x, width: Math.max(0, width - 1.5), fill: color(at) }) +
    (fits ? label(name, x + 6, TRACK.y + 22, width, inside) : '')
  );
}

/** Draws the end of the memory, with its size on the side that has room. */
function edge(capacityBytes: number, scale: number, width: number): string {
  const x = Math.min(width - 1, capacityBytes * scale);
  const below = TRACK.y + TRACK.height;
  const line = { x1: x, x2: x, y1: 0, y2: below + 6, stroke: 'var(--text)', 'stroke-width': 2 };
  const name = bytes(capacityBytes);
  const anchor = x < textWidth(name, 12, true) ? 'start' : 'end';
  const text = { 'text-anchor': anchor, 'font-size': 12, 'font-weight': 600 };
  return element('line', line) + label(name, x, below + 20, 120, text);
}

/** Returns the parts with their sizes, in the order of the bar. */
function legend({ capacityBytes, parts }: ReportMemory): string {
  const free = capacityBytes - parts.reduce((sum, part) => sum + part.bytes, 0);
  const item = (fill: string, name: string, size: number) =>
    `<li><i style="background:${fill}"></i>${phrase(`${name} ${bytes(size)}`)}</li>`;
  const items = parts.map(({ name, bytes: size }, at) => (size > 0 ? item(color(at), name, size) : ''));
  return `<ul class="legend">${items.join('')}${free > 0 ? item('var(--line)', 'free', free) : ''}</ul>`;
}

function color(at: number): string {
  return `var(--${COLORS[at % COLORS.length]!})`;
}
