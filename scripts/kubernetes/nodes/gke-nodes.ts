import { GoogleMachine } from '../../../lib/google';
import type { Taint } from '../../../lib/kubernetes';
import type { Hardware } from './allocatable';
import { DOMAIN_CHANNEL } from './devices';
import type { NodeGroup } from './node-group';

/** Stack of CDK for Terraform. */
export interface TerraformStackFile {
  readonly resource: Readonly<Record<string, Readonly<Record<string, object>> | undefined>>;
}

interface NodePool {
  readonly name: string;
  readonly node_locations?: readonly string[];
  readonly node_count?: number;
  readonly initial_node_count?: number;
  readonly autoscaling?: { readonly max_node_count?: number; readonly total_max_node_count?: number };
  readonly placement_policy?: { readonly tpu_topology?: string; readonly policy_name?: string };
  readonly queued_provisioning?: object;
  readonly node_config: {
    readonly machine_type: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly taint?: readonly { readonly key: string; readonly value: string; readonly effect: keyof typeof EFFECTS }[];
    readonly spot?: boolean;
    readonly linux_node_config?: { readonly hugepages_config?: { readonly hugepage_size_2m?: number } };
  };
}

interface ResourcePolicy {
  readonly workload_policy?: { readonly accelerator_topology?: string };
}

/** Machines of system nodes. Source: Compute Engine, general-purpose machine family; read 2026-11-27. */
const SYSTEM_MACHINES: Readonly<Record<string, Hardware>> = {
  'n2-standard-4': { vcpus: 4, memoryGiB: 16 },
  'n2-standard-8': { vcpus: 8, memoryGiB: 32 },
};

const EFFECTS = { NO_SCHEDULE: 'NoSchedule', PREFER_NO_SCHEDULE: 'PreferNoSchedule', NO_EXECUTE: 'NoExecute' } as const;

/** Returns the node pools of a stack, with the labels and taints that GKE adds. */
export function gkeNodeGroups({ resource }: TerraformStackFile): NodeGroup[] {
  const pools = Object.values(resource.google_container_node_pool ?? {}) as NodePool[];
  return pools.map((pool) => {
    const { node_config: config, autoscaling, name } = pool;
    // A pool of a region counts its nodes in each of three zones.
    const zones = pool.node_locations?.length ?? 3;
    const nodes = (pool.node_count ?? pool.initial_node_count ?? 0) * zones;
    const machine = config.machine_type;
    const given = (config.taint ?? []).map(({ key, value, effect }) => ({ key, value, effect: EFFECTS[effect] }));
    return {
      name,
      machine,
      nodes,
      maxNodes: autoscaling?.total_max_node_count ?? (autoscaling?.max_node_count ?? 0) * zones,
      hardware: hardwareOf(machine),
      resources: { ...resourcesOf(machine), ...hugepagesOf(pool) },
      labels: {
        'cloud.google.com/gke-nodepool': name,
        'topology.kubernetes.io/zone': 'us-central1-b',
        ...(config.spot && { 'cloud.google.com/gke-spot': 'true' }),
        ...acceleratorLabels(machine, topologyOf(pool, resource)),
        ...config.labels,
      },
      taints: uniqueTaints([...given, ...addedTaints(machine, pool.queued_provisioning !== undefined)]),
      place: placeOf(machine, name),
      ...driversOf(machine),
    };
  });
}

function hardwareOf(machine: string): Hardware {
  const system = SYSTEM_MACHINES[machine];
  if (system) return system;
  const { vcpus, memoryGB } = machineOf(machine)!.spec;
  return { vcpus: vcpus!, memoryGiB: memoryGB! };
}

function machineOf(name: string): GoogleMachine | undefined {
  return GoogleMachine.all.find((machine) => machine.name === name);
}

