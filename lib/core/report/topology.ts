import type { ReportNodes, ReportStore, ReportTopology } from './document';
import { number, times } from './format';
import { element, label, picture, wrap } from './svg';

const GAP = 12;
/** Units of a machine's box: no narrower, so that its label can be read. */
const NODE = { least: 96, most: 160 } as const;
const FRAME_TOP = 58;
const MOST_ROWS = 2;
const STORE_HEIGHT = 66;
const FLOW_HEIGHT = 56;

/** The machines, their accelerators, the fabric between them and the stores they use, as a picture of that width. */
export function topologySvg(topology: ReportTopology, width: number, id: string): string {
  const { nodes, stores } = topology;
  const frame = nodesFrame(nodes, width);
  const storesAt = frame.height + FLOW_HEIGHT;
  const columns = Math.max(1, Math.min(stores.length, Math.floor(width / 300)));
  const rows = Math.ceil(stores.length / columns);
  const height = stores.length === 0 ? frame.height : storesAt + rows * (STORE_HEIGHT + FLOW_HEIGHT) - FLOW_HEIGHT;
  const boxes = stores.map((store, at) => storeBox(store, place(at, columns, width, storesAt)));
  return picture(id, 'Topology', describe(topology), { width, height: height + 1 }, frame.svg + boxes.join(''));
}

/** The picture in words. */
export function describe({ nodes, stores }: ReportTopology): string {
  const { count, machine, accelerators, chip, fabric } = nodes;
  const wire = fabric ? `joined by ${fabricText(fabric)}` : 'with no fabric between them';
  const flows = stores.map(({ name, detail, flow }) => `${name} (${detail}): ${flow}.`);
  return [`${times(count, machine)}, each with ${times(accelerators, chip)}, ${wire}.`, ...flows].join(' ');
}

function nodesFrame(nodes: ReportNodes, width: number): { readonly svg: string; readonly height: number } {
  const most = Math.max(1, Math.floor((width - GAP) / (NODE.least + GAP)));
  const columns = balanced(Math.min(nodes.count, most * MOST_ROWS), most);
  const nodeWidth = Math.min(NODE.most, (width - GAP) / columns - GAP);
  const shown = Math.min(nodes.count, columns * MOST_ROWS);
  const fabricAt = FRAME_TOP + Math.ceil(shown / columns) * (boxHeight(nodes) + GAP);
  const height = fabricAt + (nodes.fabric ? 46 : 0);
  const at = Array.from({ length: shown }, (_, index) => ({
    x: GAP + (index % columns) * (nodeWidth + GAP),
    y: FRAME_TOP + Math.floor(index / columns) * (boxHeight(nodes) + GAP),
  }));
  const rest = nodes.count > shown ? `, ${number(shown)} of them drawn` : '';
  const inner = width - 2 * GAP;
  const parts = [
    panel(0, 0, width, height),
    label(nodes.name, GAP, 24, inner, { 'font-weight': 600, 'font-size': 15 }),
    label(`${times(nodes.count, nodes.machine)}${rest}`, GAP, 44, inner),
    ...(nodes.fabric ? at.map(({ x, y }) => wire(x + nodeWidth / 2, y + boxHeight(nodes), fabricAt)) : []),
    ...at.map(({ x, y }) => nodeBox(nodes, x, y, nodeWidth)),
    nodes.fabric ? fabricBar(nodes.fabric, fabricAt, width) : '',
  ];
  return { height, svg: parts.join('') };
}

/** Columns that fill their rows evenly. */
function balanced(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most));
}

/** From a machine to the fabric; it runs behind the machines between. */
function wire(x: number, from: number, to: number): string {
  return element('line', { x1: x, x2: x, y1: from, y2: to, stroke: 'var(--accent)', 'stroke-width': 2 });
}

const SQUARE = { height: 8, gap: 3, mostRows: 4 } as const;

function chipColumns(chips: number): number {
  return Math.min(chips, 8, Math.max(4, Math.ceil(chips / SQUARE.mostRows)));
}

