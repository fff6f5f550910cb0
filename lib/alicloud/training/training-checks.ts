import { ProblemCollector } from '../../core/errors';
import { type StorageContext, sizeForJob } from '../../core/planning/layout/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { addNodesMissing, checkCheckpointsKept, checkTwoBuckets } from '../../core/planning/training-checks';
import { withoutAnsweredFindings } from '../../core/planning/training-findings';
import { POOL_LABEL } from '../../kubernetes/pool';
import { checkSystemLabels } from '../../kubernetes/placement';
import { checkAdditionalGroups, MAIN_GROUP } from '../../kubernetes/training-objects';
import { Installation } from '../../terraform/installation';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { checkOidc, ClusterSource } from '../cluster/cluster-source';
import { plannedMachine } from '../machine/planned-machine';
import { checkedNodes } from '../nodes/node-pool-checks';
import { checkZone, regionOf } from '../props/location';
import type { FileSystemContext } from './training-storage';
import { TrainingStorage } from './training-storage';
import type { TrainingClusterProps, TrainingGroupOptions } from './training-cluster';

/** What a platform creates next to its cluster. */
export interface PlannedSiblings {
  /** Whether it creates buckets for datasets and checkpoints. @default - no */
  readonly data?: boolean;
}

/** The props of a cluster with a resolved number of nodes. */
export type ResolvedProps = TrainingClusterProps & { readonly nodes: number };

/** A training cluster with resolved sizes. */
export interface ResolvedCluster {
  /** Props with a known number of nodes. */
  readonly props: ResolvedProps;
  /** What its file system is sized for. */
  readonly context: StorageContext;
  /** The plan of the job. @default - there is no job, or it cannot be planned */
  readonly plan?: TrainingPlan;
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
  checkZone(problems, 'zone', given.zone);
  if (isUnknown(given.zone)) return undefined;
  if (!given.job && given.nodes === undefined) {
    addNodesMissing(problems);
    return undefined;
  }
  // Problems of the job come last: invalid hardware is the first thing to fix.
  const ofJob = new ProblemCollector();
  const resolved = sizeCluster(ofJob, given);
  const { props, context } = resolved;
  const { cluster, storage, installation, zone, network } = withDefaults(props);
  cluster.check(problems, { zone, network });
  checkGroups(problems, props);
  checkOwnKey(problems, props);
  checkLabels(problems, props);
  checkTwoBuckets(problems, props);
  if (siblings.data || props.datasets || props.checkpoints) checkOidc(problems, cluster.existing);
  // The acceptance job is a file in the stack folder, where Terraform resolves no tokens.
  isKnown(problems.within('images'), 'acceptance', props.images?.acceptance);
  storage.check(problems.within('storage'), context, fileSystemContext(props));
  installation.check(problems);
  for (const problem of ofJob.all) problems.add(problem);
  if (props.job && !siblings.data) checkCheckpointsKept(problems, withDefaults(props));
  return resolved;
}

/** Adds the defaults that other checks depend on. */
export function withDefaults<P extends TrainingClusterProps>(
  props: P,
): P & Required<Pick<P, 'cluster' | 'storage' | 'installation'>> {
  const { cluster = ClusterSource.create(), storage = TrainingStorage.cpfs() } = props;
  return { ...props, cluster, storage, installation: props.installation ?? Installation.byDeployment() };
}

/** All groups by name, the main group first. */
export function groupsOf(props: TrainingClusterProps): Readonly<Record<string, TrainingGroupOptions>> {
  const { machine, nodes, capacity, compactPlacement, nodeOptions } = props;
  return { [MAIN_GROUP]: { machine, nodes, capacity, compactPlacement, nodeOptions }, ...props.groups };
}

/** Whether a group has instances of ECS with eRDMA. */
export function usesErdma(props: TrainingClusterProps): boolean {
  return Object.values(groupsOf(props)).some(({ machine, capacity }) => machine.hasErdma && !capacity?.lingjunNodes);
}

/** Name of the node pool that a new cluster has for controllers. */
const SYSTEM_POOL = 'system';
/** System nodes of a cluster with Lingjun nodes. @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/lingjun-node-pool-management */
const LINGJUN_SYSTEM_NODES = 3;

