/**
 * Settings of the kubelet on the nodes of a group, with the values of Kubernetes.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
export interface KubeletOptions {
  /** Whether a pod with whole CPUs and equal requests and limits gets CPUs of its own. @default 'none' */
  readonly cpuManagerPolicy?: 'none' | 'static';
  /** How strictly CPUs, accelerators and network interfaces of a pod come from one NUMA node. @default 'none' */
  readonly topologyManagerPolicy?: 'none' | 'best-effort' | 'restricted' | 'single-numa-node';
  /** Maximum number of processes in a pod. @default - the default of the cloud */
  readonly podPidsLimit?: number;
}
