import { Problems } from '../../core/errors';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { checkSystemLabels } from '../../kubernetes/placement';
import { addNetworkMissing } from '../../terraform/network-missing';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { checkClusterOptions, networkOf, ofControlPlane } from '../cluster/cluster-option-checks';
import { tpuSlice } from '../machine/tpu-topology';
import { checkZone } from '../props/location';
import { checkPeering } from '../storage/service-peering';
import { groupLabels } from './accelerator-pool';
import { sizeCluster, type SizedCluster } from './job-plan';
import type { TrainingClusterProps } from './training-cluster-props';
import { groupsOf, type SizedProps, withDefaults } from './training-cluster-options';
import type { TrainingGroupOptions } from './training-group';
import { checkGroups } from './training-groups-checks';
import { checkRanges } from './training-ranges-checks';

/** What a composite will make besides. */
export interface Promised {
  /** Whether it makes a store for checkpoints. @default - it is as the props say */
  readonly checkpoints?: boolean;
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
  checkZone(problems, 'zone', given.zone);
  if (isUnknown(given.zone)) return undefined;
  if (!given.job && !given.machine.isTpu && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // What contradicts the job comes last: hardware that cannot be is the first thing to mend.
  const ofJob = new Problems();
  const sized = sizeCluster(ofJob, given);
  const { props, context } = sized;
  const { storage, installation } = withDefaults(props);
  checkGroups(problems, props);
  checkRanges(problems, props, networkOf(props.network, props.cluster));
  checkBrought(problems, props);
  checkLabels(problems, props);
  checkTwoBuckets(problems, props);
  checkAdmins(problems, props);
  // The acceptance job is a file beside the stack, which no deployment fills in.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context);
  installation.check(problems);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !promised.checkpoints) checkCheckpointsKept(problems, withDefaults(props));
  return sized;
}

// Groups of Google Workspace have rights in a cluster only where its security group is set up first.
const MEMBER = /^(user|serviceAccount):\S+@\S+$/;
// Kubernetes knows them by their address alone, so that the kind must be told from it now.
const KIND = /^(user|serviceAccount):/;

function checkAdmins(problems: Problems, { admins = [] }: SizedProps): void {
  admins.forEach((member, index) => {
    if (isUnknown(member) ? KIND.test(member) : MEMBER.test(member)) return;
    problems.add({
      code: 'AdminInvalid',
      prop: `admins[${index}]`,
      allowed: 'user:<address> or serviceAccount:<address>',
      got: member,
      fix: isUnknown(member)
        ? 'Write the kind before what only the deployment knows, e.g. `serviceAccount:${account.email}`.'
        : 'Name each one, or give a group roles/container.admin of the project.',
    });
  });
}

function checkBrought(problems: Problems, props: SizedProps): void {
  const { cluster, network, storage } = withDefaults(props);
  checkClusterOptions(problems, props);
  const itsNetwork = networkOf(network, cluster);
  if (storage.isNew && itsNetwork) checkPeering(problems, itsNetwork);
  if (!cluster) return;
  if (storage.isNew && !network && !ofControlPlane(cluster)) addNetworkMissing(problems);
}

/** Labels of a cluster that was brought must tell its system nodes from those that are made. */
function checkLabels(problems: Problems, props: SizedProps): void {
  const { cluster, systemLabels } = props;
  if (systemLabels === undefined || !cluster) return;
  const pools = Object.entries(groupsOf(props)).map(([name, group]) => ({ name, nodeLabels: labelsOf(name, group) }));
  checkSystemLabels(problems, systemLabels, pools);
}

function labelsOf(name: string, { machine, topology, labels }: TrainingGroupOptions): Readonly<Record<string, string>> {
  const slice = machine.isTpu ? tpuSlice(new Problems(), machine, topology) : undefined;
  return { ...labels, ...groupLabels({ name, machine, slice }) };
}
