import { computeDomain } from './compute-domain';
import { fileSystemVolume, type FileSystemVolumeProps } from './file-system';
import type { KubernetesManifest } from './manifest';
import type { AcceleratorPool } from './pool';
import { trainingQueue } from './queues';
import { SHARED_CLAIM, TRAINING_NAMESPACE, TRAINING_QUEUE } from './training-software';

/** The queue of the jobs over some pools. Its namespace is the first object, and what stands in it comes behind. */
export function jobQueue(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return trainingQueue({ name: TRAINING_QUEUE, namespace: TRAINING_NAMESPACE, pools });
}

/** The volume of the file system, and the claim by which jobs find it. @param volume what the driver of the cloud says of it */
export function sharedVolume(volume: Omit<FileSystemVolumeProps, 'name' | 'namespace'>): KubernetesManifest[] {
  return fileSystemVolume({ ...volume, name: SHARED_CLAIM.claimName, namespace: TRAINING_NAMESPACE });
}

/** The domains of pools whose NVLink spans nodes. */
export function jobDomains(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return pools
    .filter(({ multiNodeScaleUp }) => multiNodeScaleUp)
    .map(({ name, nodes }) => computeDomain({ name, namespace: TRAINING_NAMESPACE, nodes }));
}
