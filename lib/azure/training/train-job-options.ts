import { located, Problems } from '../../core/errors';
import { demand } from '../../core/shapes';
import { type KubernetesManifest, trainJob, TRAINING_NAMESPACE, TRAINING_QUEUE } from '../../kubernetes';
import { TRAIN_JOB, type TrainJobOptions } from '../../kubernetes/train-job-options';
import { groupNamed, MAIN_GROUP } from '../../kubernetes/training-groups';
import { acceleratorPool } from './accelerator-pool';
import type { TrainingCluster } from './training-cluster';

/** The job as a Kubernetes object of the Trainer. */
export function trainJobOn(cluster: TrainingCluster, options: TrainJobOptions): KubernetesManifest {
  demand(options, TRAIN_JOB, { scope: cluster, name: 'options' });
  const { group: name = MAIN_GROUP, ...job } = options;
  const problems = new Problems();
  const group = groupNamed(problems, cluster.groups, name);
  problems.throwIfAny(cluster);
  const queued = { namespace: TRAINING_NAMESPACE, queue: TRAINING_QUEUE, pool: acceleratorPool(group!) };
  return located(cluster, () => trainJob({ ...job, ...queued }));
}
