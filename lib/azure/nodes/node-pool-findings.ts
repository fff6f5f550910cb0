import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { capacityFindings } from '../capacity/capacity-checks';
import type { AcceleratorNodePool } from './accelerator-node-pool';
import { SCALE_SET_NODES } from './node-pool-checks';
import { nodeTags } from './node-marks';
import { GpuDriver } from './node-pool-options';

/** Records what is doubtful about a pool. */
export function recordNodeFindings(pool: AcceleratorNodePool): void {
  const { machine, capacity } = pool;
  for (const finding of capacityFindings(machine, capacity)) record(pool, finding);
  recordHealth(pool);
  recordScaleSet(pool);
  recordFromZero(pool);
  if (machine.spec.unverified === undefined) return;
  const fix = `Check them with \`az vm list-skus --size ${machine.name}\` before you rely on them.`;
  const evidence = `table of Azure machines, row ${machine.name}`;
  record(pool, unreadFigures(machine.name, machine.spec.unverified, fix, evidence));
}

/** Sizes whose GPUs AKS looks at. @see https://learn.microsoft.com/en-us/azure/aks/gpu-health-monitoring#frequently-asked-questions */
const LOOKED_AT = ['Standard_ND96asr_v4', 'Standard_ND96isr_H100_v5'];

/** What sees faults of GPUs, and that nothing mends them. */
function recordHealth(pool: AcceleratorNodePool): void {
  const looked = pool.driver === GpuDriver.AKS && LOOKED_AT.includes(pool.machine.name);
  record(pool, {
    id: 'nodes/health',
    level: 'info',
    message: looked
      ? 'AKS marks nodes with faults of GPUs, NVLink and InfiniBand by conditions, and repairs none of them for it: only nodes that are not ready.'
      : `${whyBlind(pool)}, so that AKS does not look for faults of GPUs, NVLink and InfiniBand; it repairs nodes that are not ready.`,
    fix: looked
      ? 'Watch the conditions of nodes, and cordon and delete a node with faults, or set repairFaults of the training cluster.'
      : 'Watch the metrics of DCGM, and cordon and delete a node with faults, or set repairFaults of the training cluster.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/aks/gpu-health-monitoring and https://learn.microsoft.com/en-us/azure/aks/node-auto-repair',
  });
}

function whyBlind({ driver, machine }: AcceleratorNodePool): string {
  if (driver === GpuDriver.GPU_OPERATOR) return 'The driver is not that of AKS';
  return `${machine.name} is none of ${LOOKED_AT.join(' and ')}`;
}

function recordScaleSet(pool: AcceleratorNodePool): void {
  const { machine, nodes } = pool;
  const { usual, raised } = SCALE_SET_NODES;
  if (!machine.infiniband || nodes <= usual) return;
  record(pool, {
    id: 'fabric/scale-set',
    level: 'warning',
    message: `${nodes} nodes share one InfiniBand fabric: a scale set of one placement group has ${usual}, and up to ${raised} where Azure raises it.`,
    fix: 'Ask Azure for the raised limit and acknowledge this, or spread the nodes over several pools.',
    evidence: 'https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband',
  });
}

/** Nodes that no node of the pool shows to the autoscaler. */
function recordFromZero(pool: AcceleratorNodePool): void {
  const told = Object.keys(nodeTags(pool));
  if (told.length === 0) return;
  record(pool, {
    id: 'scaling/from-zero',
    level: 'info',
    message: `Nodes come from none only where the autoscaler knows what ${pool.machine.name} brings beside its size: it is told by tags, as that of Kubernetes reads them, and no source says that AKS does, too.`,
    fix: 'Try it out with a short job, or hold one node with Capacity.onDemand() in a group of its own.',
    evidence: told.join(', '),
  });
}
