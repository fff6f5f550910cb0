import type { IConstruct } from 'constructs';
import { type Problem, ProblemCollector } from './errors';

/** A Helm release, as far as two installations can collide. */
export interface SharedRelease {
  /** Name of the chart. */
  readonly chart: string;
  /** Name of the release. */
  readonly release: string;
  /** Namespace of the release. */
  readonly namespace: string;
  /** How to resolve a duplicate. @default - with `existingCharts` */
  readonly fix?: string;
}

/** What one construct puts on a Kubernetes cluster. */
export interface ClusterContents {
  /** Names of its node pools. Pods select their nodes by this name. */
  readonly pools: readonly string[];
  /** Charts that it installs. */
  readonly releases: readonly SharedRelease[];
}

/** A cluster, and how to compare it with others. */
export interface ComparedCluster<C extends object> {
  /** The cluster. */
  readonly cluster: C;
  /** Whether two clusters are the same. Undefined if that is unknown at synthesis. One object is always the same cluster. */
  readonly isSame: (one: C, other: C) => boolean | undefined;
  /** Identifies the account, project or subscription of the cluster at synthesis. @default - `isSame` decides alone */
  readonly account?: () => string;
}

/** How to read a construct that shares a cluster with others. */
export interface SharedCluster<C extends object> extends ComparedCluster<C> {
  /** What the construct puts on the cluster. Read at synthesis, and only if another construct uses the cluster. */
  readonly contents: () => ClusterContents;
}

const QUEUE = Symbol.for('ai-infra-constructs.training-queue');

type WithQueue<C extends object> = IConstruct & { readonly [QUEUE]: ComparedCluster<C> };

/** Records that a construct creates the training queue of a cluster, which has one. Throws if an earlier construct did so. */
export function claimQueue<C extends object>(construct: IConstruct, compared: ComparedCluster<C>): void {
  const hasQueue = (other: IConstruct): other is WithQueue<C> => QUEUE in other;
  const first = construct.node.root.node
    .findAll()
    .filter(hasQueue)
    .find((other) => areSame(compared, other[QUEUE]));
  const problems = new ProblemCollector();
  if (first) problems.add(twoQueues(first.node.path));
  problems.throwIfAny(construct);
  Object.defineProperty(construct, QUEUE, { value: compared });
}

const SHARED_CLUSTER = Symbol.for('ai-infra-constructs.shared-cluster');

type Sharing<C extends object> = IConstruct & { readonly [SHARED_CLUSTER]: SharedCluster<C> };

/**
 * Rejects two constructs of an app that collide on one cluster at synthesis: one pool name, or one Helm release. Each collision would replace what the other construct installed.
 */
export function sharesCluster<C extends object>(construct: IConstruct, shared: SharedCluster<C>): void {
  Object.defineProperty(construct, SHARED_CLUSTER, { value: shared });
  const isSharing = (other: IConstruct): other is Sharing<C> => SHARED_CLUSTER in other;
  construct.node.addValidation({
    validate: () => {
      const all = construct.node.root.node.findAll().filter(isSharing);
      const before = all.slice(0, all.indexOf(construct as Sharing<C>));
      const problems = new ProblemCollector();
      for (const other of before) {
        const { contents } = other[SHARED_CLUSTER];
        if (!areSame(shared, other[SHARED_CLUSTER])) continue;
        for (const problem of collisions(shared.contents(), contents(), other.node.path)) problems.add(problem);
      }
      problems.throwIfAny(construct);
      return [];
    },
  });
}

function areSame<C extends object>(one: ComparedCluster<C>, other: ComparedCluster<C>): boolean {
  if (one.account?.() !== other.account?.()) return false;
  return one.cluster === other.cluster || one.isSame(one.cluster, other.cluster) === true;
}

function collisions(own: ClusterContents, other: ClusterContents, path: string): Problem[] {
  return [
    ...own.pools.filter((name) => other.pools.includes(name)).map((name) => onePool(name, path)),
    ...own.releases
      .filter(({ release, namespace }) =>
        other.releases.some((one) => one.release === release && one.namespace === namespace),
      )
      .map((release) => oneRelease(release, path)),
  ];
}

function twoQueues(path: string): Problem {
  return {
    code: 'QueueDuplicate',
    prop: 'cluster',
    allowed: `one TrainingCluster on each cluster, and ${path} is on it already`,
    got: 'a second TrainingCluster',
    fix: 'Add its nodes to `groups` of the first TrainingCluster, or use another cluster.',
  };
}

function onePool(name: string, path: string): Problem {
  return {
    code: 'GroupDuplicate',
    prop: 'name',
    allowed: `a name that no other node pool of the cluster has, and ${path} has a pool with this name`,
    got: name,
    fix: 'Rename one of them. A model names its pool after `name`, and a training cluster after the key in `groups`.',
  };
}

function oneRelease({ chart, fix }: SharedRelease, path: string): Problem {
  return {
    code: 'ChartDuplicate',
    prop: chart,
    allowed: `installed only once on a cluster, and ${path} installs it already`,
    got: 'a second release',
    fix:
      fix ??
      (chart === 'karpenter'
        ? 'Use ServingNodes.karpenter({ installed: true }) in one of them.'
        : 'Add it to `existingCharts` of ClusterSource.fromCluster() in one of them.'),
  };
}
