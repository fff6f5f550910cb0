import { ProblemCollector } from '../../core/errors';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { checkSystemLabels } from '../../kubernetes/placement';
import { POOL_LABEL } from '../../kubernetes/pool';
import { addNetworkMissing } from '../../terraform/network-missing';
import { isKnown } from '../../terraform/tokens';
import { checkIssuer } from '../cluster/aks-cluster';
import { checkResourceGroup } from '../props/resource-group';
import { sizeCluster, type ResolvedCluster } from './job-plan';
import { networkOf } from './network-of';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';
import { checkGroups } from './training-groups-checks';
import type { FileSystemContext } from './training-storage';

/** Resources that a platform creates next to the cluster. */
export interface PlannedSiblings {
  /** Whether the platform creates buckets for datasets and checkpoints. @default - no */
  readonly data?: boolean;
}

/**
 * Adds each problem of a training cluster before any resource exists, and sizes the open settings for its job. The props must have the right types.
 *
 * @returns undefined if there are neither nodes nor a job
 */
export function checkTrainingCluster(
  problems: ProblemCollector,
  given: TrainingClusterProps,
  siblings: PlannedSiblings = {},
): ResolvedCluster | undefined {
  checkResourceGroup(problems, 'resourceGroup', given.resourceGroup);
  if (!given.job && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // Problems of the job come last: invalid hardware is the first thing to fix.
  const ofJob = new ProblemCollector();
  const resolved = sizeCluster(ofJob, given);
  const { props, context } = resolved;
  const { storage, installation, cluster } = withDefaults(props);
  checkGroups(problems, props);
  cluster.check(problems);
  checkExistingCluster(problems, props);
  checkBuckets(problems, props, siblings);
  // The acceptance job is a file in the stack folder, where Terraform resolves no tokens.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context, fileSystemContext(props));
  checkStorageZone(problems, props);
  installation.check(problems);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !siblings.data) checkCheckpointsKept(problems, withDefaults(props));
  return resolved;
}

function checkBuckets(problems: ProblemCollector, props: ResolvedProps, { data }: PlannedSiblings): void {
  checkTwoBuckets(problems, props);
  const { datasets, checkpoints, cluster } = props;
  if (data || datasets || checkpoints) checkIssuer(problems, cluster?.existing);
}

/** Location and network of a new file system, with a placeholder for a network that the cluster creates. */
function fileSystemContext({ cluster, network, resourceGroup, zone = '1' }: ResolvedProps): FileSystemContext {
  const existing = cluster?.existing;
  return { resourceGroup, zone, network: network ?? (existing && networkOf(existing)) ?? PLANNED_NETWORK };
}

const PLANNED_NETWORK = {
  virtualNetworkId: 'new',
  nodeSubnetId: 'new',
  endpointSubnetId: 'new',
  podCidr: 'new',
  serviceCidr: 'new',
  privateDnsZoneId: () => 'new',
  addSubnet: () => undefined,
};

/** A Managed Lustre file system is in one zone. */
function checkStorageZone(problems: ProblemCollector, props: ResolvedProps): void {
  if (!withDefaults(props).storage.isNew || props.zone !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'zone',
    allowed: 'one of 1, 2, 3 for a new file system',
    got: undefined,
    fix: 'Set the zone of the nodes, or use TrainingStorage.none().',
  });
}

function checkExistingCluster(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster, network, storage } = withDefaults(props);
  const { existing, systemLabels, existingCharts = [] } = cluster;
  if (!existing) return;
  if (storage.isNew && !network && !networkOf(existing)) addNetworkMissing(problems);
  if (existingCharts.length > 0) {
    problems.add({
      code: 'ClusterOption',
      prop: 'cluster.existingCharts',
      allowed: 'left out, because a training cluster installs all of its charts',
      got: existingCharts,
      fix: 'Remove existingCharts, or use Installation.gitOps().',
    });
  }
  if (systemLabels === undefined) return;
  const pools = Object.entries(groupsOf(props)).map(([name, { nodeOptions }]) => ({
    name,
    nodeLabels: { ...nodeOptions?.labels, [POOL_LABEL]: name },
  }));
  checkSystemLabels(problems.within('cluster'), systemLabels, pools);
}
