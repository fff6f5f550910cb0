import type { ReportNodes } from './document';
import { times } from './format';
import type { Drawn } from './node-frame';
import { element, label } from './svg';

/** Space between boxes, in SVG units. */
export const NODE_GAP = 12;

const SQUARE = { gap: 3, maxRows: 8 } as const;
const LABEL_HEIGHT = 26;
const INSET = 8;

/** Draws a machine with a square for each accelerator. */
export function nodeBox(nodes: ReportNodes, x: number, y: number, width: number): string {
  const { accelerators, chip } = nodes;
  const { columns, rows, size, height } = grid(nodes, width);
  const shown = Math.min(Math.ceil(accelerators), columns * rows);
  const squares = Array.from({ length: shown }, (_, at) =>
    square(
      x + INSET + (at % columns) * (size + SQUARE.gap),
      y + LABEL_HEIGHT + Math.floor(at / columns) * (height + SQUARE.gap),
      size,
      height,
    ),
  );
  const box = { x, y, width, height: nodeHeight(nodes, width), rx: 6, fill: 'var(--inset)', stroke: 'var(--line)' };
  return (
    element('rect', box) +
    label(times(accelerators, chip), x + INSET, y + 18, width - INSET, { 'font-size': 12.5 }) +
    element('path', { d: squares.join(''), fill: 'var(--accent)' })
  );
}

/** Returns the height of a machine's box. */
export function nodeHeight(nodes: ReportNodes, width: number): number {
  const { rows, height } = grid(nodes, width);
  return LABEL_HEIGHT + rows * (height + SQUARE.gap) - SQUARE.gap + INSET;
}

/** Arranges the accelerators of a machine: four, eight, or sixteen in a row. */
function grid({ accelerators }: ReportNodes, width: number) {
  const chips = Math.ceil(accelerators);
  const columns = chips <= 4 ? chips : chips <= 8 ? 4 : chips <= 32 ? 8 : 16;
  const rows = Math.min(SQUARE.maxRows, Math.ceil(chips / columns));
  const size = (width - 2 * INSET - (columns - 1) * SQUARE.gap) / columns;
  return { columns, rows, size, height: Math.min(size, width > 200 ? 22 : 12) };
}

function square(x: number, y: number, width: number, height: number): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
}

const TILES = { max: 1000, min: 5, largest: 20, area: 90_000 } as const;

/** Returns the number of machines per tile, so that there are at most 1,000 tiles. */
export function perTile(count: number): number {
  return count <= TILES.max ? 1 : 10 ** Math.ceil(Math.log10(count / TILES.max));
}

interface Tiles extends Drawn {
  readonly width: number;
  /** Height without the last row if that row is not full. */
  readonly fullHeight: number;
}

/** Draws all machines as tiles in rows. */
export function nodeTiles(count: number, x: number, y: number, width: number): Tiles {
  const tiles = Math.ceil(count / perTile(count));
  const area = Math.min(TILES.area, width * 130);
  const step = Math.max(TILES.min, Math.min(TILES.largest, Math.floor(Math.sqrt(area / tiles))));
  const columns = Math.floor(width / step);
  const squares = Array.from({ length: tiles }, (_, at) =>
    square(x + (at % columns) * step, y + Math.floor(at / columns) * step, step - 2, step - 2),
  );
  return {
    width: Math.min(tiles, columns) * step,
    fullHeight: Math.floor(tiles / columns) * step,
    height: Math.ceil(tiles / columns) * step,
    svg: element('path', { d: squares.join(''), fill: 'var(--accent)' }),
  };
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
