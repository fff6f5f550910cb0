import { record } from '../../terraform/findings';
import { recordMachineFindings } from '../machine/machine-findings';
import type { AcceleratorNodePool } from './accelerator-node-pool';

/** Records the findings of a pool of accelerator nodes. */
export function recordNodePoolFindings(pool: AcceleratorNodePool): void {
  recordMachineFindings(pool, pool.machine, pool.zone);
  recordAllowlist(pool);
  recordQueuedSlice(pool);
}

function recordAllowlist(pool: AcceleratorNodePool): void {
  const { machine, capacity } = pool;
  if (!machine.spec.allowlisted?.includes(capacity.market)) return;
  record(pool, {
    id: 'capacity/allowlist',
    level: 'warning',
    message: `Google offers ${machine.name} as ${capacity.market} only to projects on an allowlist.`,
    fix: 'Ask your account team, and acknowledge this finding after the project is on the allowlist.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/tpu-ironwood',
  });
}

/** Of two tools from Google, one rejects this combination and the other uses it. */
function recordQueuedSlice(pool: AcceleratorNodePool): void {
  const { machine, capacity, slice } = pool;
  if (!machine.isTpu || !capacity.isQueued || slice === undefined) return;
  record(pool, {
    id: 'capacity/queued-slice',
    level: 'warning',
    message: `Sources disagree whether a node pool of ${machine.name} supports flex-start with queued provisioning.`,
    fix: 'Remove `queued`, because a slice scales as a whole anyway, or test it on one slice and acknowledge this finding.',
    evidence:
      'AI-Hypercomputer/xpk#900 rejects it; GoogleCloudPlatform/cluster-toolkit v1.95.0 has gke-tpu-v6e with both',
  });
}
