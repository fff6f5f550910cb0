import type { ProblemCollector } from '../../core/errors';
import type { KubeletOptions, Taint } from '../../kubernetes';
import { checkBounds } from '../../terraform/tokens';
import type { CsKubernetesNodePoolConfig } from '../provider/alicloud';

/** Settings of the kubelet and taints that a pool can have. */
export interface NodeSettings {
  readonly taints?: readonly Taint[];
  readonly maxPodsPerNode?: number;
  readonly kubelet?: KubeletOptions;
}

/** Settings for large images and verbose jobs. The provider has numbers as strings. */
const DEFAULTS = {
  serializeImagePulls: 'false',
  registryPullQps: '10',
  registryBurst: '20',
  containerLogMaxSize: '100Mi',
  containerLogMaxFiles: '5',
  readOnlyPort: '0',
};

/** The settings of the kubelet in Terraform. */
export function kubeletConfig({
  kubelet = {},
  maxPodsPerNode: pods,
}: NodeSettings): CsKubernetesNodePoolConfig['kubeletConfiguration'] {
  const { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit } = kubelet;
  return {
    ...DEFAULTS,
    cpuManagerPolicy,
    topologyManagerPolicy,
    podPidsLimit: podPidsLimit === undefined ? undefined : `${podPidsLimit}`,
    maxPods: pods === undefined ? undefined : `${pods}`,
  };
}

/** Pods of a node, a range of this library. Terway limits the number further, by the network interfaces of the machine. */
const PODS = { min: 10, max: 512 };
/** Processes of a pod. A smaller number stops data loaders. */
const PIDS = { min: 1024, max: 4_194_304 };
const KEY = /^(?:[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
/** Keys that ACK, Kubernetes, or this library uses. */
const RESERVED = /(^|\.)(kubernetes\.io|k8s\.io|alibabacloud\.com|aliyun\.com|nvidia\.com)\//;

/** Adds each setting that ACK does not accept. */
export function checkNodeSettings(problems: ProblemCollector, settings: NodeSettings): void {
  const { maxPodsPerNode, kubelet = {}, taints = [] } = settings;
  checkBounds(problems, 'NodeSetting', 'maxPodsPerNode', maxPodsPerNode, PODS);
  checkBounds(problems.within('kubelet'), 'NodeSetting', 'podPidsLimit', kubelet.podPidsLimit, PIDS);
  taints.forEach((taint, index) => {
    checkTaint(problems, `taints[${index}]`, taint, taints.slice(0, index));
  });
}

function checkTaint(problems: ProblemCollector, prop: string, taint: Taint, before: readonly Taint[]): void {
  const { key, value = '', effect } = taint;
  const add = (allowed: string, fix: string) =>
    problems.add({ code: 'NodeTaint', prop, allowed, got: `${key}=${value}:${effect}`, fix });
  if (!KEY.test(key) || !VALUE.test(value))
    add('a taint with a key and a value of Kubernetes', 'Use letters and digits.');
  else if (RESERVED.test(key)) add('a key that is not reserved', 'Use a key with your own prefix.');
  else if (before.some((other) => other.key === key && other.effect === effect))
    add('a taint that is not in the list yet: Kubernetes allows one of a key and effect', 'Remove it.');
}
