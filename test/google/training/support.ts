import { GoogleMachine, TrainingCluster, type TrainingClusterProps } from 'ai-infra-constructs/google';
import type { TerraformStack } from 'cdktf';
import { newStack, ZONE } from '../support';

export { objectsOf, ofKind } from '../../terraform/installed';
export { pretraining } from '../../terraform/jobs';

/** A training cluster in a separate stack. */
export function synthCluster(props: Partial<TrainingClusterProps> = {}): {
  stack: TerraformStack;
  cluster: TrainingCluster;
} {
  const stack = newStack();
  const cluster = new TrainingCluster(stack, 'Pretrain', {
    machine: GoogleMachine.A3_MEGAGPU_8G,
    zone: ZONE,
    ...(props.machine?.isTpu || props.job ? {} : { nodes: 2 }),
    ...props,
  });
  return { stack, cluster };
}
