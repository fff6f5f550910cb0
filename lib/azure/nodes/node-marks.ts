import { DRA_AGENT_LABEL, INFINIBAND_RESOURCE, OPERANDS_LABEL, POOL_LABEL, type Taint } from '../../kubernetes';
import { AzureMarket, type Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import { GpuDriver } from './node-pool-options';

/** Attributes that determine labels, taints, and tags of nodes. */
export interface MarkedNodes {
  readonly name: string;
  readonly machine: AzureMachine;
  readonly capacity: Capacity;
  readonly driver: GpuDriver;
}

/** Label and taint that AKS adds to spot nodes. They are set explicitly so that no plan removes them. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const SPOT = { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot' } as const;

/** The labels of the nodes of a pool. */
export function nodeLabels({ name, machine, capacity, driver }: MarkedNodes): Readonly<Record<string, string>> {
  return {
    [POOL_LABEL]: name,
    ...(capacity.market === AzureMarket.SPOT ? { [SPOT.key]: SPOT.value } : {}),
    ...(driver === GpuDriver.AKS ? { [OPERANDS_LABEL]: 'false' } : {}),
    ...(spansNodes(machine) ? { [DRA_AGENT_LABEL]: 'true' } : {}),
  };
}

/** Taints that reserve the nodes for accelerator workloads. */
export function nodeTaints({ machine, capacity }: Pick<MarkedNodes, 'machine' | 'capacity'>): Required<Taint>[] {
  const effect = 'NoSchedule' as const;
  return [
    { key: acceleratorResource(machine), value: 'present', effect },
    ...(capacity.market === AzureMarket.SPOT ? [{ ...SPOT, effect }] : []),
  ];
}

/** Kubernetes resource name of one accelerator. */
export function acceleratorResource({ chip }: AzureMachine): string {
  return chip.vendor === 'AMD' ? 'amd.com/gpu' : NVIDIA;
}

/** Whether NVLink connects accelerators of several machines. */
export function spansNodes({ rackMachines }: AzureMachine): boolean {
  return rackMachines > 1;
}

/** Tag prefix that the Kubernetes cluster autoscaler reads from a scale set. `/` becomes `_`. Source: kubernetes/autoscaler, cloudprovider/azure; read 2026-11. */
const RESOURCE_TAG = 'k8s.io_cluster-autoscaler_node-template_resources_';

/**
 * Tags that describe the resources of a node to the autoscaler, for scale from zero. The autoscaler derives only NVIDIA GPUs from the VM size.
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
