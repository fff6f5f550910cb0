import type { Construct } from 'constructs';
import type { EstimatedRun } from '../../core/planning/batch-estimate';
import { changingProgram, rateFindings, spotAlone } from '../../core/planning/batch-findings';
import { plannedWorkFindings } from '../../core/planning/planned-batch-work';
import { record } from '../../terraform/findings';
import type { BatchMarket, ResolvedBatch } from './resolved-batch';

/** Records the findings of a workflow. */
export function recordBatchFindings(
  scope: Construct,
  resolved: ResolvedBatch,
  estimate: EstimatedRun<BatchMarket> | undefined,
): void {
  recordImage(scope, resolved);
  recordCapacity(scope, resolved);
  for (const finding of rateFindings(resolved.rates)) record(scope, finding);
  const { work } = resolved.props;
  if (!work || !estimate) return;
  for (const finding of plannedWorkFindings(work, resolved.machine.name, estimate)) record(scope, finding);
}

function recordImage(scope: Construct, { server: { image } }: ResolvedBatch): void {
  if (image.includes('@sha256:')) return;
  const evidence = 'https://kubernetes.io/docs/concepts/containers/images/#image-names';
  record(scope, changingProgram(image, { level: 'info', evidence }));
}

function recordCapacity(scope: Construct, { props: { capacity, machine } }: ResolvedBatch): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(scope, spotAlone(machine.name, { level: 'info', evidence }));
  }
  if (capacity.market !== 'reservation') return;
  record(scope, {
    id: 'scaling/fixed-nodes',
    level: 'warning',
    message: 'The machines of a reservation are billed at all times, even when no run needs them.',
    fix: 'Use capacity that is billed only while it runs, or acknowledge this.',
    evidence: 'the reservation, which is billed at all times',
  });
}
