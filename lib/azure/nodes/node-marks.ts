import { DRA_AGENT_LABEL, INFINIBAND_RESOURCE, OPERANDS_LABEL, POOL_LABEL, type Taint } from '../../kubernetes';
import type { Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import { GpuDriver } from './node-pool-options';

/** What decides the marks of nodes. */
export interface MarkedNodes {
  readonly name: string;
  readonly machine: AzureMachine;
  readonly capacity: Capacity;
  readonly driver: GpuDriver;
}

/** AKS puts both on spot nodes by itself: stated, so that no plan takes them away. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const SPOT = { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot' } as const;

/** The labels of the nodes of a pool. */
export function nodeLabels({ name, machine, capacity, driver }: MarkedNodes): Readonly<Record<string, string>> {
  return {
    [POOL_LABEL]: name,
    ...(capacity.market === 'spot' ? { [SPOT.key]: SPOT.value } : {}),
    ...(driver === GpuDriver.AKS ? { [OPERANDS_LABEL]: 'false' } : {}),
    ...(spansNodes(machine) ? { [DRA_AGENT_LABEL]: 'true' } : {}),
  };
}

/** What keeps pods off that are no jobs. */
export function nodeTaints({ machine, capacity }: Pick<MarkedNodes, 'machine' | 'capacity'>): Required<Taint>[] {
  const effect = 'NoSchedule' as const;
  return [
    { key: acceleratorResource(machine), value: 'present', effect },
    ...(capacity.market === 'spot' ? [{ ...SPOT, effect }] : []),
  ];
}

/** The extended resource of one accelerator. */
export function acceleratorResource({ chip }: AzureMachine): string {
  return chip.vendor === 'AMD' ? 'amd.com/gpu' : NVIDIA;
}

/** Whether NVLink joins accelerators of several machines. */
export function spansNodes({ rackMachines }: AzureMachine): boolean {
  return rackMachines > 1;
}

/** As the cluster autoscaler of Kubernetes reads it from a scale set; `/` is written `_`. Source: kubernetes/autoscaler, cloudprovider/azure; read 2026-11. */
const RESOURCE_TAG = 'k8s.io_cluster-autoscaler_node-template_resources_';

/**
 * What tells an autoscaler of a pool without nodes what a node would bring: it knows GPUs of NVIDIA by the size, and nothing that an agent
 * counts.
 */
export function nodeTags({
  machine,
  capacity,
}: Pick<MarkedNodes, 'machine' | 'capacity'>): Readonly<Record<string, string>> {
  if (!capacity.isElastic) return {};
  const resource = acceleratorResource(machine);
  const counted = {
    ...(machine.infiniband && { [INFINIBAND_RESOURCE]: machine.infiniband.links }),
    ...(resource !== NVIDIA && { [resource]: machine.spec.accelerators }),
  };
  const tags = Object.entries(counted).map(([name, count]) => [
    RESOURCE_TAG + name.replaceAll('/', '_'),
    String(count),
  ]);
  return Object.fromEntries(tags) as Record<string, string>;
}

const NVIDIA = 'nvidia.com/gpu';
