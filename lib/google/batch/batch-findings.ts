import type { Construct } from 'constructs';
import type { EstimatedRun } from '../../core/planning/batch-estimate';
import { record } from '../../terraform/findings';
import type { BatchMarket, SettledBatch } from './settled-batch';

/** Records what is doubtful about a workflow. */
export function recordBatchFindings(
  scope: Construct,
  settled: SettledBatch,
  estimate: EstimatedRun<BatchMarket> | undefined,
): void {
  recordImage(scope, settled);
  recordCapacity(scope, settled);
  recordPrices(scope, settled);
  if (estimate) recordEstimate(scope, settled, estimate);
}

function recordImage(scope: Construct, { resolved: { image } }: SettledBatch): void {
  if (image.includes('@sha256:')) return;
  record(scope, {
    id: 'image/mutable',
    level: 'info',
    message: `${image} is named by a tag: a rerun may finish with another program than the run that began.`,
    fix: 'Name it by its digest, …@sha256:…, or acknowledge this.',
    evidence: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  });
}

function recordCapacity(scope: Construct, { props: { capacity, machine } }: SettledBatch): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(scope, {
      id: 'spot/no-fallback',
      level: 'info',
      message: `Shards wait for spot capacity of ${machine.name}, however long there is none.`,
      fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }), or acknowledge this.',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms',
    });
  }
  if (capacity.market !== 'reservation') return;
  record(scope, {
    id: 'scaling/standing-nodes',
    level: 'warning',
    message: 'Runs come and go, and the machines of a reservation stand: they cost as much while nothing runs.',
    fix: 'Use capacity that is paid only while it runs, or acknowledge this.',
    evidence: 'the reservation, which is paid used or not',
  });
}

function recordPrices(scope: Construct, { rates }: SettledBatch): void {
  for (const { market, usdPerHour, stale, date, reason = '', source = '' } of rates) {
    if (usdPerHour === undefined) {
      record(scope, {
        id: 'batch/unpriced-market',
        level: 'warning',
        message: `The cost of ${market} machines is not estimated: ${reason}.`,
        fix: 'State the price in prices, or acknowledge this.',
        evidence: 'the table of prices',
      });
    } else if (stale) {
      record(scope, {
        id: 'cost/price',
        level: 'info',
        message: `The ${market} price that runs are estimated with is ${date === undefined ? 'undated' : `of ${date}`}.`,
        fix: 'State the price of today in prices.',
        evidence: source,
      });
    }
  }
}

function recordEstimate(
  scope: Construct,
  { props: { work }, machine }: SettledBatch,
  { hours, costs, evidence }: EstimatedRun<BatchMarket>,
): void {
  const source = `published throughput (${evidence})`;
  if (!hours) {
    record(scope, {
      id: 'evidence/no-measurement',
      level: 'info',
      message: `No published run tells the throughput of ${work!.load.model.name} on ${machine.name}: the time is not estimated.`,
      fix: 'Time one shard on one machine.',
      evidence: source,
    });
    return;
  }
  const { finishWithinHours, budgetUsd } = work!;
  if (finishWithinHours !== undefined && hours.p25 > finishWithinHours) {
    record(scope, {
      id: 'time/deadline',
      level: 'warning',
      message: `A quarter of published runs are so slow that this one takes ${hours.p25.toPrecision(3)} hours, of ${finishWithinHours}.`,
      fix: 'Give more machines, or more time.',
      evidence: source,
    });
  }
  const usd = costs[0]?.usd?.p25;
  if (budgetUsd === undefined || usd === undefined || usd <= budgetUsd) return;
  record(scope, {
    id: 'cost/budget',
    level: 'warning',
    message: `A quarter of published runs are so slow that this one costs ${Math.ceil(usd)} USD, of ${budgetUsd}.`,
    fix: 'Raise the budget, or take another machine or market.',
    evidence: source,
  });
}
