import type { FindingId } from '../../core/findings';
import { withoutFindings } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { record } from '../../terraform/findings';
import { recordUnknownThroughput } from '../../terraform/training-findings';
import type { TrainingCluster } from './training-cluster';
import type { TrainingStorage } from './training-storage';

// What the construct knows better: where checkpoints are kept on Google Cloud, and what its node pools have recorded of their machine.
const OWN: readonly FindingId[] = ['spot/no-checkpoints', 'machine/unverified'];

/** A plan without the doubts that the cluster answers: those it tells itself, and of a file system that it sized, how fast that is. */
export function withoutAnswered(plan: TrainingPlan, storage: TrainingStorage): TrainingPlan {
  const answered: readonly FindingId[] = storage.followsNodes ? [...OWN, 'storage/checkpoint-slow'] : OWN;
  return withoutFindings(plan, answered);
}

/** Records what is doubtful about the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  recordFlexStart(cluster, plan);
  const { fileSystem } = cluster;
  if (fileSystem && fileSystem.throughputMBps === undefined) recordUnknownThroughput(cluster);
}

function recordFlexStart(cluster: TrainingCluster, { costs }: TrainingPlan): void {
  const price = costs.find(({ chosen }) => chosen)?.price;
  if (cluster.nodeGroup.capacity.market !== 'flex-start' || !price) return;
  record(cluster, {
    id: 'cost/price',
    level: 'info',
    message: 'No source has prices of flex-start: the plan takes those of on-demand, which are no lower.',
    fix: 'Give what your account pays in prices.',
    evidence: price.source,
  });
}
