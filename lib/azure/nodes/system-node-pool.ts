import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, kind, listOf, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { AKS_CLUSTER, checkCluster, type IAksCluster } from '../cluster/aks-cluster';
import { checkZone } from '../props/location';
import { standingBefore } from '../../terraform/standing-before';
import { KubernetesClusterNodePool } from '../provider/azurerm';
import { checkAksPoolName } from './node-pool-checks';
import { checkSystemNodes, type SystemNodes, systemNodes } from './system-nodes';

/** Properties for `SystemNodePool`. */
export interface SystemNodePoolProps extends SystemNodes {
  /** The cluster to join. */
  readonly cluster: IAksCluster;
  /** Availability zones, e.g. `['1', '2', '3']`. @default - none */
  readonly zones?: readonly string[];
  /** Name of the pool: 1 to 12 lower-case letters and digits. @default - the id of the construct, in lower case */
  readonly name?: string;
  /** What must stand before the nodes. @default - only what they refer to */
  readonly after?: readonly ITerraformDependable[];
}

const SHAPE: Shape<SystemNodePoolProps> = {
  cluster: required(AKS_CLUSTER),
  machineType: TEXT,
  minNodes: NUMBER,
  maxNodes: NUMBER,
  zones: listOf(TEXT),
  name: kind('a text', (value) => typeof value === 'string'),
  after: listOf(ANYTHING),
};

/**
 * Nodes for controllers, in a cluster that stands already and has none with labels of their own: a `ControlPlane` brings its own.
 */
export class SystemNodePool extends Construct {
  public readonly resource: KubernetesClusterNodePool;
  public readonly name: string;

  constructor(scope: Construct, id: string, props: SystemNodePoolProps) {
    super(scope, id);
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
      dependsOn: after && standingBefore(this, after),
      lifecycle: { ignoreChanges: ['node_count'] },
    });
  }
}

function check(scope: Construct, name: string, props: SystemNodePoolProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE)) {
    checkCluster(problems, 'cluster', props.cluster);
    checkAksPoolName(problems, name);
    props.zones?.forEach((zone, index) => {
      checkZone(problems, `zones[${index}]`, zone);
    });
    checkSystemNodes(problems, props);
  }
  problems.throwIfAny(scope);
}
