import { located, Problems } from '../../core/errors';
import { demand, listOf, NUMBER, oneOf, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { type KubernetesManifest, PRIORITIES, trainJob, type TrainJobProps } from '../../kubernetes';
import { groupNamed, MAIN_GROUP } from '../../kubernetes/training-groups';
import { acceleratorPool, ranksPerAccelerator } from '../nodes/accelerator-pool';
import type { TrainingCluster } from './training-cluster';
import { TRAINING_NAMESPACE, TRAINING_QUEUE } from './training-software';

/** A job of a training cluster. What is left out is the runtime's: all nodes of the group, AWS's PyTorch image. */
export interface TrainJobOptions extends Pick<TrainJobProps, 'nodes' | 'command' | 'image' | 'priority'> {
  /** Name of the job, a DNS label. */
  readonly name: string;
  /** The group whose nodes it takes. @default - the first group */
  readonly group?: string;
}

const TRAIN_JOB: Shape<TrainJobOptions> = {
  name: required(TEXT),
  group: TEXT,
  nodes: NUMBER,
  command: listOf(TEXT_OR_EMPTY),
  image: TEXT,
  priority: oneOf(Object.keys(PRIORITIES)),
};

/** The job as a Kubernetes object. */
export function trainJobOn(cluster: TrainingCluster, options: TrainJobOptions): KubernetesManifest {
  demand(options, TRAIN_JOB, { scope: cluster, name: 'options' });
  const { name, group = MAIN_GROUP, ...job } = options;
  const problems = new Problems();
  const nodes = groupNamed(problems, cluster.groups, group);
  problems.throwIfAny(cluster);
  const pool = acceleratorPool(nodes!);
  return located(cluster, () =>
    trainJob({
      ...job,
      name,
      namespace: TRAINING_NAMESPACE,
      queue: TRAINING_QUEUE,
      pool,
      ranksPerAccelerator: ranksPerAccelerator(nodes!),
    }),
  );
}
