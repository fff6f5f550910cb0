import { ProblemCollector } from '../../core/errors';
import type { IMlNetwork } from '../network/network-attributes';
import { isUnknown } from '../../terraform/tokens';
import type { IGkeCluster } from './gke-cluster';
import { ML_NETWORK } from '../prop-schemas';

/** A cluster that exposes its network, as a `ControlPlane` does. */
type ClusterWithNetwork = IGkeCluster & { readonly network: IMlNetwork };

/** Adds a problem if a new cluster has no secondary ranges for its pods and services. */
export function checkRangeNames(problems: ProblemCollector, network: IMlNetwork | undefined): void {
  if (!network || network.rangeNames) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'network.rangeNames',
    allowed: 'the names of the secondary ranges { pods, services } for a new cluster',
    got: undefined,
    fix: 'Set `rangeNames` in MlNetwork.fromMlNetworkAttributes.',
  });
}

/** Adds the problem that a network is in another region than the cluster. */
export function addNetworkRegion(problems: ProblemCollector, { region }: IMlNetwork, allowed: string): void {
  problems.add({
    code: 'LocationInvalid',
    prop: 'network',
    allowed: `a network with a subnetwork in ${allowed}`,
    got: region,
    fix: 'Use one region for the network and the cluster.',
  });
}

/** The network of a cluster that is a `ControlPlane`. @default - unknown */
export function networkOfCluster(cluster: object): IMlNetwork | undefined {
  return isControlPlane(cluster) ? cluster.network : undefined;
}

/** Whether a cluster is a `ControlPlane`, from any copy of the package. */
export function isControlPlane(cluster: object): cluster is ClusterWithNetwork {
  return 'network' in cluster && ML_NETWORK.validate(new ProblemCollector(), 'network', cluster.network);
}

/** Whether two clusters are certainly different: two control planes of this library, or two names that are set at synthesis. */
export function areDifferentClusters(one: IGkeCluster, other: IGkeCluster): boolean {
  const [first, second] = [isControlPlane(one), isControlPlane(other)];
  if (first || second) return first === second && one !== other;
  if (isUnknown([one.name, other.name, one.location, other.location])) return false;
  return one.name !== other.name || one.location !== other.location;
}
