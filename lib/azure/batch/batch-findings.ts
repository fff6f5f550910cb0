import type { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import type { AzureMachine } from '../machine/machine';
import type { MarketRate } from './batch-rates';

/** Records what is doubtful about runs of a batch endpoint. */
export function recordBatchFindings(scope: Construct, machine: AzureMachine, rate: MarketRate): void {
  const { market, usdPerHour, stale, date, reason = '', source = '' } = rate;
  if (market === 'spot') {
    record(scope, {
      id: 'spot/no-fallback',
      level: 'warning',
      message: `Runs wait for low-priority capacity of ${machine.name}, however long there is none: a cluster buys in one way.`,
      fix: 'Use Capacity.onDemand(), or acknowledge this.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-optimize-cost#low-pri-vm',
    });
  }
  if (usdPerHour === undefined) {
    record(scope, {
      id: 'batch/unpriced-market',
      level: 'warning',
      message: `What a run costs on ${market} machines cannot be told: ${reason}.`,
      fix: 'State the price in prices, or acknowledge this.',
      evidence: 'the table of prices',
    });
  } else if (stale) {
    record(scope, {
      id: 'cost/price',
      level: 'info',
      message: `The ${market} price that estimates take is ${date === undefined ? 'undated' : `of ${date}`}.`,
      fix: 'State the price of today in prices.',
      evidence: source,
    });
  }
}
