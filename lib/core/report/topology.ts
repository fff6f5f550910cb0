import { times } from '../format';
import type { ReportFlow, ReportPeer, ReportTopology } from './document';
import { glued } from './escape';
import { type Drawn, fabricText, nodesFrame } from './node-frame';
import { element, label, panel, picture, wrap } from './svg';

/** Draws the machines, their accelerators, the fabric, stores, and clients at the given width. */
export function topologySvg(topology: ReportTopology, width: number, id: string): string {
  const frame = nodesFrame(topology.nodes, width);
  const peers = peersRow(peersOf(topology), width, frame.height);
  const height = frame.height + peers.height + 1;
  return picture(id, 'Topology', describe(topology), { width, height }, frame.svg + peers.svg);
}

/** Describes the picture in words. */
export function describe(topology: ReportTopology): string {
  const { count, machine, accelerators, chip, fabric } = topology.nodes;
  const wire = fabric ? `connected by ${fabricText(fabric)}` : 'without a fabric';
  const peers = peersOf(topology).map(
    ({ name, detail, flows }) =>
      `${name} (${detail})${flows.length > 0 ? `: ${flows.map(flowWords).join('; ')}` : ''}.`,
  );
  return [`${times(count, machine)}, each with ${times(accelerators, chip)}, ${wire}.`, ...peers].join(' ');
}

/** Returns clients and stores with their kind. */
function peersOf({ clients, stores }: ReportTopology): readonly Peer[] {
  return [
    ...(clients ? [{ ...clients, kind: 'clients' as const }] : []),
    ...stores.map((store) => ({ ...store, kind: 'store' as const })),
  ];
}

function flowWords({ direction, text }: ReportFlow): string {
  return `${direction === 'read' ? 'the machines read' : 'the machines write'} ${text}`;
}

const GAP = 16;
const PEER = { height: 68, max: 460, min: 290 } as const;
const FLOW_HEIGHT = 76;

/** A peer and its picture. */
type Peer = ReportPeer & { readonly kind: 'clients' | 'store' };

/** Draws the peers below the machines, with an arrow for each flow. */
function peersRow(peers: readonly Peer[], width: number, top: number): Drawn {
  if (peers.length === 0) return { svg: '', height: 0 };
  const max = Math.max(1, Math.floor((width + GAP) / (PEER.min + GAP)));
  const columns = Math.ceil(peers.length / Math.ceil(peers.length / max));
  const peerWidth = Math.min(PEER.max, (width - (columns - 1) * GAP) / columns);
  const left = (width - columns * (peerWidth + GAP) + GAP) / 2;
  const rowHeight = FLOW_HEIGHT + PEER.height;
  const drawn = peers.map((peer, at) =>
    peerBox(peer, left + (at % columns) * (peerWidth + GAP), top + Math.floor(at / columns) * rowHeight, peerWidth),
  );
  return { svg: drawn.join(''), height: Math.ceil(peers.length / columns) * rowHeight };
}

function peerBox({ name, detail, flows, kind }: Peer, x: number, top: number, width: number): string {
  const y = top + FLOW_HEIGHT;
  const share = width / Math.max(1, flows.length);
  const inner = width - 2 * GAP;
  const texts = kind === 'store' ? 6 : 0;
  return [
    ...flows.map((flow, at) => flowArrow(flow, x + at * share, top, share)),
    kind === 'store' ? drum(x, y, width) : panel(x, y, width, PEER.height, 'var(--inset)'),
    label(name, x + GAP, y + 29 + texts, inner, { 'font-weight': 650 }),
    label(detail, x + GAP, y + 48 + texts, inner, { 'font-size': 12.5, style: 'fill:var(--muted)' }),
  ].join('');
}

/** Draws a store as a drum seen from the side. */
function drum(x: number, y: number, width: number): string {
  const [w, h, r] = [width - 1, PEER.height - 1, 9];
  const side = { fill: 'var(--inset)', stroke: 'var(--line)' };
  const [left, right] = [x + 0.5, x + 0.5 + w];
  const body = `M${left} ${y + r}V${y + h - r}A${w / 2} ${r} 0 0 0 ${right} ${y + h - r}V${y + r}`;
  const lid = { cx: x + width / 2, cy: y + r, rx: w / 2, ry: r };
  return element('path', { d: body, ...side }) + element('ellipse', { ...lid, ...side });
}

/** Draws an arrow to the machines for reads and from the machines for writes, with a label. */
function flowArrow({ direction, text }: ReportFlow, left: number, top: number, width: number): string {
  const x = left + GAP + 4;
  const [from, to] = [top + 8, top + FLOW_HEIGHT - 6];
  const lines = wrap(glued(text), width - 2 * GAP - 12, 3, 12.5);
  const first = (from + to) / 2 + 4 - ((lines.length - 1) * 16) / 2;
  return [
    element('line', { x1: x, x2: x, y1: from + 6, y2: to - 6, stroke: 'var(--muted)', 'stroke-width': 2 }),
    direction === 'read' ? arrowHead(x, from, 1) : arrowHead(x, to, -1),
    ...lines.map((line, at) => label(line, x + 14, first + at * 16, width - 2 * GAP - 12, { 'font-size': 12.5 })),
  ].join('');
}

function arrowHead(x: number, y: number, direction: 1 | -1): string {
  const base = y + 10 * direction;
  return element('path', { d: `M${x} ${y}L${x - 6} ${base}L${x + 6} ${base}Z`, fill: 'var(--muted)' });
}
