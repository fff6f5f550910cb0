import type { Construct } from 'constructs';
import { NodeServiceAccount } from '../nodes/node-service-account';
import { SystemNodePool } from '../nodes/system-node-pool';
import { regionOf } from '../props/location';
import type { ClusterChoice } from './cluster-option-checks';
import { ControlPlane } from './control-plane';
import type { IGkeCluster } from './gke-cluster';
import { newClusterOptions } from './new-cluster-options';

/** A cluster with nodes for its system: brought, or made below a scope. */
export interface StandingCluster {
  readonly cluster: IGkeCluster;
  /** @default - the cluster was brought */
  readonly controlPlane?: ControlPlane;
  /** @default - the cluster was brought */
  readonly systemNodes?: SystemNodePool;
  /** Email of the account that nodes run as. @default - no node is made */
  readonly serviceAccount?: string;
}

/** What nodes a cluster is to get. */
export interface NodesToCome {
  /** Whether all of them start shielded: bare metal cannot. */
  readonly shielded: boolean;
  /** Whether some are made beside those of the system. */
  readonly further: boolean;
}

/** The cluster that was brought, or a new one with its system nodes, as children of a scope. */
export function standingCluster(scope: Construct, props: ClusterChoice, nodes: NodesToCome): StandingCluster {
  const wanted = !props.cluster || nodes.further;
  const serviceAccount = wanted ? new NodeServiceAccount(scope, 'NodeAccount').email : undefined;
  const controlPlane = props.cluster ? undefined : newControlPlane(scope, props, nodes.shielded, serviceAccount);
  if (!controlPlane) return { cluster: props.cluster!, serviceAccount };
  const { encryptionKey: key } = controlPlane;
  const systemNodes = new SystemNodePool(scope, 'System', {
    ...{ cluster: controlPlane, serviceAccount, bootDiskKey: key.keyId },
    after: [key.grantTo('compute')],
  });
  return { cluster: controlPlane, controlPlane, systemNodes, serviceAccount };
}

function newControlPlane(
  scope: Construct,
  props: ClusterChoice,
  shieldedNodes: boolean,
  serviceAccount: string | undefined,
): ControlPlane {
  return new ControlPlane(scope, 'ControlPlane', {
    ...newClusterOptions(props),
    region: regionOf(props.zone),
    shieldedNodes,
    serviceAccount,
  });
}
