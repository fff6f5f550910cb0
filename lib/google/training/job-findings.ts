import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { unknownThroughput } from '../../core/planning/training-findings';
import { record } from '../../terraform/findings';
import { recordFlexStartPrice } from '../capacity/flex-start-price';
import type { TrainingCluster } from './training-cluster';

/** Records the findings of the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  recordFlexStartPrice(cluster, cluster.nodeGroup.capacity, plan);
  const { fileSystem } = cluster;
  if (fileSystem && fileSystem.throughputMBps === undefined) record(cluster, unknownThroughput());
}
