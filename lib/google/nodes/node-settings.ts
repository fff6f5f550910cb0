import { isWithin } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import type { KubeletOptions, Taint } from '../../kubernetes';
import { isKnown } from '../../terraform/tokens';
import type { GoogleMachine } from '../machine/machine';
import type { ContainerNodePoolConfig } from '../provider/google';
import type { NodeOptions } from './node-pool-options';

type NodeConfig = NonNullable<ContainerNodePoolConfig['nodeConfig']>;

/** Settings of the kubelet and the kernel, and extra taints. */
export type NodeSettings = Pick<NodeOptions, 'taints' | 'maxPodsPerNode' | 'kubelet' | 'sysctls'>;

/**
 * Buffers of TCP connections, for storage and checkpoint traffic: at most 16 MiB.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit 01a7a3ed, modules/compute/gke-node-pool/main.tf; read 2026-11.
 */
const DEFAULT_SYSCTLS: Readonly<Record<string, string>> = {
  'net.ipv4.tcp_rmem': '4096 87380 16777216',
  'net.ipv4.tcp_wmem': '4096 16384 16777216',
};

/** Huge pages of 2 MiB that GB300 machines of bare metal need. Source: GoogleCloudPlatform/cluster-toolkit v1.95.0; read 2026-11. */
const METAL_HUGEPAGES_2MIB = 4096;

/** The settings of the Linux kernel in Terraform. */
export function linuxNodeConfig(machine: GoogleMachine, { sysctls }: NodeSettings): NodeConfig['linuxNodeConfig'] {
  return {
    sysctls: { ...DEFAULT_SYSCTLS, ...sysctls },
    ...(machine.isBareMetal && { hugepagesConfig: { hugepageSize2M: METAL_HUGEPAGES_2MIB } }),
  };
}

/** The settings of the kubelet in Terraform. */
export function kubeletConfig({ kubelet }: NodeSettings): NodeConfig['kubeletConfig'] {
  if (!kubelet) return undefined;
  const { cpuManagerPolicy, podPidsLimit } = kubelet;
  return cpuManagerPolicy === undefined && podPidsLimit === undefined ? undefined : { cpuManagerPolicy, podPidsLimit };
}

const EFFECTS = {
  NoSchedule: 'NO_SCHEDULE',
  PreferNoSchedule: 'PREFER_NO_SCHEDULE',
  NoExecute: 'NO_EXECUTE',
} as const;

/** Taints in Terraform. */
export function taintConfig(taints: readonly Taint[] = []) {
  return taints.map(({ key, value = '', effect }) => ({ key, value, effect: EFFECTS[effect] }));
}

/** Range of pods on a node. @see https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr */
const PODS = { min: 8, max: 256 };
/** Range of processes in a pod. @see https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config */
const PIDS = { min: 1024, max: 4_194_304 };
const SYSCTL = /^[a-z][a-z0-9_]*(\.[a-z0-9_*-]+)+$/;
const TAINT_KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/;
/** GKE and this library set taints with these keys. */
const RESERVED = /(^|\.)(kubernetes\.io|k8s\.io|gke\.io)\/|^cloud\.google\.com\/|^(nvidia\.com\/gpu|google\.com\/tpu)$/;

/** Adds each setting that GKE does not accept. */
export function checkNodeSettings(problems: ProblemCollector, settings: NodeSettings): void {
  const { maxPodsPerNode, kubelet, sysctls = {}, taints = [] } = settings;
  checkNumber(problems, 'maxPodsPerNode', maxPodsPerNode, PODS);
  checkKubelet(problems.within('kubelet'), kubelet);
  for (const name of Object.keys(sysctls)) {
    if (SYSCTL.test(name)) continue;
    problems.add({
      code: 'NodeSetting',
      prop: `sysctls.${name}`,
      allowed: 'the name of a kernel parameter, for example net.core.somaxconn',
      got: name,
      fix: 'GKE lists the parameters at https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config.',
    });
  }
  taints.forEach(({ key }, index) => {
    if (TAINT_KEY.test(key) && !RESERVED.test(key)) return;
    problems.add({
      code: 'NodeTaint',
      prop: `taints[${index}].key`,
      allowed: 'a key such as example.com/team, which GKE, Kubernetes and the library do not use',
      got: key,
      fix: 'Use a prefix of your own.',
    });
  });
}

function checkKubelet(problems: ProblemCollector, kubelet: KubeletOptions = {}): void {
  const { topologyManagerPolicy: policy = 'none', podPidsLimit } = kubelet;
  checkNumber(problems, 'podPidsLimit', podPidsLimit, PIDS);
  if (policy === 'none') return;
  problems.add({
    code: 'NodeSetting',
    prop: 'topologyManagerPolicy',
    allowed: 'none or left out, because version 6.50 of the Google provider has no setting for it',
    got: policy,
    fix: 'Remove it. cpuManagerPolicy is supported.',
  });
}

function checkNumber(
  problems: ProblemCollector,
  prop: string,
  value: number | undefined,
  range: { readonly min: number; readonly max: number },
): void {
  if (!isKnown(problems, prop, value) || isWithin(value, range)) return;
  const allowed = `a whole number from ${range.min} to ${range.max}`;
  problems.add({ code: 'NodeSetting', prop, allowed, got: value, fix: 'Use a number in the range.' });
}
