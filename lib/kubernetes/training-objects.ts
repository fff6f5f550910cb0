import { computeDomain } from './compute-domain';
import { fileSystemVolume, type FileSystemVolumeProps } from './file-system';
import type { KubernetesManifest } from './manifest';
import type { AcceleratorPool } from './pool';
import { trainingQueue } from './queues';
import { SHARED_CLAIM, TRAINING_NAMESPACE, TRAINING_QUEUE } from './training-software';

/** Creates the queue of the jobs. The first object is the namespace, because the other objects are in it. */
export function jobQueue(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return trainingQueue({ name: TRAINING_QUEUE, namespace: TRAINING_NAMESPACE, pools });
}

/** Creates the volume of the shared file system and the claim that jobs mount. @param volume properties of the CSI driver of the cloud */
export function sharedVolume(volume: Omit<FileSystemVolumeProps, 'name' | 'namespace'>): KubernetesManifest[] {
  return fileSystemVolume({ ...volume, name: SHARED_CLAIM.claimName, namespace: TRAINING_NAMESPACE });
}

/** Creates the compute domains of the pools whose NVLink domain spans nodes. */
export function jobDomains(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return pools
    .filter(({ multiNodeScaleUp }) => multiNodeScaleUp)
    .map(({ name, nodes }) => computeDomain({ name, namespace: TRAINING_NAMESPACE, nodes }));
}
