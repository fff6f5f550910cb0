import type { TrainingPlan } from '../../core/planning/plan-training';
import { unknownThroughput } from '../../core/planning/training-findings';
import { recordPriceFindings } from '../report/recorded-workload';
import { record } from '../template/findings';
import type { TrainingCluster } from './training-cluster';

/** Records the findings of the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  recordPriceFindings(cluster, plan, cluster.nodeGroup.capacity);
  recordStorage(cluster);
}

function recordStorage({ fileSystem }: TrainingCluster): void {
  if (!fileSystem || fileSystem.throughputMBps !== undefined) return;
  record(fileSystem, unknownThroughput());
}
