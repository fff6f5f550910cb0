import type { ProblemCollector } from '../../core/errors';
import { isWithin } from '../../core/bounds';
import type { KubeletOptions, Taint } from '../../kubernetes';
import { isKnown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';
import { GpuDriver } from './node-pool-options';

/** Settings of the kubelet and the kernel, and taints, that a pool of nodes can have. */
export interface NodeSettings {
  readonly taints?: readonly Taint[];
  readonly maxPodsPerNode?: number;
  readonly kubelet?: KubeletOptions;
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** Pods of a node with the overlay network. @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay */
const MAX_PODS = 250;

/** Minimum of pods for each node. @see https://learn.microsoft.com/en-us/azure/aks/concepts-network-azure-cni-overlay */
const MIN_PODS = 10;

type Range = readonly [min: number, max: number];

const BUFFER: Range = [212_992, 134_217_728];

/*
 * Kernel settings that AKS accepts, with their ranges. Source: MicrosoftDocs/azure-aks-docs fb060ab,
 * articles/aks/custom-node-configuration-reference.md; read 2026-11. The page has no range for `vm.max_map_count`, `kernel.threads-max`, and the
 * default buffers, and azurerm limits `fs.file-max` further. Source of these: hashicorp/terraform-provider-azurerm 000eff9,
 * internal/services/containers/kubernetes_nodepool.go; read 2026-11.
 */
const SYSCTLS: Readonly<Record<string, Range>> = {
  'fs.aio-max-nr': [65_536, 6_553_500],
  'fs.file-max': [8192, 12_000_500],
  'fs.inotify.max_user_watches': [781_250, 2_097_152],
  'fs.nr_open': [8192, 20_000_500],
  'kernel.threads-max': [20, 513_785],
  'net.core.netdev_max_backlog': [1000, 3_240_000],
  'net.core.optmem_max': [20_480, 4_194_304],
  'net.core.rmem_default': BUFFER,
  'net.core.rmem_max': BUFFER,
  'net.core.somaxconn': [4096, 3_240_000],
  'net.core.wmem_default': BUFFER,
  'net.core.wmem_max': BUFFER,
  'net.ipv4.neigh.default.gc_thresh1': [128, 80_000],
  'net.ipv4.neigh.default.gc_thresh2': [512, 90_000],
  'net.ipv4.neigh.default.gc_thresh3': [1024, 100_000],
  'net.ipv4.tcp_fin_timeout': [5, 120],
  'net.ipv4.tcp_keepalive_intvl': [10, 90],
  'net.ipv4.tcp_keepalive_probes': [1, 15],
  'net.ipv4.tcp_keepalive_time': [30, 432_000],
  'net.ipv4.tcp_max_syn_backlog': [128, 3_240_000],
  'net.ipv4.tcp_max_tw_buckets': [8000, 1_440_000],
  'net.ipv4.tcp_tw_reuse': [0, 1],
  'net.netfilter.nf_conntrack_buckets': [65_536, 524_288],
  'net.netfilter.nf_conntrack_max': [131_072, 2_097_152],
  'vm.max_map_count': [65_530, 262_144],
  // azurerm does not send 0.
  'vm.swappiness': [1, 100],
  'vm.vfs_cache_pressure': [1, 100],
};

/**
 * Pods of AKS on each node with an overlay network and Cilium: azure-cns, azure-ip-masq-agent, cilium, cloud-node-manager, and the CSI drivers for disks and
 * files. They are in outputs of `kubectl get pods` of 2024 and later. Add-ons, such as metrics, secrets, and the Blob CSI driver, add more.
 */
const AKS_AGENTS = 6;

/**
 * Pods of the GPU operator on each node: node feature discovery, driver, container toolkit, device plugin, feature discovery, DCGM exporter, and validator.
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html
 */
const OPERATOR_AGENTS = 7;

/** Pods of agents that surely run on each node of a pool. Without InfiniBand, add-ons, and a shared file system. */
function agentsOn({ machine, driver = GpuDriver.GPU_OPERATOR }: AgentHosts): number {
  const byOperator = machine.chip.vendor === 'NVIDIA' && driver === GpuDriver.GPU_OPERATOR;
  // The AKS driver needs a device plugin and an exporter, and AMD a driver agent and a device plugin.
  const ofVendor = byOperator ? OPERATOR_AGENTS : 2;
  // Driver of the adapters and RDMA device plugin, on InfiniBand.
  return AKS_AGENTS + ofVendor + (machine.infiniband ? 2 : 0);
}

/** Attributes of nodes that determine their agents. */
interface AgentHosts {
  readonly machine: AzureMachine;
  readonly driver?: GpuDriver;
}

/** Adds a problem if a node has no room for its agents and a pod of a job. */
function checkPods(problems: ProblemCollector, { maxPodsPerNode: got, ...hosts }: NodeSettings & AgentHosts): void {
  const prop = 'maxPodsPerNode';
  if (!isKnown(problems, prop, got)) return;
  const agents = agentsOn(hosts);
  const min = Math.max(MIN_PODS, agents + 1);
  if (isWithin(got, { min, max: MAX_PODS })) return;
  const allowed = `a whole number from ${min} to ${MAX_PODS}: ${agents} agents or more run on each node, and AKS supports ${MIN_PODS} to ${MAX_PODS} pods`;
  problems.add({ code: 'NodeSetting', prop, allowed, got, fix: 'Leave it out for 250 pods.' });
}

/** Adds each problem of the settings. */
export function checkNodeSettings(problems: ProblemCollector, settings: NodeSettings & AgentHosts): void {
  const { taints = [], kubelet, sysctls = {} } = settings;
  taints.forEach((taint, index) => {
    checkTaint(problems, `taints[${index}]`, taint, taints.slice(0, index));
  });
  const add = (prop: string, allowed: string, got: unknown, fix: string) => {
    problems.add({ code: 'NodeSetting', prop, allowed, got, fix });
  };
  checkPods(problems, settings);
  const pids = kubelet?.podPidsLimit;
  if (isKnown(problems, 'kubelet.podPidsLimit', pids) && !(Number.isSafeInteger(pids) && (pids === -1 || pids > 0)))
    add('kubelet.podPidsLimit', 'a positive whole number, or -1 for no limit', pids, 'Leave it out for no limit.');
  for (const [name, value] of Object.entries(sysctls)) checkSysctl(add, name, value);
}

type AddSetting = (prop: string, allowed: string, got: unknown, fix: string) => void;

function checkSysctl(add: AddSetting, name: string, value: string): void {
  const range = Object.hasOwn(SYSCTLS, name) ? SYSCTLS[name] : undefined;
  const prop = `sysctls.${name}`;
  if (!range) add(prop, `one of the kernel settings of AKS: ${Object.keys(SYSCTLS).join(', ')}`, name, 'Remove it.');
  else if (!/^\d+$/.test(value) || !isWithin(Number(value), { min: range[0], max: range[1] }))
    add(prop, `a whole number from ${range[0]} to ${range[1]}, as a string`, value, 'Use a value in the range.');
}

/** A label key with an optional prefix. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const KEY = /^(?:[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
/** Taints that AKS or this library sets. */
const RESERVED = /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|azure\.com|nvidia\.com|amd\.com)\//;

function checkTaint(problems: ProblemCollector, prop: string, taint: Taint, before: readonly Taint[]): void {
  const { key, value = '', effect } = taint;
  const add = (allowed: string, fix: string) => {
    problems.add({ code: 'NodeTaint', prop, allowed, got: taintOf(taint), fix });
  };
  if (!KEY.test(key) || value === '' || !VALUE.test(value))
    add('a taint with a key and a value of Kubernetes; AKS rejects a taint without a value', 'Use letters and digits.');
  else if (RESERVED.test(key)) add('a key that is not reserved', 'Use a key with your own prefix.');
  else if (before.some((other) => other.key === key && other.effect === effect))
    add('a taint that is not in the list yet: Kubernetes allows one of a key and effect', 'Remove it.');
}

/** A taint as `key=value:effect`. */
export function taintOf({ key, value, effect }: Taint): string {
  return value === undefined ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

/** Kernel settings by their names in azurerm, such as `netCoreSomaxconn`. */
export function sysctlConfig(
  sysctls: Readonly<Record<string, string>> = {},
): Record<string, number | boolean> | undefined {
  const entries = Object.entries(sysctls).map(([name, value]) => [
    name.replace(/[._-](\w)/g, (_, letter: string) => letter.toUpperCase()),
    name === 'net.ipv4.tcp_tw_reuse' ? value !== '0' : Number(value),
  ]);
  return entries.length > 0 ? (Object.fromEntries(entries) as Record<string, number | boolean>) : undefined;
}

/** Kernel settings by their names in the API, which has one name in another case. */
export function sysctlBody(sysctls?: Readonly<Record<string, string>>): Record<string, number | boolean> | undefined {
  const config = sysctlConfig(sysctls);
  if (!config) return undefined;
  const renamed = Object.entries(config).map(([name, value]) => [
    name.replace('TcpKeepaliveIntvl', 'TcpkeepaliveIntvl'),
    value,
  ]);
  return Object.fromEntries(renamed) as Record<string, number | boolean>;
}
