import {
  type ChartRelease,
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
import { jobQueue, sharedVolume, trainingCharts } from '../../kubernetes/training-objects';
import { IDENTITY_NAMESPACE_LABELS, type JobIdentity } from '../cluster/job-identity';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { acceleratorPool } from '../nodes/accelerator-pool';
import type { ICpfsFileSystem } from '../storage/cpfs-file-system';
import { cpfsVolume } from '../storage/cpfs-volume';

/** Values in charts and manifests besides the groups. */
export interface SoftwareValues {
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly string[];
  /** File system that jobs mount. @default - none */
  readonly fileSystem?: Pick<ICpfsFileSystem, 'mountAddress'>;
  /** Identity of jobs. @default - none */
  readonly jobs?: JobIdentity;
  /** Objects that configure nodes. @default - none */
  readonly nodeManifests?: readonly KubernetesManifest[];
}

/**
 * Public PyTorch image with CUDA 12.8, which the default drivers support.
 *
 * @see https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/rel-25-03.html
 */
export const TRAINING_IMAGE = 'nvcr.io/nvidia/pytorch:25.03-py3';

/** Returns the software of a training cluster. ACK installs the driver, the device plugin, and the exporter of DCGM. */
export function trainingSoftware(
  groups: readonly AcceleratorNodePool[],
  values: SoftwareValues,
  images: TrainingImages,
): TrainingSoftware {
  return {
    releases: releasesFor(groups, values),
    manifests: manifestsFor(groups, values, images),
    nodeManifests: values.nodeManifests ?? [],
  };
}

function releasesFor(
  groups: readonly AcceleratorNodePool[],
  { systemLabels, existingCharts }: SoftwareValues,
): ChartRelease[] {
  const pools = groups.map(acceleratorPool);
  const system = { labels: systemLabels };
  const charts = [jobSetChart({ system, pools }), trainerChart({ system, pools }), kueueChart({ system, pools })];
  return trainingCharts(charts, existingCharts);
}

function manifestsFor(
  groups: readonly AcceleratorNodePool[],
  { fileSystem, jobs }: SoftwareValues,
  { training: image = TRAINING_IMAGE }: TrainingImages,
): KubernetesManifest[] {
  const pools = groups.map(acceleratorPool);
  // The driver requires the name of the volume as its handle.
  const volume = fileSystem && cpfsVolume(fileSystem, `${TRAINING_NAMESPACE}-${SHARED_CLAIM.claimName}`);
  const claim = volume && SHARED_CLAIM;
  return [
    ...(jobs ? withIdentity(jobQueue(pools)) : jobQueue(pools)),
    ...(jobs ? [jobs.serviceAccount()] : []),
    ...(volume ? sharedVolume(volume) : []),
    ...pools.map((pool) => trainingRuntime({ pool, image, claim, identity: jobs?.pods })),
  ];
}

/** Pods get the credentials of their role only in a namespace with this label. */
function withIdentity(objects: readonly KubernetesManifest[]): KubernetesManifest[] {
  return objects.map((object) => {
    if (object.kind !== 'Namespace') return object;
    const { metadata } = object;
    return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, ...IDENTITY_NAMESPACE_LABELS } } };
  });
}
