import { number, times } from '../format';
import type { ReportNodes } from './document';
import { element, label, panel, rounded } from './svg';

/** Part of a picture, and its height. */
export interface Drawn {
  readonly svg: string;
  readonly height: number;
}

/** Space between boxes, in SVG units. */
const GAP = 12;
/** Width of a machine's box in SVG units. The minimum keeps its label readable. */
const NODE = { min: 96, max: 156, alone: 320 } as const;
const FRAME_TOP = 62;
const MAX_ROWS = 2;
const FABRIC_HEIGHT = 34;

/** Draws each machine as a box. If there are too many, draws one box, and all machines as tiles. */
export function nodesFrame(nodes: ReportNodes, width: number): Drawn {
  const max = MAX_ROWS * Math.floor((width - GAP) / (NODE.min + GAP));
  const body = nodes.count <= max ? eachNode(nodes, width) : manyNodes(nodes, width);
  const fabricAt = FRAME_TOP + body.height;
  const height = fabricAt + (nodes.fabric ? FABRIC_HEIGHT + GAP : 0);
  const inner = width - 2 * GAP;
  const parts = [
    panel(0, 0, width, height, 'var(--panel)'),
    label(nodes.name, GAP, 26, inner, { 'font-weight': 650, 'font-size': 15 }),
    label(times(nodes.count, nodes.machine), GAP, 46, inner, { style: 'fill:var(--muted)' }),
    body.svg,
    nodes.fabric ? fabricBar(nodes.fabric, fabricAt, width) : '',
  ];
  return { height, svg: parts.join('') };
}

function eachNode(nodes: ReportNodes, width: number): Drawn {
  const { count } = nodes;
  const max = Math.floor((width - GAP) / (NODE.min + GAP));
  const columns = Math.ceil(count / Math.ceil(count / max));
  const nodeWidth = Math.min(count <= 2 ? NODE.alone : NODE.max, (width - GAP) / columns - GAP);
  const left = (width - columns * (nodeWidth + GAP) + GAP) / 2;
  const height = nodeHeight(nodes, nodeWidth) + GAP;
  const at = Array.from({ length: count }, (_, index) => ({
    x: left + (index % columns) * (nodeWidth + GAP),
    y: FRAME_TOP + Math.floor(index / columns) * height,
  }));
  const end = Math.ceil(count / columns) * height;
  return {
    height: end,
    svg: [
      ...(nodes.fabric ? at.map(({ x, y }) => wire(x + nodeWidth / 2, y + height - GAP, FRAME_TOP + end)) : []),
      ...at.map(({ x, y }) => nodeBox(nodes, x, y, nodeWidth)),
    ].join(''),
  };
}

/** In a narrow picture, the tiles are below the machine. */
function manyNodes(nodes: ReportNodes, width: number): Drawn {
  const sideBySide = width > 600;
  const nodeWidth = sideBySide ? 220 : width - 2 * GAP;
  const one = nodeHeight(nodes, nodeWidth);
  const x = sideBySide ? 2 * GAP + nodeWidth : GAP;
  const y = FRAME_TOP + (sideBySide ? 0 : one + GAP);
  const tiles = nodeTiles(nodes.count, x, y + 20, width - x - GAP);
  const per = perTile(nodes.count);
  const text = `All machines: one tile is ${per === 1 ? 'one machine' : `${number(per)} machines`}`;
  const end = sideBySide ? Math.max(one, 20 + tiles.height) : one + GAP + 20 + tiles.height;
  const below = (at: number, from: number) => wire(at, FRAME_TOP + from, FRAME_TOP + end + GAP);
  const wires = nodes.fabric
    ? [
        ...(sideBySide ? [below(GAP + nodeWidth / 2, one)] : []),
        ...[1, 3, 5, 7].map((eighth) => below(x + (eighth / 8) * tiles.width, y - FRAME_TOP + 20 + tiles.fullHeight)),
      ]
    : [];
  return {
    height: end + GAP,
    svg: [
      ...wires,
      nodeBox(nodes, GAP, FRAME_TOP, nodeWidth),
      label(text, x, y + 11, width - x - GAP, { 'font-size': 12, style: 'fill:var(--muted)' }),
      tiles.svg,
    ].join(''),
  };
}

/** Draws a line from a machine to the fabric, behind other machines. */
function wire(x: number, from: number, to: number): string {
  return element('line', { x1: x, x2: x, y1: from, y2: to, stroke: 'var(--accent)', 'stroke-width': 2 });
}

/** Describes a fabric by its name and its bandwidth per machine. */
export function fabricText({ name, gbpsPerMachine }: NonNullable<ReportNodes['fabric']>): string {
  return gbpsPerMachine === undefined ? name : `${name}, ${number(gbpsPerMachine)} Gbit/s per machine`;
}

function fabricBar(fabric: NonNullable<ReportNodes['fabric']>, y: number, width: number): string {
  const bar = { x: GAP, y, width: width - 2 * GAP, height: FABRIC_HEIGHT, rx: 6 };
  return (
    element('rect', { ...bar, fill: 'var(--inset)', stroke: 'var(--accent)', 'stroke-width': 2 }) +
    label(fabricText(fabric), width / 2, y + 22, bar.width - 8, { 'text-anchor': 'middle', 'font-weight': 600 })
  );
}

const SQUARE = { gap: 3, maxRows: 8 } as const;
const LABEL_HEIGHT = 26;
const INSET = 8;

/** Draws a machine with a square for each accelerator. */
function nodeBox(nodes: ReportNodes, x: number, y: number, width: number): string {
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
function nodeHeight(nodes: ReportNodes, width: number): number {
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
  return `M${rounded(x)} ${rounded(y)}h${rounded(width)}v${rounded(height)}h${rounded(-width)}z`;
}

const TILES = { max: 1000, min: 5, largest: 20, area: 90_000 } as const;

/** Returns the number of machines per tile, so that there are at most 1,000 tiles. */
function perTile(count: number): number {
  return count <= TILES.max ? 1 : 10 ** Math.ceil(Math.log10(count / TILES.max));
}

interface Tiles extends Drawn {
  readonly width: number;
  /** Height without the last row if that row is not full. */
  readonly fullHeight: number;
}

/** Draws all machines as tiles in rows. */
function nodeTiles(count: number, x: number, y: number, width: number): Tiles {
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
