import type { Problems } from '../core/errors';
import { type AcceleratorPool, POOL_LABEL, type Toleration } from './pool';

/** The nodes that run what runs the cluster: controllers sit there, and never on an accelerator node. */
export interface SystemNodes {
  /** Labels that system nodes carry and accelerator nodes do not. */
  readonly labels: Readonly<Record<string, string>>;
  /** @default - the system nodes have no taint that controllers must tolerate */
  readonly tolerations?: readonly Toleration[];
}

/** Values that put a controller on the system nodes, as most charts name them. */
export function onSystemNodes({ labels, tolerations = [] }: SystemNodes): Record<string, unknown> {
  return { nodeSelector: { ...labels }, tolerations: [...tolerations] };
}

/** Affinity that keeps the pods of a node agent to the nodes of some pools. */
export function onPools(pools: readonly AcceleratorPool[]): Record<string, unknown> {
  const matchExpressions = [{ key: POOL_LABEL, operator: 'In', values: pools.map(({ name }) => name) }];
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

/** Adds a problem when the labels of the system nodes select nothing, or accelerator nodes as well. */
export function checkSystemNodes(
  problems: Problems,
  { labels }: SystemNodes,
  pools: readonly Pick<AcceleratorPool, 'name' | 'nodeLabels'>[] = [],
  prop = 'system.labels',
): void {
  const given = Object.entries(labels);
  const shared = pools.find(({ nodeLabels }) => given.every(([key, value]) => nodeLabels[key] === value));
  if (given.length > 0 && !shared) return;
  problems.add({
    code: 'ClusterOption',
    prop,
    allowed: 'labels that select the system nodes, and no accelerator node',
    got: labels,
    fix: shared ? `Leave out the labels that pool '${shared.name}' carries, too.` : 'Name a label of the system nodes.',
  });
}

/** Adds a problem when the labels that a construct was given for its system nodes select accelerator nodes as well, or nothing. */
export function checkSystemLabels(
  problems: Problems,
  labels: Readonly<Record<string, string>>,
  pools: readonly Pick<AcceleratorPool, 'name' | 'nodeLabels'>[],
): void {
  checkSystemNodes(problems, { labels }, pools, 'systemLabels');
}
