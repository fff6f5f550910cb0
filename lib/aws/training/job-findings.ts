import { Stack, Token } from 'aws-cdk-lib';
import type { FindingId } from '../../core/findings';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { record } from '../template/findings';
import type { TrainingCluster } from './training-cluster';
import type { TrainingStorage } from './training-storage';

// What the construct knows better: where checkpoints are kept on AWS, and what its node groups have recorded of their machine.
const OWN: readonly FindingId[] = ['spot/no-checkpoints', 'machine/unverified'];

/** A plan without the doubts that the cluster answers: those it tells itself, and of a file system that it sized, how fast that is. */
export function withoutAnswered(plan: TrainingPlan, storage: TrainingStorage): TrainingPlan {
  const answered: readonly FindingId[] = storage.followsNodes ? [...OWN, 'storage/checkpoint-slow'] : OWN;
  const findings = Object.freeze(plan.findings.filter(({ id }) => !answered.includes(id)));
  return Object.freeze({ ...plan, findings });
}

/** Records what is doubtful about the job of a cluster. */
export function recordJobFindings(cluster: TrainingCluster, plan: TrainingPlan): void {
  for (const finding of plan.findings) record(cluster, finding);
  recordRegion(cluster, plan);
  recordBlock(cluster, plan);
  recordStorage(cluster);
}

function recordRegion(cluster: TrainingCluster, { cluster: { region }, costs }: TrainingPlan): void {
  const price = costs.find(({ chosen }) => chosen)?.price;
  if (!Token.isUnresolved(Stack.of(cluster).region) || region === undefined || !price) return;
  record(cluster, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment: the plan takes prices of ${region}.`,
    fix: 'State env.region of the stack.',
    evidence: price.source,
  });
}

/** The table has prices of terms of years, and a block is of days. */
function recordBlock(cluster: TrainingCluster, { costs }: TrainingPlan): void {
  const price = costs.find(({ chosen }) => chosen)?.price;
  if (cluster.nodeGroup.capacity.market !== 'capacity-block' || price?.termYears === undefined) return;
  record(cluster, {
    id: 'cost/price',
    level: 'warning',
    message: `The price is that of a commitment of ${price.termYears} years, and a capacity block is paid up front.`,
    fix: "Give what the block costs an hour in prices, of the market 'committed'.",
    evidence: price.source,
  });
}

function recordStorage({ fileSystem }: TrainingCluster): void {
  if (!fileSystem || fileSystem.throughputMBps !== undefined) return;
  record(fileSystem, {
    id: 'storage/unknown-throughput',
    level: 'info',
    message:
      'What the file system reads and writes is not known: the plan takes it as fast and as large as the job needs.',
    fix: 'State throughputMBps in LustreFileSystem.fromAttributes.',
    evidence: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/performance.html',
  });
}
