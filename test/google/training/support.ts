import { ModelSpec, TrainingJob, type TrainingJobProps } from 'ai-infra-constructs';
import { GoogleMachine, TrainingCluster, type TrainingClusterProps } from 'ai-infra-constructs/google';
import type { TerraformStack } from 'cdktf';
import type { KubernetesManifest } from '../../../lib/kubernetes';
import { evaluated } from '../../terraform/support';
import { newStack, resourcesOf, ZONE } from '../support';

/** Pre-training of a model that 16 machines with 8 H100 do in some three weeks. */
export function pretraining(props: Partial<TrainingJobProps> = {}): TrainingJob {
  return TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11, finishWithinDays: 60, ...props });
}

/** A cluster in a stack of its own. */
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

/** The Kubernetes objects that a stack installs. */
export function objectsOf(stack: TerraformStack): KubernetesManifest[] {
  const releases = Object.values(resourcesOf(stack, 'helm_release')) as { chart: string; values: [string] }[];
  return releases
    .filter(({ chart }) => chart.includes('path.module'))
    .flatMap(({ values: [text] }) => (JSON.parse(evaluated(text)) as { objects: KubernetesManifest[] }).objects);
}

/** Those of a kind, by their names. */
export function ofKind(objects: readonly KubernetesManifest[], kind: string): Record<string, KubernetesManifest> {
  return Object.fromEntries(objects.filter((one) => one.kind === kind).map((one) => [one.metadata.name, one]));
}
