import { Problems } from '../core/errors';
import { quantitiesOf } from './allocatable';
import { checkNames, type EnvVar, type KubernetesManifest } from './manifest';
import { NODE_CONTAINER, type MountedClaim, nodePod, type PodIdentity } from './node-pod';
import type { AcceleratorPool } from './pool';
import { checkPool } from './pool-checks';
import { DISRUPTED_PODS, RESTARTS } from './restarts';

/** Properties for `trainingRuntime`. */
export interface TrainingRuntimeProps {
  /** The pool whose nodes the jobs take. */
  readonly pool: AcceleratorPool;
  /** Pools of the same machine that will do, too, e.g. on-demand nodes behind a spot pool. @default - none */
  readonly fallbackPools?: readonly AcceleratorPool[];
  /** Image with PyTorch and the libraries of the fabric; a job may name another. */
  readonly image: string;
  /** Name of the runtime, which jobs refer to. @default - the pool's name */
  readonly name?: string;
  /** Environment of the fabric, e.g. `FI_PROVIDER=efa`. @default - none */
  readonly env?: readonly EnvVar[];
  /** Claim of the namespace of the jobs. @default - no shared storage */
  readonly claim?: MountedClaim;
  /** Whom jobs act as in the cloud. @default - the default service account of their namespace */
  readonly identity?: PodIdentity;
  /**
   * Compute domain of the job, where the pool's scale-up domain spans nodes: it must stand in the job's namespace, and serves
   * one job at a time.
   *
   * @default - the pool's name, for such a pool
   */
  readonly computeDomain?: string;
}

/**
 * How PyTorch jobs run on a pool: one pod a node, `torchrun` in it, told by the Trainer who leads and who is which. Jobs are
 * made from it by `trainJob`.
 *
 * @see https://www.kubeflow.org/docs/components/trainer/operator-guides/runtime/
 */
export function trainingRuntime(props: TrainingRuntimeProps): KubernetesManifest {
  const { pool, fallbackPools = [], image, name = pool.name, env, claim, identity } = props;
  const computeDomain = props.computeDomain ?? (pool.multiNodeScaleUp ? pool.name : undefined);
  const problems = new Problems();
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
                // A node that fails fails its job at once: the ranks of the others wait for it in vain.
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

function checkFallback(problems: Problems, pool: AcceleratorPool, other: AcceleratorPool): void {
  checkPool(problems, other);
  const [wanted, got] = [quantitiesOf(pool, 1), quantitiesOf(other, 1)];
  if (new Set([...Object.entries(wanted), ...Object.entries(got)].map(String)).size === Object.keys(wanted).length)
    return;
  problems.add({
    code: 'PoolInvalid',
    prop: 'machine',
    allowed: `the machine of pool '${pool.name}', since pods ask for all of it: ${JSON.stringify(wanted)}`,
    got,
    fix: 'Make a runtime of its own for another machine.',
  });
}
