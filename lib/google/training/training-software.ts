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
import { adminBinding } from '../cluster/cluster-admins';
import { fabricInstallers } from '../nodes/fabric-installer';
import { FABRIC_PATHS } from '../nodes/fabric-images';
import { acceleratorPool } from './accelerator-pool';
import type { TrainingGroup } from './training-group';

/** Values in charts and manifests that are unknown at synthesis: tokens, or names of variables. */
export interface DeploymentValues {
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** File system of the cluster. @default - none */
  readonly fileSystem?: { readonly volumeHandle: string; readonly serverIp: string; readonly fsName: string };
  /** Kubernetes objects of the additional networks. */
  readonly networks: readonly KubernetesManifest[];
  /** IAM principals that administer the cluster. */
  readonly admins: readonly string[];
}

/**
 * Public images by accelerator vendor. Both are released about monthly. The NVIDIA image supports both CPU architectures.
 *
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/pytorch
 * @see https://github.com/google/maxtext
 */
export const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'nvcr.io/nvidia/pytorch:25.12-py3',
  Google: 'us-docker.pkg.dev/cloud-tpu-images/jax-ai-image/tpu:jax0.8.1-rev1',
};

/** The image for the jobs of a group. Every machine of the table has one. */
export function imageOf({ machine }: Pick<TrainingGroup, 'machine'>, { training }: TrainingImages): string {
  return training ?? TRAINING_IMAGES[machine.isTpu ? 'Google' : 'NVIDIA']!;
}

/** The software of a training cluster. */
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
      ...adminBinding('training-admins', values.admins),
    ],
  };
}

// GKE installs the driver, the device plugins, the GPU metrics exporter, and the autoscaler.
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

/** GKE admits its priority class, system-node-critical, without a quota only in this namespace. */
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
    // Jobs on TPU slices need no runtime: see `sliceJob`.
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
    // The number limits nothing. A claim cannot shrink, so it stays the same when the file system grows.
    capacityGiB: 9000,
  });
}
