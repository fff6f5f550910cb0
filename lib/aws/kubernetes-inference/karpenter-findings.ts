import { nothingTakesOver, reservationEnds } from '../../core/capacity-findings';
import { recordScarce, SPOT } from '../capacity/capacity-findings';
import { recordMachineFindings } from '../machine/machine-findings';
import { record } from '../template/findings';
import type { KarpenterNodes } from './karpenter-nodes';
import type { SizedInference } from './sized-inference';

/** Records what is doubtful about machines that Karpenter makes. */
export function recordKarpenterFindings(nodes: KarpenterNodes, sized: SizedInference): void {
  recordMachineFindings(nodes, sized.props.machine);
  recordImage(nodes, sized);
  recordCapacity(nodes, sized);
}

function recordImage(nodes: KarpenterNodes, { props }: SizedInference): void {
  if (props.nodes.options.imageVersion !== undefined) return;
  record(nodes, {
    id: 'nodes/latest-image',
    level: 'info',
    message:
      'Machines take the latest image of EKS: whenever AWS publishes one, each is replaced, one after the other.',
    fix: 'Name a release in ServingNodes.karpenter({ imageVersion }).',
    evidence: 'https://karpenter.sh/docs/tasks/managing-amis/',
  });
}

function recordCapacity(nodes: KarpenterNodes, { props: { capacity, machine }, machines }: SizedInference): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(nodes, nothingTakesOver(machine.name, SPOT));
  }
  recordScarce(nodes, machine, capacity);
  if (capacity.until) {
    record(nodes, reservationEnds(`${machines} ${machine.name}`, capacity.until, '; no machine comes after it'));
  }
}
