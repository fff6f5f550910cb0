import { acceptanceJob } from './acceptance-job';
import type { ChartRelease } from './charts';
import { type ExpectedBandwidth, expectedAllReduce } from './expected-bandwidth';
import type { KubernetesManifest } from './manifest';
import type { AcceleratorPool } from './pool';

/** Software of a training cluster. */
export interface TrainingSoftware {
  /** Pinned Helm charts. */
  readonly releases: readonly ChartRelease[];
  /** Objects that need the charts. */
  readonly manifests: readonly KubernetesManifest[];
  /** Objects that do not need the charts. */
  readonly nodeManifests: readonly KubernetesManifest[];
}

/** Container images of the jobs of a cluster. */
export interface TrainingImages {
  /** Image of training jobs, with PyTorch or the framework of the accelerator. A job can override it. @default - a public image, see `TRAINING_IMAGES` */
  readonly training?: string;
  /** Image of the acceptance job, with nccl-tests. @default - a public image if there is one for the hardware, otherwise no acceptance job */
  readonly acceptance?: string;
}

/** Namespace of the jobs. */
export const TRAINING_NAMESPACE = 'training';

/** Name of the queue of the jobs. */
export const TRAINING_QUEUE = 'training';

/** Claim of the shared file system, and its mount path in jobs. */
export const SHARED_CLAIM = { claimName: 'shared', mountPath: '/shared' };

/** Job that tests the fabric of a pool. */
export interface AcceptanceRun {
  /** Accelerator pool that the job tests. */
  readonly pool: AcceleratorPool;
  /** Objects of the job. */
  readonly manifests: readonly KubernetesManifest[];
  /** Minimum bandwidth to pass. */
  readonly expected: ExpectedBandwidth;
}

/** Creates the job that tests the fabric of a pool. Returns undefined without a fabric, a second node or an image. */
export function acceptanceOf(pool: AcceleratorPool, image: string | undefined): AcceptanceRun | undefined {
  const expected = expectedAllReduce(pool);
  if (!expected || pool.nodes < 2 || image === undefined) return undefined;
  const job = { namespace: TRAINING_NAMESPACE, queue: TRAINING_QUEUE, pool, expected, image };
  return { pool, manifests: acceptanceJob(job), expected };
}
