import { ProblemCollector } from '../../core/errors';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { checkSystemLabels } from '../../kubernetes/placement';
import { addNetworkMissing } from '../../terraform/network-missing';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { tpuSlice } from '../machine/tpu-topology';
import { checkZone } from '../props/location';
import { checkPeering } from '../storage/service-peering';
import { groupLabels } from './accelerator-pool';
import { sizeCluster, type ResolvedCluster } from './job-plan';
import type { TrainingClusterProps } from './training-cluster-props';
import { groupsOf, type ResolvedProps, withDefaults } from './training-cluster-options';
import type { TrainingGroupOptions } from './training-group';
import { checkGroups } from './training-groups-checks';
import { checkRanges } from './training-ranges-checks';

/** What a platform creates next to its cluster. */
export interface PlannedSiblings {
  /** Whether it creates a bucket for checkpoints. @default - the props decide */
  readonly checkpoints?: boolean;
}

/**
 * Adds each problem in the props of a training cluster before any resource is created, and sizes the settings that its job leaves open.
 *
 * @returns nothing if the cluster has neither nodes nor a job
 */
export function checkTrainingCluster(
  problems: ProblemCollector,
  given: TrainingClusterProps,
  planned: PlannedSiblings = {},
): ResolvedCluster | undefined {
  checkZone(problems, 'zone', given.zone);
  if (isUnknown(given.zone)) return undefined;
  if (!given.job && !given.machine.isTpu && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // Problems of the job come last: impossible hardware must be fixed first.
  const jobProblems = new ProblemCollector();
  const resolved = sizeCluster(jobProblems, given);
  const { props, context } = resolved;
  const { cluster, storage, installation } = withDefaults(props);
  checkGroups(problems, props);
  checkRanges(problems, props, cluster.networkFor(props.network));
  checkCluster(problems, props);
  checkLabels(problems, props);
  checkTwoBuckets(problems, props);
  // The acceptance job is written to a file next to the stack, so tokens in it are never resolved.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context);
  installation.check(problems);
  for (const problem of jobProblems.all) problems.add(problem);
  if (props.job && !planned.checkpoints) checkCheckpointsKept(problems, withDefaults(props));
  return resolved;
}

function checkCluster(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster, zone, network, storage } = withDefaults(props);
  cluster.check(problems, { zone, network });
  if (!storage.isNew) return;
  const knownNetwork = cluster.networkFor(network);
  if (knownNetwork) checkPeering(problems, knownNetwork);
  else if (cluster.existing) addNetworkMissing(problems);
}

/** The labels of existing system nodes must not select the new accelerator nodes. */
function checkLabels(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster } = props;
  if (cluster?.systemLabels === undefined) return;
  const pools = Object.entries(groupsOf(props)).map(([name, group]) => ({ name, nodeLabels: labelsOf(name, group) }));
  checkSystemLabels(problems.within('cluster'), cluster.systemLabels, pools);
}

function labelsOf(name: string, group: TrainingGroupOptions): Readonly<Record<string, string>> {
  const { machine, topology, nodeOptions } = group;
  const slice = machine.isTpu ? tpuSlice(new ProblemCollector(), machine, topology) : undefined;
  return { ...nodeOptions?.labels, ...groupLabels({ name, machine, slice }) };
}
