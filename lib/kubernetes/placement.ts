import type { ProblemCollector } from '../core/errors';
import { type AcceleratorPool, POOL_LABEL, type Toleration } from './pool';

/** Nodes that run the controllers of the cluster. Controllers never run on accelerator nodes. */
export interface SystemNodes {
  /** Labels that system nodes have and accelerator nodes do not have. */
  readonly labels: Readonly<Record<string, string>>;
  /** Tolerations for the taints of the system nodes. @default - none */
  readonly tolerations?: readonly Toleration[];
}

/** Returns the node selector and the tolerations for controllers on system nodes, with the names that most charts use. */
export function onSystemNodes({ labels, tolerations = [] }: SystemNodes): Record<string, unknown> {
  return { nodeSelector: { ...labels }, tolerations: [...tolerations] };
}

/** Returns the affinity that restricts pods to the nodes of the pools. */
export function onPools(pools: readonly AcceleratorPool[]): Record<string, unknown> {
  const matchExpressions = [{ key: POOL_LABEL, operator: 'In', values: pools.map(({ name }) => name) }];
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

/** Adds a problem if the labels of the system nodes are empty or also select accelerator nodes. */
export function checkSystemNodes(
  problems: ProblemCollector,
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
    allowed: 'labels that select the system nodes but no accelerator node',
    got: labels,
    fix: shared
      ? `Remove the labels that the nodes of pool '${shared.name}' also have.`
      : 'Add a label of the system nodes.',
  });
}

/** Adds a problem if the prop `systemLabels` is empty or also selects accelerator nodes. */
export function checkSystemLabels(
  problems: ProblemCollector,
  labels: Readonly<Record<string, string>>,
  pools: readonly Pick<AcceleratorPool, 'name' | 'nodeLabels'>[],
): void {
  checkSystemNodes(problems, { labels }, pools, 'systemLabels');
}

/** Adds a problem if the prop `systemLabels` of an existing cluster is missing or empty. */
export function checkSystemLabelsSet(
  problems: ProblemCollector,
  systemLabels: Readonly<Record<string, string>> = {},
): void {
  if (Object.keys(systemLabels).length > 0) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'systemLabels',
    allowed: 'labels of nodes without taints, because controllers run on these nodes',
    got: systemLabels,
    fix: 'Label the nodes for your controllers, and set the label here.',
  });
}
