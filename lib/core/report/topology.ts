import type { ReportFlow, ReportPeer, ReportTopology } from './document';
import { times } from './format';
import { fabricText, nodesFrame } from './node-frame';
import { peersRow } from './peers';
import { picture } from './svg';

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
function peersOf({
  clients,
  stores,
}: ReportTopology): readonly (ReportPeer & { readonly kind: 'clients' | 'store' })[] {
  return [
    ...(clients ? [{ ...clients, kind: 'clients' as const }] : []),
    ...stores.map((store) => ({ ...store, kind: 'store' as const })),
  ];
}

function flowWords({ direction, text }: ReportFlow): string {
  return `${direction === 'read' ? 'the machines read' : 'the machines write'} ${text}`;
}
