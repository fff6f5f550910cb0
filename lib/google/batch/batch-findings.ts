import type { Construct } from 'constructs';
import type { EstimatedRun } from '../../core/planning/batch-estimate';
import { changingProgram, rateFindings, spotAlone } from '../../core/planning/batch-findings';
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
  for (const finding of rateFindings(settled.rates)) record(scope, finding);
  if (estimate) recordEstimate(scope, settled, estimate);
}

function recordImage(scope: Construct, { resolved: { image } }: SettledBatch): void {
  if (image.includes('@sha256:')) return;
  const evidence = 'https://kubernetes.io/docs/concepts/containers/images/#image-names';
  record(scope, changingProgram(image, { level: 'info', evidence }));
}

function recordCapacity(scope: Construct, { props: { capacity, machine } }: SettledBatch): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(scope, spotAlone(machine.name, { level: 'info', evidence }));
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
