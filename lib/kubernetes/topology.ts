import { type AcceleratorPool, HOSTNAME_LABEL } from './pool';

/** The levels of a pool's topology, down to the node itself. */
export function levelsOf({ topologyLevels = [] }: AcceleratorPool): string[] {
  return [...topologyLevels.filter((level) => level !== HOSTNAME_LABEL), HOSTNAME_LABEL];
}

/**
 * Pod annotations that ask Kueue for the nearest nodes: all of a job below one innermost switch, else below the one above it,
 * and so on outwards.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/topology_aware_scheduling/
 */
export function nearNodes(pool: AcceleratorPool): Readonly<Record<string, string>> | undefined {
  if (!pool.topologyLevels) return undefined;
  const levels = levelsOf(pool);
  return { 'kueue.x-k8s.io/podset-preferred-topology': levels.at(-2) ?? HOSTNAME_LABEL };
}