function resourcesOf(name: string): Record<string, string> {
  const machine = machineOf(name);
  if (!machine) return {};
  const accelerators = String(Math.ceil(machine.spec.accelerators));
  return machine.isTpu ? { 'google.com/tpu': accelerators } : { 'nvidia.com/gpu': accelerators };
}

/** The huge pages that the nodes of a pool reserve. */
function hugepagesOf({ node_config: { linux_node_config: config } }: NodePool): Record<string, string> {
  const pages = config?.hugepages_config?.hugepage_size_2m;
  return pages === undefined ? {} : { 'hugepages-2Mi': `${2 * pages}Mi` };
}

/** The topology of the slice of a pool: in the pool, or in the workload policy that it names. */
function topologyOf({ placement_policy: placement }: NodePool, resource: TerraformStackFile['resource']) {
  const [, id = ''] = /^\$\{google_compute_resource_policy\.(\w+)\./.exec(placement?.policy_name ?? '') ?? [];
  const policy = resource.google_compute_resource_policy?.[id] as ResourcePolicy | undefined;
  return placement?.tpu_topology ?? policy?.workload_policy?.accelerator_topology;
}

/** The architecture of a machine, the channels of a machine whose NVLink spans nodes, and the interfaces of DRANET. */
function driversOf(name: string): Pick<NodeGroup, 'arch' | 'devices'> {
  const machine = machineOf(name);
  if (!machine) return {};
  const { arch, deviceClaim, placement } = machine.spec;
  const dranet = deviceClaim && { driver: 'dra.net', ...deviceClaim };
  return { arch, devices: [...(placement === '1x72' ? [DOMAIN_CHANNEL] : []), ...(dranet ? [dranet] : [])] };
}

/** @see https://cloud.google.com/kubernetes-engine/docs/concepts/tpus#node-selector */
function acceleratorLabels(name: string, topology: string | undefined): Record<string, string> {
  const machine = machineOf(name);
  if (!machine) return {};
  const { acceleratorLabel } = machine.spec;
  if (!machine.isTpu) return { 'cloud.google.com/gke-accelerator': acceleratorLabel };
  return {
    'cloud.google.com/gke-tpu-accelerator': acceleratorLabel,
    // A pool of single machines has no placement policy, and the topology of one machine.
    'cloud.google.com/gke-tpu-topology': topology ?? singleTopology(machine),
  };
}

function singleTopology({ spec }: GoogleMachine): string {
  return { 1: '1x1', 4: '2x2', 8: '2x4' }[spec.accelerators] ?? '1x1';
}

/** @see https://cloud.google.com/kubernetes-engine/docs/concepts/gpus */
function addedTaints(name: string, queued: boolean): Taint[] {
  const machine = machineOf(name);
  if (!machine) return [];
  const effect = 'NoSchedule' as const;
  return [
    // GKE also adds this taint to the nodes of arm64 machines: docs/concepts/arm-on-gke.
    ...(machine.spec.arch === 'arm64' ? [{ key: 'kubernetes.io/arch', value: 'arm64', effect }] : []),
    { key: machine.isTpu ? 'google.com/tpu' : 'nvidia.com/gpu', value: 'present', effect },
    ...(queued ? [{ key: 'cloud.google.com/gke-queued', value: 'true', effect }] : []),
  ];
}

function uniqueTaints(taints: readonly Taint[]): Taint[] {
  return [...new Map(taints.map((taint) => [`${taint.key}:${taint.effect}`, taint])).values()];
}

/** Two nodes share a sub-block. @see https://cloud.google.com/ai-hypercomputer/docs/workloads/schedule-gke-workloads-tas */
function placeOf(name: string, pool: string): NodeGroup['place'] {
  if (!machineOf(name)?.spec.transport) return undefined;
  const label = (level: string) => `cloud.google.com/gce-topology-${level}`;
  return (index) => ({
    [label('block')]: 'block-0',
    [label('subblock')]: `subblock-${Math.floor(index / 2)}`,
    [label('host')]: `host-${pool}-${index}`,
  });
}
