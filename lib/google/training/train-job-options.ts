import { located, Problems } from '../../core/errors';
import { demand, NUMBER, type Shape } from '../../core/shapes';
import {
  type KubernetesManifest,
  SHARED_CLAIM,
  sliceJob,
  trainJob,
  TRAINING_NAMESPACE,
  TRAINING_QUEUE,
  type TrainingImages,
} from '../../kubernetes';
import { TRAIN_JOB, type TrainJobOptions as JobOptions } from '../../kubernetes/train-job-options';
import { groupNamed, MAIN_GROUP } from '../../kubernetes/training-groups';
import { acceleratorPool } from './accelerator-pool';
import type { TrainingCluster } from './training-cluster';
import type { TrainingGroup } from './training-group';
import { imageOf } from './training-software';

/** A job of a training cluster. What is left out is all that the group has: its nodes, its slices, its image. */
export interface TrainJobOptions extends JobOptions {
  /** Slices of TPUs that it takes. @default - all of the group */
  readonly slices?: number;
}

const SLICE_JOB: Shape<TrainJobOptions> = { ...TRAIN_JOB, slices: NUMBER };

/** The job as a Kubernetes object: of the Trainer for GPUs, of JobSet for slices of TPUs. */
export function trainJobOn(
  cluster: TrainingCluster,
  options: TrainJobOptions,
  images: TrainingImages,
): KubernetesManifest {
  demand(options, SLICE_JOB, { scope: cluster, name: 'options' });
  const problems = new Problems();
  const group = groupNamed(problems, cluster.groups, options.group ?? MAIN_GROUP);
  if (group) checkParts(problems, group, options);
  problems.throwIfAny(cluster);
  return located(cluster, () => jobOn(cluster, group!, options, images));
}

function jobOn(cluster: TrainingCluster, group: TrainingGroup, options: TrainJobOptions, images: TrainingImages) {
  const { name, command, priority, nodes, slices, image } = options;
  const pool = acceleratorPool(group);
  const job = { name, command, priority };
  const queued = { ...job, namespace: TRAINING_NAMESPACE, queue: TRAINING_QUEUE, pool };
  if (!group.machine.isTpu) return trainJob({ ...queued, nodes, image });
  const claim = cluster.fileSystem ? SHARED_CLAIM : undefined;
  return sliceJob({ ...queued, slices, claim, image: image ?? imageOf(group, images) });
}

/** GPUs are taken by the node, TPUs by the slice. */
function checkParts(problems: Problems, { machine }: TrainingGroup, options: TrainJobOptions): void {
  const [prop, unit, other] = machine.isTpu
    ? (['nodes', 'TPUs', 'slices'] as const)
    : (['slices', 'GPUs', 'nodes'] as const);
  if (options[prop] === undefined) return;
  problems.add({
    code: 'TpuTopology',
    prop,
    allowed: `left out: jobs on ${unit} take ${other}`,
    got: options[prop],
    fix: `Give ${other}, or neither for all of the group.`,
  });
}
