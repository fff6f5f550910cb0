import { AzureMachine, TrainingCluster, type TrainingClusterProps } from 'ai-infra-constructs/azure';
import { type TerraformStack, Testing } from 'cdktf';
import { featureFor } from '../nodes/support';
import { type Json, newStack } from '../support';

export { objectsIn, objectsOf, ofKind } from '../../terraform/installed';
export { pretraining } from '../../terraform/jobs';

export const GROUP = { name: 'ml', location: 'swedencentral' };

/** Props of a cluster, with the InfiniBand feature that its machine requires. */
export function clusterProps(props: Partial<TrainingClusterProps> = {}): TrainingClusterProps {
  const { machine = AzureMachine.ND96ISR_H100_V5 } = props;
  return {
    resourceGroup: GROUP,
    machine,
    zone: '1',
    infinibandFeature: featureFor(machine),
    ...(props.job ? {} : { nodes: 2 }),
    ...props,
  };
}

/** A cluster in its own stack. */
export function synthCluster(props: Partial<TrainingClusterProps> = {}): {
  stack: TerraformStack;
  cluster: TrainingCluster;
} {
  const stack = newStack();
  return { stack, cluster: new TrainingCluster(stack, 'Pretrain', clusterProps(props)) };
}

type Resources = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** All resources of a stack, by type and address. */
export function allOf(stack: TerraformStack): Resources {
  return (JSON.parse(Testing.synth(stack)) as { resource: Resources }).resource;
}
