import { withConstructPath, ProblemCollector } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import {
  type KubernetesManifest,
  SHARED_CLAIM,
  sliceJob,
  trainJob,
  TRAINING_NAMESPACE,
  TRAINING_QUEUE,
  type TrainingImages,
} from '../../kubernetes';
import type { TrainJobOptions as JobOptions } from '../../kubernetes/train-job-options';
import { groupNamed, MAIN_GROUP } from '../../kubernetes/training-groups';
import { acceleratorPool } from './accelerator-pool';
import type { TrainingCluster } from './training-cluster';
import type { TrainingGroup } from './training-group';
import { imageOf } from './training-software';
import { TRAIN_JOB_OPTIONS } from '../prop-schemas';

/** Options for a job of a training cluster. By default, it uses all nodes, all slices and the image of its group. */
export interface TrainJobOptions extends JobOptions {
  /** Number of TPU slices. @default - all slices of the group */
  readonly slices?: number;
}

/** The job as a Kubernetes object: a TrainJob for GPUs, or a JobSet for TPU slices. */
export function trainJobOn(
  cluster: TrainingCluster,
  options: TrainJobOptions,
  images: TrainingImages,
): KubernetesManifest {
  assertProps(options, TRAIN_JOB_OPTIONS, { scope: cluster, name: 'options' });
  const problems = new ProblemCollector();
  const group = groupNamed(problems, cluster.groups, options.group ?? MAIN_GROUP);
  if (group) checkParts(problems, group, options);
  problems.throwIfAny(cluster);
  return withConstructPath(cluster, () => jobOn(cluster, group!, options, images));
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

/** Jobs count GPUs in nodes and TPUs in slices. */
function checkParts(problems: ProblemCollector, { machine }: TrainingGroup, options: TrainJobOptions): void {
  const [prop, unit, other] = machine.isTpu
    ? (['nodes', 'TPUs', 'slices'] as const)
    : (['slices', 'GPUs', 'nodes'] as const);
  if (options[prop] === undefined) return;
  problems.add({
    code: 'TpuTopology',
    prop,
    allowed: `undefined, because jobs on ${unit} use ${other}`,
    got: options[prop],
    fix: `Use \`${other}\`, or leave both out for the whole group.`,
  });
}
