import type { IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { providerKey } from '../../terraform/chosen-provider';
import { isUnknown } from '../../terraform/tokens';
import { type IAckCluster, isSameCluster } from '../cluster/cluster-source';

const NAMED_POOLS = Symbol.for('ai-infra-constructs.alicloud-node-pools');

interface NamedPool {
  readonly pool: IConstruct;
  readonly cluster: IAckCluster;
  readonly name: string;
}

/** Rejects at synthesis a second node pool with the same name in a cluster of the app. ACK would reject it at deployment. */
export function claimPoolName(pool: IConstruct, cluster: IAckCluster, name: string): void {
  const root = pool.node.root as IConstruct & { [NAMED_POOLS]?: NamedPool[] };
  const pools = (root[NAMED_POOLS] ??= []);
  const own = { pool, cluster, name };
  const before = pools.filter((other) => other.name === name && !isUnknown(name));
  pools.push(own);
  pool.node.addValidation({
    validate: () => {
      const problems = new ProblemCollector();
      const other = before.find((one) => collide(one, own));
      if (other) {
        problems.add({
          code: 'GroupDuplicate',
          prop: 'name',
          allowed: `a name that no other node pool of the cluster has, and ${other.pool.node.path} has this name`,
          got: name,
          fix: 'Set `name` of one of them. Without `name`, a node pool is named after the id of the construct.',
        });
      }
      problems.throwIfAny(pool);
      return [];
    },
  });
}

function collide(one: NamedPool, other: NamedPool): boolean {
  const isSameAccount = providerKey(one.pool, 'alicloud') === providerKey(other.pool, 'alicloud');
  return isSameAccount && isSameCluster(one.cluster, other.cluster) === true;
}
