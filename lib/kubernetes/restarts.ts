import { type AcceleratorPool, HOSTNAME_LABEL } from './pool';
import type { ProblemCollector } from '../core/errors';

/**
 * Number of restarts before a job fails. It must cover the failed nodes of a long run, because most of them count: see `RESTARTS`. Llama 3
 * had one unexpected interruption in 50,677 accelerator hours: 44 in a run of 90 days on 128 nodes with 8 accelerators. A program that
 * always fails stops after as many attempts. Objects reject changes to the number and to the rules after creation.
 *
 * @see https://arxiv.org/abs/2407.21783 (table 5)
 */
const MAX_RESTARTS = 50;

/**
 * A Job that loses a pod with its node fails immediately, with a specific reason, if no other pod failed before. The ranks on the other nodes
 * cannot continue without that pod.
 */
export const DISRUPTED_PODS = {
  rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
} as const;

/**
 * A JobSet restarts as a whole if a part of it fails, and continues from its last checkpoint. Without this policy the first failure ends the
 * JobSet. The loss of a node does not count if Kubernetes reports it first, for example because a drain evicts the pod. Usually the ranks on
 * the other nodes notice the broken connection first, and exit. Then the Job fails for another reason, and the restart counts.
 *
 * @see https://github.com/kubernetes-sigs/jobset/tree/main/keps/262-ConfigurableFailurePolicy
 */
export const RESTARTS = {
  maxRestarts: MAX_RESTARTS,
  rules: [
    { name: 'disrupted', action: 'RestartJobSetAndIgnoreMaxRestarts', onJobFailureReasons: ['PodFailurePolicy'] },
  ],
} as const;

/** Returns the levels of the topology of a pool. The last level is the node. */
export function levelsOf({ topologyLevels = [] }: AcceleratorPool): string[] {
  return [...topologyLevels.filter((level) => level !== HOSTNAME_LABEL), HOSTNAME_LABEL];
}

/**
 * Returns the pod annotations that make Kueue place a job on close nodes. Kueue first tries one innermost switch, then the next outer level,
 * and so on.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/topology_aware_scheduling/
 */
export function topologyAnnotations(pool: AcceleratorPool): Readonly<Record<string, string>> | undefined {
  if (!pool.topologyLevels) return undefined;
  const levels = levelsOf(pool);
  return { 'kueue.x-k8s.io/podset-preferred-topology': levels.at(-2) ?? HOSTNAME_LABEL };
}

const GPU_VENDORS: ReadonlySet<string> = new Set(['NVIDIA', 'AMD']);

/**
 * Returns the number of processes per node: one per GPU, or one per core in use for other accelerators. Adds a problem if the number is
 * unknown.
 */
export function ranksOf(problems: ProblemCollector, pool: AcceleratorPool, given: number | undefined): number {
  const perAccelerator = given ?? (GPU_VENDORS.has(pool.acceleratorVendor) ? 1 : undefined);
  if (perAccelerator === undefined) {
    problems.add({
      code: 'RanksUnknown',
      prop: 'ranksPerAccelerator',
      allowed: `set for accelerators of ${pool.acceleratorVendor}`,
      got: given,
      fix: 'Set it to the number of logical cores per accelerator, for example 2 for Trainium1.',
    });
    return 0;
  }
  if (!Number.isSafeInteger(perAccelerator) || perAccelerator < 1) {
    problems.add({
      code: 'RanksUnknown',
      prop: 'ranksPerAccelerator',
      allowed: 'a whole number of at least 1',
      got: given,
      fix: 'Set it to the number of processes that share one accelerator.',
    });
  }
  return perAccelerator * pool.acceleratorsPerNode;
}
