/**
 * Settings of the kubelet on the nodes of a group, with the values of Kubernetes.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
export interface KubeletOptions {
  /**
   * Whether a pod with whole CPUs and equal requests and limits gets CPUs of its own. The jobs and models of this library do not limit their CPUs,
   * so `static` only affects your own pods.
   *
   * @default 'none'
   */
  readonly cpuManagerPolicy?: 'none' | 'static';
  /**
   * How strictly CPUs, accelerators and network interfaces of a pod come from few NUMA nodes. `single-numa-node` of Kubernetes is left out: it
   * rejects pods with all accelerators of a machine that has several NUMA nodes.
   *
   * @default 'none'
   */
  readonly topologyManagerPolicy?: 'none' | 'best-effort' | 'restricted';
  /** Maximum number of processes in a pod. @default - the default of the cloud */
  readonly podPidsLimit?: number;
}