function boxHeight({ accelerators }: ReportNodes): number {
  const chips = Math.ceil(accelerators);
  const rows = Math.min(SQUARE.mostRows, Math.ceil(chips / chipColumns(chips)));
  return 28 + rows * (SQUARE.height + SQUARE.gap);
}

function nodeBox(nodes: ReportNodes, x: number, y: number, width: number): string {
  const { accelerators, chip } = nodes;
  const chips = Math.ceil(accelerators);
  const columns = chipColumns(chips);
  const size = (width - 12 - (columns - 1) * SQUARE.gap) / columns;
  const squares = Array.from({ length: Math.min(chips, columns * SQUARE.mostRows) }, (_, at) =>
    element('rect', {
      x: x + 6 + (at % columns) * (size + SQUARE.gap),
      y: y + 24 + Math.floor(at / columns) * (SQUARE.height + SQUARE.gap),
      width: size,
      height: SQUARE.height,
      rx: 2,
      fill: 'var(--accent)',
    }),
  );
  return (
    element('rect', { x, y, width, height: boxHeight(nodes), rx: 6, fill: 'var(--ground)', stroke: 'var(--line)' }) +
    label(times(accelerators, chip), x + 6, y + 16, width - 8, { 'font-size': 12 }) +
    squares.join('')
  );
}

function fabricBar(fabric: NonNullable<ReportNodes['fabric']>, y: number, width: number): string {
  const bar = { x: GAP, y, width: width - 2 * GAP, height: 30, rx: 6 };
  return (
    element('rect', { ...bar, fill: 'none', stroke: 'var(--accent)', 'stroke-width': 2 }) +
    label(fabricText(fabric), width / 2, y + 20, bar.width - 8, { 'text-anchor': 'middle' })
  );
}

function fabricText({ name, gbpsPerMachine }: NonNullable<ReportNodes['fabric']>): string {
  return gbpsPerMachine === undefined ? name : `${name}, ${number(gbpsPerMachine)} Gbit/s per machine`;
}

function place(at: number, columns: number, width: number, top: number) {
  const boxWidth = (width - (columns - 1) * GAP) / columns;
  const row = Math.floor(at / columns);
  return { x: (at % columns) * (boxWidth + GAP), y: top + row * (STORE_HEIGHT + FLOW_HEIGHT), width: boxWidth };
}

/** A store, the arrow that joins it to what stands above, and what flows along it. */
function storeBox({ name, detail, flow }: ReportStore, { x, y, width }: ReturnType<typeof place>): string {
  const middle = x + 20;
  const inner = width - 2 * GAP;
  return [
    element('line', {
      x1: middle,
      y1: y - FLOW_HEIGHT + 10,
      x2: middle,
      y2: y - 10,
      stroke: 'var(--muted)',
      'stroke-width': 2,
    }),
    arrowHead(middle, y - 4, -1),
    arrowHead(middle, y - FLOW_HEIGHT + 4, 1),
    ...flowText(flow, middle + 14, y - FLOW_HEIGHT / 2, width - 40),
    panel(x, y, width, STORE_HEIGHT),
    label(name, x + GAP, y + 27, inner, { 'font-weight': 600 }),
    label(detail, x + GAP, y + 47, inner, { 'font-size': 12 }),
  ].join('');
}

/** What flows, in one line or two. */
function flowText(flow: string, x: number, middle: number, width: number): string[] {
  const lines = wrap(flow, width, 2, 12);
  return lines.map((line, at) =>
    label(line, x, middle + 5 + (at - (lines.length - 1) / 2) * 15, width, { 'font-size': 12 }),
  );
}

function arrowHead(x: number, y: number, direction: 1 | -1): string {
  const base = y + 8 * direction;
  return element('path', { d: `M${x} ${y}L${x - 5} ${base}L${x + 5} ${base}Z`, fill: 'var(--muted)' });
}

function panel(x: number, y: number, width: number, height: number): string {
  return element('rect', {
    x: x + 0.5,
    y: y + 0.5,
    width: width - 1,
    height: height - 1,
    rx: 8,
    fill: 'var(--panel)',
    stroke: 'var(--line)',
  });
}
