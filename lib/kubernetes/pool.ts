import type { EnvVar } from './manifest';

/** A mark on a node that keeps off every pod without a matching toleration. */
export interface Taint {
  readonly key: string;
  /** @default - no value */
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** What lets a pod onto nodes with a taint. */
export interface Toleration {
  readonly key: string;
  readonly operator: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect?: Taint['effect'];
}

/** A folder of the node that a pod sees. */
export interface HostPath {
  readonly name: string;
  readonly path: string;
  /** Where the container of the work sees it. @default - only sidecars mount it */
  readonly mountPath?: string;
}

/** Devices that a pod gets by a claim of dynamic resource allocation: all of one class that a node has. */
export interface DeviceClaim {
  /** Name of the claim in a pod, a DNS label. */
  readonly name: string;
  readonly deviceClass: string;
  /** Devices of a node. */
  readonly count: number;
  /** The name by which Kueue counts the devices: a name of this library. */
  readonly quota: string;
}

/** The files of a ConfigMap in the namespace of the jobs, as a folder of a pod. */
export interface MountedFiles {
  readonly configMap: string;
  readonly mountPath: string;
}

/** What a pod carries to reach a fabric, beside the resources that it asks for. */
export interface FabricPod {
  /** @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Interfaces that the pod claims: a template of that name must stand in its namespace, see `claimTemplate`. @default - none */
  readonly claim?: DeviceClaim;
  /** Folders with the libraries of the fabric. @default - the image has them */
  readonly hostPaths?: readonly HostPath[];
  /** Files that describe the fabric. @default - none */
  readonly files?: readonly MountedFiles[];
  /** @default - none */
  readonly env?: readonly EnvVar[];
  /** A script that sets what else of the environment the fabric wants, for bash to read before the work. @default - none */
  readonly profile?: string;
  /** Containers that run beside that of the work, and end with it. @default - none */
  readonly sidecars?: readonly Readonly<Record<string, unknown>>[];
}

/** The network that accelerators of several nodes talk over, as pods ask for it. */
export interface PoolFabric {
  /** The extended resource of one interface, e.g. `vpc.amazonaws.com/efa`. @default - pods need not count interfaces: `pod` names them */
  readonly resource?: string;
  readonly interfacesPerNode: number;
  /** Line rate of one node, all interfaces together. */
  readonly bandwidthGbps: number;
  /** @default - nothing but the resource */
  readonly pod?: FabricPod;
}

/** How nodes that do not stand yet come for a job: all together, or none. */
export interface PoolProvisioning {
  /** The class of ProvisioningRequest that the autoscaler serves, e.g. `queued-provisioning.gke.io`. */
  readonly className: string;
  /** @default - none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Slices that the nodes of a pool form, each joined by a network of its own. */
export interface PoolSlices {
  readonly count: number;
  /** The node label whose value tells slices apart. */
  readonly nodeLabel: string;
}

/** A group of equal accelerator nodes, in the words that every cloud shares. */
export interface AcceleratorPool {
  /** A DNS label, unique in the cluster. */
  readonly name: string;
  /** The machine's name in its cloud, e.g. `p5.48xlarge`: what published measurements go by. @default - unknown */
  readonly machine?: string;
  readonly nodes: number;
  /** The extended resource of one accelerator, e.g. `nvidia.com/gpu` or `aws.amazon.com/neuron`. */
  readonly acceleratorResource: string;
  readonly acceleratorsPerNode: number;
  /** Who makes the accelerator, e.g. `NVIDIA` or `AWS`. */
  readonly acceleratorVendor: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** @default - the nodes have no fabric of their own */
  readonly fabric?: PoolFabric;
  /** Huge pages of 2 MiB that each node sets aside at boot. @default 0 */
  readonly hugepages2MiB?: number;
  /** Labels that the nodes carry beside those of `nodeLabelsOf`. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** @default 'on-demand' */
  readonly market?: 'spot' | 'on-demand' | 'reserved';
  /**
   * Node labels that tell how near nodes are to one another, outermost first. Kueue then places jobs on near nodes, and
   * only on nodes that stand already: such a pool must not start from zero nodes.
   *
   * @default - nodes count as equally near
   */
  readonly topologyLevels?: readonly string[];
  /** Whether one scale-up domain spans several nodes, as NVLink does on GB200. @default false */
  readonly multiNodeScaleUp?: boolean;
  /** @default - nodes stand, or come one by one */
  readonly provisioning?: PoolProvisioning;
  /** @default - the nodes form no slices */
  readonly slices?: PoolSlices;
}

/** The node label that tells pools apart: the cloud must put it on the nodes, charts and queues select by it. */
export const POOL_LABEL = 'ai-infra/pool';

/** The node labels that controllers select: they stay off accelerator nodes. */
export const SYSTEM_LABELS: Readonly<Record<string, string>> = { 'ai-infra/role': 'system' };

/** The label of a node's own name, the innermost level of every topology. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/** Every label that the nodes of a pool must carry. */
export function nodeLabelsOf(pool: AcceleratorPool): Readonly<Record<string, string>> {
  return { ...pool.nodeLabels, [POOL_LABEL]: pool.name };
}

/** A command of a node, behind the script that sets up its fabric where there is one. */
export function behindProfile({ fabric }: AcceleratorPool, command: readonly string[]): string[] {
  const profile = fabric?.pod?.profile;
  return profile === undefined ? [...command] : ['bash', '-c', `. ${profile} && exec "$@"`, 'bash', ...command];
}

/** Tolerations for the taints of some pools, each once. */
export function tolerationsOf(pools: readonly AcceleratorPool[]): Toleration[] {
  const tolerations = pools.flatMap(({ taints }) => taints).map(tolerationOf);
  return [...new Map(tolerations.map((toleration) => [JSON.stringify(toleration), toleration])).values()];
}

function tolerationOf({ key, value, effect }: Taint): Toleration {
  return value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
}
