import { acceptanceJob } from './acceptance-job';
import type { ChartRelease } from './charts';
import { type ExpectedBandwidth, expectedAllReduce } from './expected-bandwidth';
import type { KubernetesManifest } from './manifest';
import type { AcceleratorPool } from './pool';

/** What a training cluster runs: pinned charts, the objects that need them, and those that need none. */
export interface TrainingSoftware {
  readonly releases: readonly ChartRelease[];
  readonly manifests: readonly KubernetesManifest[];
  readonly nodeManifests: readonly KubernetesManifest[];
}

/** Images that the jobs of a cluster run. */
export interface TrainingImages {
  /** PyTorch, or what else the accelerators want; a job may name another. @default - a public one: see `TRAINING_IMAGES` */
  readonly training?: string;
  /** nccl-tests, for the acceptance job. @default - a public one where one is known, else none */
  readonly acceptance?: string;
}

/** The namespace of the jobs, and the name of their queue. */
export const TRAINING_NAMESPACE = 'training';
export const TRAINING_QUEUE = 'training';

/** The claim of the file system, and where jobs find it. */
export const SHARED_CLAIM = { claimName: 'shared', mountPath: '/shared' };

/** A job that proves a fabric. */
export interface AcceptanceRun {
  readonly pool: AcceleratorPool;
  readonly manifests: readonly KubernetesManifest[];
  readonly expected: ExpectedBandwidth;
}

/** The job that proves the fabric of a pool; nothing where it has none, or no image is known for it. */
export function acceptanceOf(pool: AcceleratorPool, image: string | undefined): AcceptanceRun | undefined {
  const expected = expectedAllReduce(pool);
  if (!expected || pool.nodes < 2 || image === undefined) return undefined;
  const job = { namespace: TRAINING_NAMESPACE, queue: TRAINING_QUEUE, pool, expected, image };
  return { pool, manifests: acceptanceJob(job), expected };
}
