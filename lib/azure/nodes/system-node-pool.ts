import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { checkCluster, type IAksCluster } from '../cluster/cluster-source';
import { checkZone } from '../props/location';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import { KubernetesClusterNodePool } from '../provider/azurerm';
import { checkAksPoolName, checkSystemNodes, type SystemNodeOptions, systemNodes } from './node-pool-options';
import { checkFreeName, claimName, rotationOf } from './pool-names';
import { SYSTEM_NODE_POOL_PROPS } from '../prop-schemas';

/** Properties for `SystemNodePool`. */
export interface SystemNodePoolProps extends SystemNodeOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IAksCluster;
  /** Availability zones, for example `['1', '2', '3']`. @default - none */
  readonly zones?: readonly string[];
  /** Name of the pool: 1 to 12 lower-case letters and digits. @default - the construct id in lower case */
  readonly name?: string;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * Labeled nodes for controllers in an existing cluster. A `ControlPlane` creates its own system nodes.
 *
 * @example
 * ```ts
 * import type { Construct } from 'constructs';
 * import { type IAksCluster, SystemNodePool } from 'ai-infra-constructs/azure';
 *
 * export function addSystemNodes(scope: Construct, cluster: IAksCluster): SystemNodePool {
 *   return new SystemNodePool(scope, 'System', { cluster, zones: ['1', '2', '3'] });
 * }
 * ```
 */
export class SystemNodePool extends Construct {
  /** The node pool. */
  public readonly resource: KubernetesClusterNodePool;
  /** Name of the pool. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: SystemNodePoolProps) {
    super(scope, id);
    checkProviders(this);
    this.name = props?.name ?? id.toLowerCase();
    check(this, this.name, props);
    const { cluster, zones, after } = props;
    this.resource = new KubernetesClusterNodePool(this, 'Resource', {
      ...systemNodes(props),
      name: this.name,
      kubernetesClusterId: cluster.id,
      mode: 'System',
      osType: 'Linux',
      vnetSubnetId: cluster.nodeSubnetId,
      zones: zones && [...zones],
      nodeLabels: { ...SYSTEM_LABELS },
      temporaryNameForRotation: rotationOf(this.name),
      dependsOn: after && existingDependencies(this, after),
      lifecycle: { ignoreChanges: ['node_count'] },
    });
  }
}

function check(scope: Construct, name: string, props: SystemNodePoolProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, SYSTEM_NODE_POOL_PROPS)) {
    checkCluster(problems, 'cluster', props.cluster);
    checkAksPoolName(problems, name);
    props.zones?.forEach((zone, index) => {
      checkZone(problems, `zones[${index}]`, zone);
    });
    checkSystemNodes(problems, props);
    checkFreeName(problems, scope, props.cluster, name);
    if (!problems.all.length) checkFreeName(problems, scope, props.cluster, rotationOf(name));
  }
  problems.throwIfAny(scope);
  for (const each of [name, rotationOf(name)]) claimName(scope, props.cluster, each);
}
