import type { ChartName } from '../../lib/kubernetes/controller-charts';

/** Definitions of custom resources in a public repository. */
export interface CrdSource {
  /** Chart whose pin names the repository and the tag. @default - `repository` */
  readonly chart?: ChartName;
  /** Repository and tag or commit, for example `kubernetes-sigs/gateway-api@v1.6.1`. @default - of the chart */
  readonly repository?: string;
  /** Folder of the files. */
  readonly folder: string;
  /** Files without `.yaml`. A file can contain several definitions. */
  readonly files: readonly string[];
}

/** The custom resources in the manifests of this library, from the repositories of their projects. */
// prettier-ignore
export const CRD_SOURCES: readonly CrdSource[] = [
  { chart: 'kueue', folder: 'config/components/crd/bases', files: ['admissionchecks', 'clusterqueues', 'localqueues', 'provisioningrequestconfigs', 'resourceflavors', 'topologies', 'workloadpriorityclasses'].map((name) => `kueue.x-k8s.io_${name}`) },
  { chart: 'jobset', folder: 'config/components/crd/bases', files: ['jobset.x-k8s.io_jobsets'] },
  { chart: 'lws', folder: 'config/crd/bases', files: ['leaderworkerset.x-k8s.io_leaderworkersets'] },
  { chart: 'kubeflow-trainer', folder: 'manifests/base/crds', files: ['clustertrainingruntimes', 'trainingruntimes', 'trainjobs'].map((name) => `trainer.kubeflow.org_${name}`) },
  { chart: 'karpenter', folder: 'pkg/apis/crds', files: ['karpenter.k8s.aws_ec2nodeclasses', 'karpenter.sh_nodepools'] },
  { chart: 'network-operator', folder: 'deployment/network-operator/crds', files: ['mellanox.com_nicclusterpolicies'] },
  { chart: 'dra-driver-nvidia-gpu', folder: 'deployments/helm/dra-driver-nvidia-gpu/crds', files: ['resource.nvidia.com_computedomains'] },
  { repository: 'kedacore/keda@v2.20.2', folder: 'config/crd/bases', files: ['keda.sh_scaledobjects'] },
  { repository: 'kubernetes-sigs/gateway-api@v1.6.1', folder: 'config/crd/standard', files: ['gateway.networking.k8s.io_gateways', 'gateway.networking.k8s.io_httproutes'] },
  { repository: 'kubernetes-sigs/gateway-api-inference-extension@v1.6.0', folder: 'config/crd/bases', files: ['inference.networking.k8s.io_inferencepools'] },
  { repository: 'llm-d/llm-d-router@v0.10.0', folder: 'config/crd/bases', files: ['llm-d.ai_inferenceobjectives'] },
  { repository: 'prometheus-operator/prometheus-operator@v0.93.0', folder: 'example/prometheus-operator-crd', files: ['monitoring.coreos.com_podmonitors'] },
  { repository: 'kubernetes-sigs/node-feature-discovery@v0.19.0', folder: 'deployment/base/nfd-crds', files: ['nfd-api-crds'] },
  { repository: 'GoogleCloudPlatform/gke-networking-api@34c617f', folder: 'config/crds', files: ['networking.gke.io_gkenetworkparamsets', 'networking.gke.io_networks'] },
];

/** The custom resource that embeds a whole pod template, and the path of the template in its schema. */
export const POD_TEMPLATE = {
  kind: 'LeaderWorkerSet',
  path: ['spec', 'leaderWorkerTemplate', 'workerTemplate'],
} as const;

/** The commit of Azure/bicep-types-az with the newest API versions that `lib/azure` uses. */
export const BICEP_TYPES = 'Azure/bicep-types-az@1f896de2d';
