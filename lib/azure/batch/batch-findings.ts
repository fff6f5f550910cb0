import type { Construct } from 'constructs';
import { rateFindings } from '../../core/planning/batch-findings';
import { record } from '../../terraform/findings';
import type { AzureMachine } from '../machine/machine';
import type { MarketRate } from './batch-rates';

/** Records what is doubtful about runs of a batch endpoint. */
export function recordBatchFindings(scope: Construct, machine: AzureMachine, rate: MarketRate): void {
  if (rate.market === 'spot') {
    record(scope, {
      id: 'spot/no-fallback',
      level: 'warning',
      message: `Runs wait for low-priority capacity of ${machine.name}, however long there is none: a cluster buys in one way.`,
      fix: 'Use Capacity.onDemand(), or acknowledge this.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-optimize-cost#low-pri-vm',
    });
  }
  for (const finding of rateFindings([rate])) record(scope, finding);
}
