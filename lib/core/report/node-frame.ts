import type { ReportNodes } from './document';
import { number, times } from './format';
import { NODE_GAP as GAP, nodeBox, nodeHeight, nodeTiles, perTile } from './node-boxes';
import { element, label, panel } from './svg';

/** Part of a picture, and its height. */
export interface Drawn {
  readonly svg: string;
  readonly height: number;
}

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
