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
    record(nodes, {
      id: 'spot/no-fallback',
      level: 'info',
      message: `Nothing takes over when there is no spot capacity of ${machine.name}.`,
      fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }).',
      evidence: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html',
    });
  }
  if (capacity.market === 'on-demand' && machine.spec.onDemandPriced === false) {
    record(nodes, {
      id: 'capacity/on-demand-scarce',
      level: 'warning',
      message: `No on-demand price of ${machine.name} is published: AWS sells it by reservation and capacity block.`,
      fix: 'Use Capacity.capacityBlock or Capacity.reservation.',
      evidence: `onDemandPriced in AWS_MACHINES['${machine.name}']`,
    });
  }
  if (capacity.until) {
    record(nodes, {
      id: 'capacity/expires',
      level: 'info',
      message: `The reservation of ${machines} ${machine.name} ends on ${capacity.until.toISOString().slice(0, 10)}; no machine comes after it.`,
      fix: 'Renew it before.',
      evidence: 'until of Capacity.newReservation',
    });
  }
}
