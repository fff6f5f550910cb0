import {
  type ChartRelease,
  claimsOf,
  claimTemplate,
  draDriverChart,
  jobSetChart,
  kueueChart,
  type KubernetesManifest,
  SHARED_CLAIM,
  trainerChart,
  TRAINING_NAMESPACE,
  type TrainingImages,
  trainingRuntime,
  type TrainingSoftware,
} from '../../kubernetes';
import { jobDomains, jobQueue, sharedVolume } from '../../kubernetes/training-objects';
import { fabricInstallers } from '../nodes/fabric-installer';
import { FABRIC_PATHS } from '../nodes/fabric-images';
import { acceleratorPool } from './accelerator-pool';
import type { TrainingGroup } from './training-group';

/** Values of one deployment that charts and manifests hold: tokens, or names of variables. */
export interface DeploymentValues {
  /** Labels of the nodes that controllers run on. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** @default - no file system */
  readonly fileSystem?: { readonly volumeHandle: string; readonly serverIp: string; readonly fsName: string };
  /** The Kubernetes objects of further networks. */
  readonly networks: readonly KubernetesManifest[];
  /** Members of IAM who administer the cluster. */
  readonly admins: readonly string[];
}

/**
 * Public images, by vendor of the accelerator; both are made each month or so, and that for NVIDIA is of both architectures.
 *
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/pytorch
 * @see https://github.com/google/maxtext
 */
export const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'nvcr.io/nvidia/pytorch:25.12-py3',
  Google: 'us-docker.pkg.dev/cloud-tpu-images/jax-ai-image/tpu:jax0.8.1-rev1',
};

/** The image that the jobs of a group run; it is known for every machine of the table. */
export function imageOf({ machine }: Pick<TrainingGroup, 'machine'>, { training }: TrainingImages): string {
  return training ?? TRAINING_IMAGES[machine.isTpu ? 'Google' : 'NVIDIA']!;
}

/** The software of a training cluster over some groups of nodes. */
export function trainingSoftware(
  groups: readonly TrainingGroup[],
  values: DeploymentValues,
  images: TrainingImages,
): TrainingSoftware {
  return {
    releases: releasesFor(groups, values),
    manifests: manifestsFor(groups, values, images),
    nodeManifests: [
      ...values.networks,
      ...fabricInstallers(groups.map((group) => ({ machine: group.machine, pool: acceleratorPool(group) }))),
      ...adminBinding(values.admins),
    ],
  };
}

// GKE brings the driver, the device plugins, the exporter of GPU metrics, and the autoscaler of node pools.
function releasesFor(groups: readonly TrainingGroup[], { systemLabels }: DeploymentValues): ChartRelease[] {
  const pools = groups.map(acceleratorPool);
  const domains = pools.filter(({ multiNodeScaleUp }) => multiNodeScaleUp);
  const system = { labels: systemLabels };
  return [
    jobSetChart({ system, pools }),
    ...(groups.some(({ machine }) => !machine.isTpu) ? [trainerChart({ system, pools })] : []),
    kueueChart({ system, pools }),
    ...(domains.length > 0
      ? [draDriver(draDriverChart({ system, pools: domains, driverRoot: FABRIC_PATHS.nvidia }))]
      : []),
  ];
}

/** GKE admits its priority class, system-node-critical, without a quota in this namespace only. */
function draDriver(release: ChartRelease): ChartRelease {
  return { ...release, namespace: 'kube-system' };
}

function manifestsFor(
  groups: readonly TrainingGroup[],
  { fileSystem }: DeploymentValues,
  images: TrainingImages,
): KubernetesManifest[] {
  const pools = groups.map(acceleratorPool);
  return [
    ...jobQueue(pools),
    ...(fileSystem ? volumeOf(fileSystem) : []),
    ...claimsOf(pools).map((claim) => claimTemplate(claim, TRAINING_NAMESPACE)),
    ...jobDomains(pools),
    // TPUs come in slices, whose jobs stand alone: see `sliceJob`.
    ...groups
      .filter(({ machine }) => !machine.isTpu)
      .map((group) => {
        const claim = fileSystem ? SHARED_CLAIM : undefined;
        return trainingRuntime({ pool: acceleratorPool(group), image: imageOf(group, images), claim });
      }),
  ];
}

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/managed-lustre */
function volumeOf({ volumeHandle, serverIp, fsName }: NonNullable<DeploymentValues['fileSystem']>) {
  return sharedVolume({
    driver: 'lustre.csi.storage.gke.io',
    volumeHandle,
    volumeAttributes: { ip: serverIp, filesystem: fsName },
    // The number limits nothing, and a claim never shrinks: it stays when the file system grows.
    capacityGiB: 9000,
  });
}

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control */
function adminBinding(admins: readonly string[]): KubernetesManifest[] {
  if (admins.length === 0) return [];
  const subjects = admins.map((member) => ({
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'User',
    name: member.slice(member.indexOf(':') + 1),
  }));
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'training-admins' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects,
    },
  ];
}
