import { type AcceleratorPool, HOSTNAME_LABEL } from './pool';

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
