import { ProblemCollector } from '../core/errors';
import { quantitiesOf } from './allocatable';
import { checkNames, type EnvVar, type KubernetesManifest, TRAINING_NAMESPACE } from './manifest';
import { NODE_CONTAINER, type MountedClaim, nodePod, type PodIdentity } from './node-pod';
import { type AcceleratorPool, checkPool } from './pool';
import { DISRUPTED_PODS, RESTARTS } from './restarts';
import { acceptanceJob, type ExpectedBandwidth, expectedAllReduce } from './acceptance-job';
import type { ChartRelease } from './controller-charts';

/** Properties for `trainingRuntime`. */
export interface TrainingRuntimeProps {
  /** Accelerator pool that the jobs run on. */
  readonly pool: AcceleratorPool;
  /** Other pools with the same machine that the jobs can also use, for example on-demand nodes for a spot pool. @default - none */
  readonly fallbackPools?: readonly AcceleratorPool[];
  /** Container image with PyTorch and the libraries of the fabric. A job can override it. */
  readonly image: string;
  /** Name of the runtime. @default - the name of the pool */
  readonly name?: string;
  /** Environment variables for the fabric, for example `FI_PROVIDER=efa`. @default - none */
  readonly env?: readonly EnvVar[];
  /** Shared storage to mount, a claim in the namespace of the jobs. @default - none */
  readonly claim?: MountedClaim;
  /** Identity of the jobs in the cloud. @default - the default service account of their namespace */
  readonly identity?: PodIdentity;
  /**
   * Name of the compute domain, for pools whose NVLink domain spans nodes. It must exist in the namespace of the job, and only one job can
   * use it at a time.
   *
   * @default - the name of the pool if its NVLink domain spans nodes, otherwise none
   */
  readonly computeDomain?: string;
}

/**
 * Creates the runtime for PyTorch jobs on a pool. Each node runs one pod with `torchrun`, and the Trainer sets the address of the leader and
 * the rank of each node. Use `trainJob` to create jobs from the runtime.
 *
 * @see https://www.kubeflow.org/docs/components/trainer/operator-guides/runtime/
 */
export function trainingRuntime(props: TrainingRuntimeProps): KubernetesManifest {
  const { pool, fallbackPools = [], image, name = pool.name, env, claim, identity } = props;
  const computeDomain = props.computeDomain ?? (pool.multiNodeScaleUp ? pool.name : undefined);
  const problems = new ProblemCollector();
  checkPool(problems.within('pool'), pool);
  fallbackPools.forEach((other, index) => checkFallback(problems.within(`fallbackPools[${index}]`), pool, other));
  checkNames(problems, { name, ...(computeDomain !== undefined && { computeDomain }) });
  problems.throwIfAny();
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'ClusterTrainingRuntime',
    metadata: { name, labels: { 'trainer.kubeflow.org/framework': 'torch' } },
    spec: {
      mlPolicy: { numNodes: pool.nodes, torch: {} },
      template: {
        spec: {
          failurePolicy: RESTARTS,
          replicatedJobs: [
            {
              name: NODE_CONTAINER,
              template: {
                metadata: { labels: { 'trainer.kubeflow.org/trainjob-ancestor-step': 'trainer' } },
                // The failure of one node fails the job immediately, because the ranks on the other nodes cannot continue.
                spec: {
                  backoffLimit: 0,
                  podFailurePolicy: DISRUPTED_PODS,
                  template: nodePod({ pool, fallbackPools, image, env, claim, identity, computeDomain }),
                },
              },
            },
          ],
        },
      },
    },
  };
}

function checkFallback(problems: ProblemCollector, pool: AcceleratorPool, other: AcceleratorPool): void {
  checkPool(problems, other);
  const [expected, got] = [quantitiesOf(pool, 1), quantitiesOf(other, 1)];
  if (new Set([...Object.entries(expected), ...Object.entries(got)].map(String)).size === Object.keys(expected).length)
    return;
  problems.add({
    code: 'PoolInvalid',
    prop: 'machine',
    allowed: `the machine of pool '${pool.name}', because pods request the whole node: ${JSON.stringify(expected)}`,
    got,
    fix: 'Create a separate runtime for the other machine.',
  });
}

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

export { TRAINING_NAMESPACE };

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
