import { record } from '../../terraform/findings';
import { recordMachineFindings } from '../machine/machine-findings';
import type { AcceleratorNodePool } from './accelerator-node-pool';

/** Records what is doubtful about a pool of accelerator nodes, that no rule refuses. */
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
    message: `Google sells ${machine.name} as ${capacity.market} to projects on a list only.`,
    fix: 'Ask your account team, and acknowledge this once the project is on it.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/tpu-ironwood',
  });
}

/** Of two of Google's own tools one refuses it and the other ships it. */
function recordQueuedSlice(pool: AcceleratorNodePool): void {
  const { machine, capacity, slice } = pool;
  if (!machine.isTpu || !capacity.isQueued || slice === undefined) return;
  record(pool, {
    id: 'capacity/queued-slice',
    level: 'warning',
    message: `Sources disagree whether a pool of ${machine.name} takes flex-start and queued provisioning together.`,
    fix: 'Leave queued out, since a slice comes as a whole anyway, or prove it on one slice and acknowledge this.',
    evidence:
      'AI-Hypercomputer/xpk#900 refuses it; GoogleCloudPlatform/cluster-toolkit v1.95.0 ships gke-tpu-v6e with both',
  });
}