function checkGroups(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster, zone, network } = withDefaults(props);
  const planned = cluster.planned({ zone, network });
  for (const [name, { nodeOptions, ...group }] of Object.entries(groupsOf(props))) {
    const within = name === MAIN_GROUP ? problems : problems.within(`groups.${name}`);
    const ofNodes = within.within('nodeOptions');
    checkedNodes(within, name, { ...group, ...nodeOptions, zone, cluster: planned }, ofNodes);
    if (nodeOptions?.gpuSharing === undefined) continue;
    ofNodes.add({
      code: 'ClusterOption',
      prop: 'gpuSharing',
      allowed: 'left out for training, whose jobs use whole nodes',
      got: nodeOptions.gpuSharing,
      fix: 'Remove gpuSharing, or create an AcceleratorNodePool for inference.',
    });
  }
  checkAdditionalGroups(problems, props.groups);
  checkSystemPool(problems, props);
}

function checkSystemPool(problems: ProblemCollector, props: ResolvedProps): void {
  const { cluster, groups = {} } = withDefaults(props);
  if (cluster.existing) return;
  if (Object.hasOwn(groups, SYSTEM_POOL)) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${SYSTEM_POOL}`,
      allowed: `a name other than ${SYSTEM_POOL}, the node pool of the system nodes`,
      got: SYSTEM_POOL,
      fix: 'Rename the group.',
    });
  }
  const { minNodes = 0 } = cluster.newCluster.systemNodes ?? {};
  const hasLingjun = Object.values(groupsOf(props)).some(({ capacity }) => capacity?.lingjunNodes);
  if (!hasLingjun || minNodes >= LINGJUN_SYSTEM_NODES) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'cluster.systemNodes.minNodes',
    allowed: `at least ${LINGJUN_SYSTEM_NODES} for a cluster with Lingjun nodes`,
    got: cluster.newCluster.systemNodes?.minNodes,
    fix: `Set systemNodes: { minNodes: ${LINGJUN_SYSTEM_NODES} } in ClusterSource.create.`,
  });
}

/** A new cluster has one key. */
function checkOwnKey(problems: ProblemCollector, { cluster, encryptionKey }: ResolvedProps): void {
  if (!encryptionKey || cluster?.newCluster.encryptionKey === undefined) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'encryptionKey',
    allowed: 'left out if ClusterSource.create has a key, which the file system uses too',
    got: 'a second key',
    fix: 'Set one of them.',
  });
}

/** The labels of existing system nodes must not select the new accelerator nodes. */
function checkLabels(problems: ProblemCollector, props: ResolvedProps): void {
  const { systemLabels } = withDefaults(props).cluster;
  if (systemLabels === undefined) return;
  const pools = Object.entries(groupsOf(props)).map(([name, { nodeOptions }]) => ({
    name,
    nodeLabels: { ...nodeOptions?.labels, [POOL_LABEL]: name },
  }));
  checkSystemLabels(problems.within('cluster'), systemLabels, pools);
}

/** Location and network of a new file system, with a placeholder for a network that the cluster creates. */
function fileSystemContext(props: ResolvedProps): FileSystemContext {
  const { cluster, zone, network, encryptionKey } = withDefaults(props);
  return { zone, network: network ?? cluster.planned({ zone }).network, encryptionKey };
}

/** Sizes the open settings for the job, and adds each contradiction. Returns the props unchanged without a job. */
function sizeCluster(problems: ProblemCollector, props: TrainingClusterProps): ResolvedCluster {
  const { job, machine, capacity, zone, prices } = props;
  if (!job) return withoutSizing(props);
  const { storage } = withDefaults(props);
  const resolved = sizeForJob(problems, {
    job,
    machine: plannedMachine(machine),
    // A reservation is billed at the on-demand price, used or not.
    market: capacity?.isElastic ? 'spot' : 'on-demand',
    region: regionOf(zone),
    prices,
    nodes: props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!resolved) return withoutSizing(props);
  const plan = withoutAnsweredFindings(resolved.plan, storage);
  return { plan, context: resolved.context, props: { ...props, nodes: resolved.nodes } };
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const resolved = { ...props, nodes: props.nodes ?? 1 };
  return { props: resolved, context: storageContext(resolved) };
}

/** What the file system is sized for. */
function storageContext(props: ResolvedProps): StorageContext {
  return { nodes: Object.values(groupsOf(props)).reduce((sum, { nodes = 0 }) => sum + nodes, 0) };
}
