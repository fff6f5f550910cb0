import { GoogleMachine } from '../../../lib/google';
import type { Taint } from '../../../lib/kubernetes';
import type { Hardware } from './allocatable';
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
  readonly placement_policy?: { readonly tpu_topology?: string };
  readonly queued_provisioning?: object;
  readonly node_config: {
    readonly machine_type: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly taint?: readonly { readonly key: string; readonly value: string; readonly effect: keyof typeof EFFECTS }[];
    readonly spot?: boolean;
  };
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
      resources: resourcesOf(machine),
      labels: {
        'cloud.google.com/gke-nodepool': name,
        'topology.kubernetes.io/zone': 'us-central1-b',
        ...(config.spot && { 'cloud.google.com/gke-spot': 'true' }),
        ...acceleratorLabels(machine, pool.placement_policy?.tpu_topology),
        ...config.labels,
      },
      taints: uniqueTaints([...given, ...addedTaints(machine, pool.queued_provisioning !== undefined)]),
      place: placeOf(machine, name),
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
