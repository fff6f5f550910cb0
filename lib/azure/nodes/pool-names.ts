import { createHash } from 'node:crypto';
import type { IConstruct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import type { IAksCluster } from '../cluster/cluster-source';

/** Pools of a `ControlPlane`: its system nodes, and the pool that replaces them for some minutes when their VM size changes. */
export const SYSTEM_POOLS = { nodes: 'system', rotation: 'systemnext' } as const;

/**
 * Name of the pool that replaces system nodes for some minutes when their VM size or their zones change. A name has at most 12 characters, so a hash
 * distinguishes names with the same start.
 */
export function rotationOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `next${name.slice(0, 2)}${hash}`;
}

/** A name that a pool of a cluster uses. */
interface NameClaim {
  readonly cluster: IAksCluster;
  readonly name: string;
  /** Path of the construct that creates the pool. */
  readonly path: string;
}

const CLAIMS = Symbol.for('ai-infra-constructs.aksPoolNames');

/** Claims of all stacks of an app. */
function claimsIn(scope: IConstruct): NameClaim[] {
  const holder = scope.node.root as { [CLAIMS]?: NameClaim[] };
  holder[CLAIMS] ??= [];
  return holder[CLAIMS];
}

/** Adds a problem if another pool of the cluster has the name. */
export function checkFreeName(problems: ProblemCollector, scope: IConstruct, cluster: IAksCluster, name: string): void {
  const other = claimsIn(scope).find((claim) => claim.name === name && isSame(claim.cluster, cluster));
  if (other) problems.add(duplicate('name', name, other.path));
}

/** Records the name of a pool. */
export function claimName(scope: IConstruct, cluster: IAksCluster, name: string): void {
  claimsIn(scope).push({ cluster, name, path: scope.node.path });
}

/** Adds a problem for each group with the name of a pool that a new cluster creates. */
export function checkGroupNames(problems: ProblemCollector, groups: object = {}, cluster?: IAksCluster): void {
  if (cluster && !('resource' in cluster)) return;
  for (const name of Object.values(SYSTEM_POOLS))
    if (Object.hasOwn(groups, name)) problems.add(duplicate(`groups.${name}`, name, 'the system nodes of the cluster'));
}

function isSame(one: IAksCluster, other: IAksCluster): boolean {
  if (one === other) return true;
  return !isUnknown([one.id, other.id]) && one.id.toLowerCase() === other.id.toLowerCase();
}

function duplicate(prop: string, name: string, owner: string) {
  return {
    code: 'GroupDuplicate',
    prop,
    allowed: `a name that no other pool of the cluster has; ${owner} uses this one`,
    got: name,
    fix: 'Use another name.',
  } as const;
}
