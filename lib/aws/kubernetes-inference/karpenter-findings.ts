import { noFallback, reservationEnds } from '../../core/capacity-findings';
import { recordScarce, SPOT } from '../capacity/capacity-findings';
import { recordMachineFindings } from '../machine/machine-findings';
import { record } from '../template/findings';
import type { KarpenterNodes } from './karpenter-nodes';
import type { ResolvedInference } from './resolved-inference';

/** Records the findings of Karpenter nodes. */
export function recordKarpenterFindings(nodes: KarpenterNodes, sized: ResolvedInference): void {
  recordMachineFindings(nodes, sized.props.machine);
  recordImage(nodes, sized);
  recordCapacity(nodes, sized);
}

function recordImage(nodes: KarpenterNodes, { props }: ResolvedInference): void {
  if (props.nodes.options.imageVersion !== undefined) return;
  record(nodes, {
    id: 'nodes/latest-image',
    level: 'info',
    message: 'Nodes use the latest EKS image. Whenever AWS publishes one, Karpenter replaces all nodes one by one.',
    fix: 'Pin a release with ServingNodes.karpenter({ imageVersion }).',
    evidence: 'https://karpenter.sh/docs/tasks/managing-amis/',
  });
}

function recordCapacity(nodes: KarpenterNodes, { props: { capacity, machine }, machines }: ResolvedInference): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(nodes, noFallback(machine.name, SPOT));
  }
  recordScarce(nodes, machine, capacity);
  if (capacity.until) {
    record(nodes, reservationEnds(`${machines} ${machine.name}`, capacity.until, '; no node starts after it'));
  }
}
