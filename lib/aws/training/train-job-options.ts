import { withConstructPath, ProblemCollector } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import { type KubernetesManifest, trainJob } from '../../kubernetes';
import type { TrainJobOptions } from '../../kubernetes/train-job';
import { groupNamed, MAIN_GROUP } from '../../kubernetes/training-objects';
import { acceleratorPool, ranksPerAccelerator } from '../nodes/accelerator-pool';
import type { TrainingCluster } from './training-cluster';
import { TRAINING_NAMESPACE, TRAINING_QUEUE } from '../../kubernetes/training-runtime';
import { TRAIN_JOB_OPTIONS } from '../../kubernetes/prop-schemas';

/** Creates the Kubernetes object of a training job. */
export function trainJobOn(cluster: TrainingCluster, options: TrainJobOptions): KubernetesManifest {
  assertProps(options, TRAIN_JOB_OPTIONS, { scope: cluster, name: 'options' });
  const { name, group = MAIN_GROUP, ...job } = options;
  const problems = new ProblemCollector();
  const nodes = groupNamed(problems, cluster.groups, group);
  problems.throwIfAny(cluster);
  const pool = acceleratorPool(nodes!);
  return withConstructPath(cluster, () =>
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
