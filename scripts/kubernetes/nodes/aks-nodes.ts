import { AzureMachine } from '../../../lib/azure';
import { INFINIBAND_RESOURCE, type Taint } from '../../../lib/kubernetes';
import type { Hardware } from './allocatable';
import type { TerraformStackFile } from './gke-nodes';
import { DOMAIN_CHANNEL } from './devices';
import type { NodeGroup } from './node-group';

/** Machines of system nodes. Source: Azure, D family of general purpose sizes; read 2026-11-27. */
const SYSTEM_MACHINES: Readonly<Record<string, Hardware>> = {
  Standard_D4ds_v5: { vcpus: 4, memoryGiB: 16 },
  Standard_D8ds_v5: { vcpus: 8, memoryGiB: 32 },
};

interface Pool {
  readonly name: string;
  readonly vm_size: string;
  readonly node_count?: number;
  readonly min_count?: number;
  readonly max_count?: number;
  readonly node_labels?: Readonly<Record<string, string>>;
  readonly node_taints?: readonly string[];
  readonly priority?: string;
}

interface AzapiResource {
  readonly type: string;
  readonly name: string;
  readonly body: {
    readonly properties: {
      readonly vmSize: string;
      readonly count?: number;
      readonly minCount?: number;
      readonly maxCount?: number;
      readonly nodeLabels?: Readonly<Record<string, string>>;
      readonly nodeTaints?: readonly string[];
      readonly scaleSetPriority?: string;
    };
  };
}

/** Returns the node pools of a stack, with the labels and taints that AKS adds. */
export function aksNodeGroups({ resource }: TerraformStackFile): NodeGroup[] {
  const clusters = Object.values(resource.azurerm_kubernetes_cluster ?? {});
  const system = clusters.map((cluster) => (cluster as { default_node_pool: Pool }).default_node_pool);
  const pools = Object.values(resource.azurerm_kubernetes_cluster_node_pool ?? {}) as Pool[];
  const others = Object.values(resource.azapi_resource ?? {}) as AzapiResource[];
  const byAzapi = others.filter(({ type }) => type.includes('/agentPools@')).map(poolOf);
  return [...system, ...pools, ...byAzapi].map((pool) => {
    const { name, vm_size: machine, node_count: count, min_count: min, max_count: max } = pool;
    const spot = pool.priority === 'Spot';
    const nodes = count ?? min ?? 0;
    return {
      name,
      machine,
      nodes,
      maxNodes: max ?? nodes,
      hardware: hardwareOf(machine),
      resources: resourcesOf(machine),
      labels: {
        ...{
          agentpool: name,
          'kubernetes.azure.com/agentpool': name,
          'topology.kubernetes.io/zone': 'swedencentral-1',
        },
        ...(spot && { [SPOT.key]: 'spot' }),
        ...pool.node_labels,
      },
      ...driversOf(machine),
      taints: uniqueTaints([...(pool.node_taints ?? []).map(taintOf), ...(spot ? [SPOT] : [])]),
    };
  });
}

/** A pool with an image that azurerm does not support. */
function poolOf({ name, body: { properties } }: AzapiResource): Pool {
  const { vmSize, count, minCount, maxCount, nodeLabels, nodeTaints, scaleSetPriority } = properties;
  return {
    ...{ name, vm_size: vmSize, node_count: count, min_count: minCount, max_count: maxCount },
    ...{ node_labels: nodeLabels, node_taints: nodeTaints, priority: scaleSetPriority },
  };
}

/** The architecture of a machine, and the channels of a machine whose NVLink spans nodes. */
function driversOf(name: string): Pick<NodeGroup, 'arch' | 'devices'> {
  const machine = machineOf(name);
  return machine ? { arch: machine.spec.arch, devices: machine.rackMachines > 1 ? [DOMAIN_CHANNEL] : [] } : {};
}

/** @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const SPOT: Taint = { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot', effect: 'NoSchedule' };

function hardwareOf(machine: string): Hardware {
  const system = SYSTEM_MACHINES[machine];
  if (system) return system;
  const { vcpus, memoryGiB } = machineOf(machine)!.spec;
  return { vcpus, memoryGiB };
}

function machineOf(name: string): AzureMachine | undefined {
  return AzureMachine.all.find((machine) => machine.name === name);
}

function resourcesOf(name: string): Record<string, string> {
  const machine = machineOf(name);
  if (!machine) return {};
  const { spec, chip, infiniband } = machine;
  return {
    [chip.vendor === 'AMD' ? 'amd.com/gpu' : 'nvidia.com/gpu']: String(Math.ceil(spec.accelerators)),
    ...(infiniband && { [INFINIBAND_RESOURCE]: String(infiniband.links) }),
  };
}

function taintOf(text: string): Taint {
  const [, key = '', value, effect] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text)!;
  return { key, value, effect: effect as Taint['effect'] };
}

function uniqueTaints(taints: readonly Taint[]): Taint[] {
  return [...new Map(taints.map((taint) => [`${taint.key}:${taint.effect}`, taint])).values()];
}
