import { Problems } from '../../core/errors';
import { checkLabelsLeftOut, checkLeftOut } from '../../kubernetes/existing-cluster';
import { isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { checkKeyRegion } from '../operations/encryption-key';
import { regionOf } from '../props/location';
import type { IGkeCluster } from './gke-cluster';
import { checkMaintenance } from './maintenance-checks';
import { type NewClusterOptions, OF_NEW_CLUSTERS } from './new-cluster-options';

/** Where nodes go: a cluster that exists, or what a new one is made with. */
export interface ClusterChoice extends NewClusterOptions {
  readonly zone: string;
  readonly cluster?: IGkeCluster;
  readonly systemLabels?: Readonly<Record<string, string>>;
}

/** Adds a problem where network or key are of another region, and where options of a new cluster are given for one that exists, or the other way. */
export function checkClusterOptions(problems: Problems, props: ClusterChoice): void {
  const { cluster, network, zone, systemLabels, encryptionKey } = props;
  if (network && network.region !== regionOf(zone)) {
    problems.add({
      code: 'LocationInvalid',
      prop: 'network',
      allowed: `a network with nodes in ${regionOf(zone)}, the region of ${zone}`,
      got: network.region,
      fix: 'Put all in one region.',
    });
  }
  checkKeyRegion(problems, encryptionKey, regionOf(zone));
  checkMaintenance(problems.within('maintenance'), props.maintenance);
  if (cluster) checkLeftOut(problems, props, OF_NEW_CLUSTERS);
  else {
    checkLabelsLeftOut(problems, systemLabels);
    checkRangeNames(problems, network);
  }
}

/** Adds a problem where a new cluster has no ranges for its pods and services. */
export function checkRangeNames(problems: Problems, network: IMlNetwork | undefined): void {
  if (!network || network.rangeNames) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'network.rangeNames',
    allowed: 'the names of the secondary ranges { pods, services } that a new cluster takes addresses from',
    got: undefined,
    fix: 'Name them in MlNetwork.existing({ rangeNames }).',
  });
}

/** The network of a cluster: brought, or that which the cluster tells, as a ControlPlane does. @default - neither is known */
export function networkOf(network: IMlNetwork | undefined, cluster: object | undefined): IMlNetwork | undefined {
  return network ?? (cluster && ofControlPlane(cluster) ? (cluster as { network: IMlNetwork }).network : undefined);
}

/** Whether a cluster tells its network, as a ControlPlane does. */
export function ofControlPlane(cluster: object): boolean {
  return 'network' in cluster && ML_NETWORK.fits(new Problems(), 'network', cluster.network);
}

/** Whether two clusters are known to be two: control planes made by this library, or names that are known. */
export function areTwoClusters(one: IGkeCluster, other: IGkeCluster): boolean {
  const [made, otherMade] = [ofControlPlane(one), ofControlPlane(other)];
  if (made || otherMade) return made === otherMade && one !== other;
  if (isUnknown([one.name, other.name, one.location, other.location])) return false;
  return one.name !== other.name || one.location !== other.location;
}
