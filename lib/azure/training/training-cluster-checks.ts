import { Problems } from '../../core/errors';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { checkLabelsLeftOut, checkLeftOut } from '../../kubernetes/existing-cluster';
import { checkSystemLabels } from '../../kubernetes/placement';
import { POOL_LABEL } from '../../kubernetes/pool';
import { addNetworkMissing } from '../../terraform/network-missing';
import { isKnown } from '../../terraform/tokens';
import { checkIssuer } from '../cluster/aks-cluster';
import { checkControlPlane } from '../cluster/control-plane-checks';
import { OF_NEW_CLUSTERS } from '../cluster/new-cluster-options';
import { checkResourceGroup } from '../props/resource-group';
import { sizeCluster, type SizedCluster } from './job-plan';
import { networkOf } from './network-of';
import { groupsOf, type SizedProps, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';
import { checkGroups } from './training-groups-checks';
import type { StoragePlace } from './training-storage';

/** What a composite will make besides. */
export interface Promised {
  /** Whether it makes stores for datasets and checkpoints. @default - it is as the props say */
  readonly data?: boolean;
}

/**
 * Adds everything that contradicts itself in a training cluster whose props have the right kinds, before any of it is made, and sizes what
 * its job leaves open; nothing where it has neither nodes nor a job.
 */
export function checkTrainingCluster(
  problems: Problems,
  given: TrainingClusterProps,
  promised: Promised = {},
): SizedCluster | undefined {
  checkResourceGroup(problems, 'resourceGroup', given.resourceGroup);
  if (!given.job && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // What contradicts the job comes last: hardware that cannot be is the first thing to mend.
  const ofJob = new Problems();
  const sized = sizeCluster(ofJob, given);
  const { props, context } = sized;
  const { storage, installation } = withDefaults(props);
  checkGroups(problems, props);
  checkBrought(problems, props);
  checkLabels(problems, props);
  checkStores(problems, props, promised);
  // The acceptance job is a file beside the stack, which no deployment fills in.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context, placeOf(props));
  checkStorageZone(problems, props);
  installation.check(problems);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !promised.data) checkCheckpointsKept(problems, withDefaults(props));
  return sized;
}

function checkStores(problems: Problems, props: SizedProps, { data }: Promised): void {
  checkTwoBuckets(problems, props);
  const { datasets, checkpoints, cluster } = props;
  if (data || datasets || checkpoints) checkIssuer(problems, cluster);
}

/** Where a new file system will stand: what the cluster makes for it is promised here. */
function placeOf({ cluster, network, resourceGroup, zone = '1' }: SizedProps): StoragePlace {
  return { resourceGroup, zone, network: network ?? (cluster && networkOf(cluster)) ?? PROMISED_NETWORK };
}

const PROMISED_NETWORK = {
  virtualNetworkId: 'new',
  nodeSubnetId: 'new',
  endpointSubnetId: 'new',
  podCidr: 'new',
  serviceCidr: 'new',
  privateDnsZoneId: () => 'new',
  addSubnet: () => undefined,
};

/** Managed Lustre stands in one zone, and says so. */
function checkStorageZone(problems: Problems, props: SizedProps): void {
  if (!withDefaults(props).storage.isNew || props.zone !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'zone',
    allowed: 'given for a new file system, which stands in one zone',
    got: undefined,
    fix: 'Give the zone of the nodes, or storage: TrainingStorage.none().',
  });
}

function checkBrought(problems: Problems, props: SizedProps): void {
  const { cluster, network, storage } = withDefaults(props);
  if (!cluster) {
    checkControlPlane(problems, props);
    return;
  }
  checkLeftOut(problems, props, OF_NEW_CLUSTERS);
  if (storage.isNew && !network && !networkOf(cluster)) addNetworkMissing(problems);
}

/** Labels of a cluster that was brought must tell its system nodes from those that are made. */
function checkLabels(problems: Problems, props: SizedProps): void {
  const { cluster, systemLabels } = props;
  if (!cluster) checkLabelsLeftOut(problems, systemLabels);
  if (systemLabels === undefined || !cluster) return;
  const pools = Object.entries(groupsOf(props)).map(([name, { labels }]) => ({
    name,
    nodeLabels: { ...labels, [POOL_LABEL]: name },
  }));
  checkSystemLabels(problems, systemLabels, pools);
}
