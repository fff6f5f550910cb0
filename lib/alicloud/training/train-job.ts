import { ProblemCollector, withConstructPath } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import { type KubernetesManifest, TRAINING_NAMESPACE, TRAINING_QUEUE, trainJob } from '../../kubernetes';
import { TRAIN_JOB_OPTIONS } from '../../kubernetes/prop-schemas';
import type { TrainJobOptions } from '../../kubernetes/train-job';
import { groupNamed, MAIN_GROUP } from '../../kubernetes/training-objects';
import { acceleratorPool } from '../nodes/accelerator-pool';
import type { TrainingCluster } from './training-cluster';

/** Returns the `TrainJob` manifest of a job. */
export function trainJobOn(cluster: TrainingCluster, options: TrainJobOptions): KubernetesManifest {
  assertProps(options, TRAIN_JOB_OPTIONS, { scope: cluster, name: 'options' });
  const { group: name = MAIN_GROUP, ...job } = options;
  const problems = new ProblemCollector();
  const group = groupNamed(problems, cluster.groups, name);
  problems.throwIfAny(cluster);
  const target = { namespace: TRAINING_NAMESPACE, queue: TRAINING_QUEUE, pool: acceleratorPool(group!) };
  return withConstructPath(cluster, () => trainJob({ ...job, ...target }));
}
