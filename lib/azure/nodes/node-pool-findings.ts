import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { capacityFindings } from '../capacity/capacity-checks';
import type { AcceleratorNodePool } from './accelerator-node-pool';
import { SCALE_SET_NODES } from './node-pool-checks';
import { nodeTags } from './node-marks';
import { GpuDriver } from './node-pool-options';

/** Records the findings of a pool. */
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

/** Machines whose GPUs AKS monitors. @see https://learn.microsoft.com/en-us/azure/aks/gpu-health-monitoring#frequently-asked-questions */
const MONITORED = ['Standard_ND96asr_v4', 'Standard_ND96isr_H100_v5'];

/** Reports whether AKS monitors GPU health. It never repairs GPU faults. */
function recordHealth(pool: AcceleratorNodePool): void {
  const monitored = pool.driver === GpuDriver.AKS && MONITORED.includes(pool.machine.name);
  record(pool, {
    id: 'nodes/health',
    level: 'info',
    message: monitored
      ? 'AKS reports GPU, NVLink, and InfiniBand faults as node conditions, but repairs only nodes that are not ready.'
      : `AKS does not monitor GPU, NVLink, and InfiniBand health, because ${whyNot(pool)}. It repairs only nodes that are not ready.`,
    fix: monitored
      ? 'Monitor node conditions, and cordon and delete a faulty node, or set repairFaults on the training cluster.'
      : 'Monitor DCGM metrics, and cordon and delete a faulty node, or set repairFaults on the training cluster.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/aks/gpu-health-monitoring and https://learn.microsoft.com/en-us/azure/aks/node-auto-repair',
  });
}

function whyNot({ driver, machine }: AcceleratorNodePool): string {
  if (driver === GpuDriver.GPU_OPERATOR) return 'it monitors only GPUs with the AKS driver';
  return `it supports only ${MONITORED.join(' and ')}, not ${machine.name}`;
}

function recordScaleSet(pool: AcceleratorNodePool): void {
  const { machine, nodes } = pool;
  const { usual, raised } = SCALE_SET_NODES;
  if (!machine.infiniband || nodes <= usual) return;
  record(pool, {
    id: 'fabric/scale-set',
    level: 'warning',
    message: `${nodes} nodes exceed the default limit of ${usual} nodes in one InfiniBand fabric. Azure can raise it to ${raised}.`,
    fix: 'Request the higher limit and acknowledge this finding, or split the nodes over several pools.',
    evidence: 'https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband',
  });
}

/** Reports resources that the autoscaler cannot derive from the VM size. */
function recordFromZero(pool: AcceleratorNodePool): void {
  const tags = Object.keys(nodeTags(pool));
  if (tags.length === 0) return;
  record(pool, {
    id: 'scaling/from-zero',
    level: 'info',
    message: `The autoscaler can scale from zero only if it recognizes all resources of ${pool.machine.name}. Tags describe them as the Kubernetes autoscaler expects, but no source says that AKS reads these tags.`,
    fix: 'Test it with a short job, or keep one node running with Capacity.onDemand() in a separate group.',
    evidence: tags.join(', '),
  });
}
