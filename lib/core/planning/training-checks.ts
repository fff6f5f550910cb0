import type { ProblemCollector } from '../errors';
import type { Finding } from '../findings';
import type { ServingPlan } from './serving/plan-serving';

/** Adds a problem for a cluster without nodes and without a job. */
export function addNodesMissing(problems: ProblemCollector): void {
  problems.add({
    code: 'ValueMissing',
    prop: 'nodes',
    allowed: 'a whole number',
    got: undefined,
    fix: 'Set nodes, or a job to size them for.',
  });
}

/** The capacity of a job, and its storage for checkpoints. */
export interface KeptCheckpoints {
  readonly capacity?: { readonly market: string; readonly isElastic: boolean };
  readonly storage: { readonly isAny: boolean };
  /** @default - no store */
  readonly checkpoints?: object;
}

/** Adds a problem if nodes of a job can be reclaimed and the job has no storage for checkpoints. */
export function checkCheckpointsKept(
  problems: ProblemCollector,
  { capacity, storage, checkpoints }: KeptCheckpoints,
): void {
  if (!capacity?.isElastic || checkpoints || storage.isAny) return;
  problems.add({
    code: 'CheckpointStoreMissing',
    prop: 'checkpoints',
    allowed: `set for a job on ${capacity.market} nodes without a file system, or it starts from the beginning whenever a node is reclaimed`,
    got: undefined,
    fix: 'Set checkpoints to a DataBucket, or leave storage out.',
  });
}

/** Adds a problem if datasets and checkpoints are the same bucket. */
export function checkTwoBuckets(
  problems: ProblemCollector,
  { datasets, checkpoints }: { readonly datasets?: object; readonly checkpoints?: object },
): void {
  if (!datasets || datasets !== checkpoints) return;
  problems.add({
    code: 'DataPath',
    prop: 'checkpoints',
    allowed: 'another bucket than datasets, which is read-only',
    got: datasets,
    fix: 'Use a separate bucket for checkpoints.',
  });
}

/** Returns a finding if a plan is above the budget. Returns `undefined` without a plan or a price. @param fewer text for the fix */
export function overBudget(plan: ServingPlan | undefined, monthlyUsd: number, fewer: string): Finding | undefined {
  const cost = plan?.costs.find(({ chosen }) => chosen);
  if (cost?.usdPerMonth === undefined || cost.usdPerMonth <= monthlyUsd) return undefined;
  return {
    id: 'cost/budget',
    level: 'warning',
    message: `The planned instances cost about ${Math.round(cost.usdPerMonth)} USD per month, more than the budget of ${monthlyUsd} USD.`,
    fix: `Raise monthlyBudgetUsd, ${fewer}, or store weights in fewer bits.`,
    evidence: cost.price?.source ?? 'the price table',
  };
}
