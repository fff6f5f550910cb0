import type { Construct } from 'constructs';
import {
  type EstimatedRun,
  rateFindings,
  type PlannedBatchWork,
  plannedWorkFindings,
} from '../../core/planning/cost/batch-estimate';
import { record } from '../../terraform/findings';
import type { AzureMachine } from '../machine/machine';
import type { BatchMarket, MarketRate } from './batch-inference-platform';

/** A batch endpoint, for its findings. */
export interface BatchFindingInput {
  readonly machine: AzureMachine;
  readonly rate: MarketRate;
  readonly work?: PlannedBatchWork;
  readonly estimate?: EstimatedRun<BatchMarket>;
}

/** Records the findings of a batch endpoint. */
export function recordBatchFindings(scope: Construct, { machine, rate, work, estimate }: BatchFindingInput): void {
  if (rate.market === 'spot') {
    record(scope, {
      id: 'spot/no-fallback',
      level: 'warning',
      message: `Runs wait for low-priority capacity of ${machine.name} without a time limit, because a compute cluster has only one purchase option.`,
      fix: 'Use Capacity.onDemand(), or acknowledge this.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-optimize-cost#low-pri-vm',
    });
  }
  for (const finding of rateFindings([rate])) record(scope, finding);
  if (!work || !estimate) return;
  for (const finding of plannedWorkFindings(work, machine.name, estimate)) record(scope, finding);
}
