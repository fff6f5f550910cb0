/** A pinned Helm chart. */
export interface ChartPin {
  /** Name of the chart. */
  readonly chart: string;
  /** URL of the repository without the name of the chart. Starts with `oci://` for an OCI registry. */
  readonly repository: string;
  /** Version of the chart, for `--version`. */
  readonly version: string;
  /** Namespace to install the chart in. */
  readonly namespace: string;
  /** Name of the Helm release. */
  readonly release: string;
  /** Charts that must be installed before this one, if they are installed at all. @default - none */
  readonly needs?: readonly string[];
  /** Release that the version was read from, and its date. */
  readonly source: string;
}

/**
 * Helm charts that this library installs, each pinned to one version.
 *
 * Source: values.yaml and Chart.yaml at the tag of each row, and the day of the tag; read 2026-11. Namespaces follow the guides of the
 * projects. Agents on nodes use kube-system, which allows the priority class system-node-critical on every cloud.
 */
export const CHARTS = {
  kueue: { chart: 'kueue', repository: 'oci://registry.k8s.io/kueue/charts', version: '0.19.2', namespace: 'kueue-system', release: 'kueue', needs: ['jobset', 'kubeflow-trainer'], source: 'kubernetes-sigs/kueue@v0.19.2, 2026-08-20' },
  jobset: { chart: 'jobset', repository: 'oci://registry.k8s.io/jobset/charts', version: '0.12.0', namespace: 'jobset-system', release: 'jobset', source: 'kubernetes-sigs/jobset@v0.12.0, 2026-05-08' },
  'kubeflow-trainer': { chart: 'kubeflow-trainer', repository: 'oci://ghcr.io/kubeflow/charts', version: '2.3.0', namespace: 'kubeflow-system', release: 'kubeflow-trainer', needs: ['jobset'], source: 'kubeflow/trainer@v2.3.0, 2026-08-06' },
  'cluster-autoscaler': { chart: 'cluster-autoscaler', repository: 'https://kubernetes.github.io/autoscaler', version: '9.59.0', namespace: 'kube-system', release: 'cluster-autoscaler', source: 'kubernetes/autoscaler@cluster-autoscaler-chart-9.59.0, 2026-07-21' },
  'nvidia-device-plugin': { chart: 'nvidia-device-plugin', repository: 'https://nvidia.github.io/k8s-device-plugin', version: '0.20.0', namespace: 'kube-system', release: 'nvidia-device-plugin', source: 'NVIDIA/k8s-device-plugin@v0.20.0, 2026-08-19' },
  'aws-efa-k8s-device-plugin': { chart: 'aws-efa-k8s-device-plugin', repository: 'https://aws.github.io/eks-charts', version: 'v0.5.30', namespace: 'kube-system', release: 'aws-efa-k8s-device-plugin', source: 'aws/eks-charts@v0.0.242, 2026-08-03' },
  'neuron-helm-chart': { chart: 'neuron-helm-chart', repository: 'oci://public.ecr.aws/neuron', version: '1.9.0', namespace: 'kube-system', release: 'neuron', source: 'aws-neuron/neuron-helm-charts@b77a6f9, 2026-07-10' },
  'dcgm-exporter': { chart: 'dcgm-exporter', repository: 'https://nvidia.github.io/dcgm-exporter/helm-charts', version: '4.8.2', namespace: 'dcgm-exporter', release: 'dcgm-exporter', source: 'NVIDIA/dcgm-exporter@4.5.3-4.8.2, 2026-05-06' },
  'gpu-operator': { chart: 'gpu-operator', repository: 'https://helm.ngc.nvidia.com/nvidia', version: 'v26.7.0', namespace: 'gpu-operator', release: 'gpu-operator', needs: ['network-operator'], source: 'NVIDIA/gpu-operator@v26.7.0, 2026-08-20' },
  'network-operator': { chart: 'network-operator', repository: 'https://helm.ngc.nvidia.com/nvidia', version: '26.4.1', namespace: 'network-operator', release: 'network-operator', source: 'Mellanox/network-operator@v26.4.1, 2026-07-24' },
  'dra-driver-nvidia-gpu': { chart: 'dra-driver-nvidia-gpu', repository: 'oci://registry.k8s.io/dra-driver-nvidia/charts', version: '0.4.1', namespace: 'dra-driver-nvidia-gpu', release: 'dra-driver-nvidia-gpu', source: 'kubernetes-sigs/dra-driver-nvidia-gpu@v0.4.1, 2026-06-30' },
  'aws-fsx-csi-driver': { chart: 'aws-fsx-csi-driver', repository: 'https://kubernetes-sigs.github.io/aws-fsx-csi-driver', version: '1.17.0', namespace: 'kube-system', release: 'aws-fsx-csi-driver', source: 'kubernetes-sigs/aws-fsx-csi-driver@helm-chart-aws-fsx-csi-driver-1.17.0, 2026-04-21' },
  lws: { chart: 'lws', repository: 'oci://registry.k8s.io/lws/charts', version: '0.10.0', namespace: 'lws-system', release: 'lws', source: 'kubernetes-sigs/lws@v0.10.0, 2026-08-11' },
  keda: { chart: 'keda', repository: 'https://kedacore.github.io/charts', version: '2.20.2', namespace: 'keda', release: 'keda', source: 'kedacore/charts@v2.20.2, 2026-07-31' },
  'kube-prometheus-stack': { chart: 'kube-prometheus-stack', repository: 'oci://ghcr.io/prometheus-community/charts', version: '88.5.3', namespace: 'monitoring', release: 'serving', source: 'prometheus-community/helm-charts@kube-prometheus-stack-88.5.3, 2026-08-21' },
  karpenter: { chart: 'karpenter', repository: 'oci://public.ecr.aws/karpenter', version: '1.14.1', namespace: 'kube-system', release: 'karpenter', source: 'aws/karpenter-provider-aws@v1.14.1, 2026-08-20' },
  'aws-load-balancer-controller': { chart: 'aws-load-balancer-controller', repository: 'https://aws.github.io/eks-charts', version: '3.5.0', namespace: 'kube-system', release: 'aws-load-balancer-controller', source: 'aws/eks-charts@v0.0.242, 2026-08-03' },
} as const satisfies Record<string, ChartPin>;
