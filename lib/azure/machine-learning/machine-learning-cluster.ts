import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { assertProps, required, STRING, validated } from '../../core/prop-schema';
import { recordWorkload } from '../../terraform/recorded-workload';
import { Capacity, AzureMarket } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import type { IManagedIdentity } from '../operations/identity';
import { Role } from '../operations/roles';
import { globalName, checkResourceId } from '../props/resource-id';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES, isoDuration, checkMlName } from './workspace-bodies';
import type { AmlComputeBody } from './bodies';
import { type Right, WorkIdentity, checkIdentity } from './work-identity';
import { type IMachineLearningWorkspace, checkWorkspace } from './workspace-attributes';
import { MACHINE_LEARNING_CLUSTER_PROPS } from '../prop-schemas';
import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import { isWithin } from '../../core/bounds';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';
import type { Prices } from '../../core/catalog/price-override';
import type { TrainingJob } from '../../core/workload/training-job';
import { type SizableStorage, sizeForJob } from '../../core/planning/layout/cluster-sizing';
import { atProbability } from '../../core/planning/range';
import { withoutAnsweredFindings } from '../../core/planning/training-findings';
import { plannedMachine } from '../machine/planned-machine';

/** An Azure ML compute cluster. */
export interface IMachineLearningCluster {
  /** Resource id of the cluster. */
  readonly id: string;
}

const MAX_NAME_LENGTH = 24;

/**
 * An Azure ML compute cluster, which scales with queued jobs: training without Kubernetes. Nodes with InfiniBand communicate over it. The number of
 * nodes can change while jobs run; machine type and capacity cannot.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-create-attach-compute-cluster
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import {
 *   AzureMachine,
 *   MachineLearningCluster,
 *   MachineLearningWorkspace,
 *   ResourceGroup,
 * } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const workspace = new MachineLearningWorkspace(stack, 'Workspace', { resourceGroup });
 * new MachineLearningCluster(stack, 'Cluster', {
 *   workspace,
 *   machine: AzureMachine.NC24ADS_A100_V4,
 *   maxNodes: 4,
 * });
 * ```
 */
export class MachineLearningCluster extends Construct implements IMachineLearningCluster {
  /** Imports an existing cluster by its resource id. Creates no resources. */
  static fromMachineLearningClusterId(scope: Construct, id: string, clusterId: string): IMachineLearningCluster {
    return new ImportedMlCluster(scope, id, clusterId);
  }

  /** The compute cluster. */
  public readonly resource: AzapiResource;
  /** Workspace of the cluster. */
  public readonly workspace: IMachineLearningWorkspace;
  /** Machine type of every node. */
  public readonly machine: AzureMachine;
  /** Maximum number of nodes. */
  public readonly maxNodes: number;
  /** Purchase option of the nodes. */
  public readonly capacity: Capacity;
  /** Identity of jobs that do not run as a user. */
  public readonly identity: IManagedIdentity;
  /** Duration, cost, and limits of the job. @default - `job` is not set */
  public readonly plan?: TrainingPlan;

  constructor(scope: Construct, id: string, props: MachineLearningClusterProps) {
    super(scope, id);
    checkProviders(this);
    const resolved = validated(this, props, MACHINE_LEARNING_CLUSTER_PROPS, (problems) =>
      checkMlCluster(problems, props),
    );
    const { workspace, machine } = props;
    const { resourceGroup } = workspace;
    this.workspace = workspace;
    this.machine = machine;
    this.maxNodes = resolved.maxNodes;
    this.capacity = clusterDefaults(props).capacity;
    const identity = props.identity
      ? undefined
      : new WorkIdentity(this, 'Identity', resourceGroup, rightsOn(workspace));
    this.identity = props.identity ?? identity!;
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.compute,
      ...ML_READING,
      name: props.clusterName ?? globalName(this, MAX_NAME_LENGTH),
      parentId: workspace.id,
      location: resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      body: bodyOf(props, resolved),
      dependsOn: [...(workspace.ready ?? []), ...(identity?.roles ?? [])],
    });
    this.plan = resolved.plan;
    recordMlClusterFindings(this, props, resolved);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: props.job, prices: props.prices });
  }

  /** Resource id of the cluster. */
  get id(): string {
    return this.resource.id;
  }
}

class ImportedMlCluster extends Construct implements IMachineLearningCluster {
  public readonly id: string;

  constructor(scope: Construct, id: string, clusterId: string) {
    super(scope, id);
    checkProviders(this);
    assertProps({ clusterId }, { clusterId: required(STRING) }, { scope: this });
    const problems = new ProblemCollector();
    checkResourceId(problems, 'clusterId', clusterId, 'Microsoft.MachineLearningServices/workspaces/computes');
    problems.throwIfAny(this);
    this.id = clusterId;
  }
}

/**
 * Access that jobs need: images, data, and outputs. Batch deployments also store their progress in tables and queues.
 *
 * Source: azure-ai-docs, how-to-disable-local-auth-storage.md, "Scenarios for role assignments".
 */
function rightsOn({ storageAccountId, containerRegistryId }: IMachineLearningWorkspace): Right[] {
  const registry = containerRegistryId ? [{ name: 'Images', role: Role.ACR_PULL, on: containerRegistryId }] : [];
  if (!storageAccountId) return registry;
  return [
    ...registry,
    { name: 'Blobs', role: Role.BLOB_DATA_CONTRIBUTOR, on: storageAccountId },
    { name: 'Tables', role: Role.TABLE_DATA_CONTRIBUTOR, on: storageAccountId },
    { name: 'Queues', role: Role.QUEUE_DATA_CONTRIBUTOR, on: storageAccountId },
  ];
}

function bodyOf(props: MachineLearningClusterProps, { maxNodes }: ResolvedCluster): AmlComputeBody {
  const { workspace, machine, capacity, minNodes, idleMinutes, subnetId } = clusterDefaults(props);
  return {
    properties: {
      computeType: 'AmlCompute',
      computeLocation: workspace.resourceGroup.location,
      // Nobody signs in to nodes. Jobs use identities.
      disableLocalAuth: true,
      properties: {
        osType: 'Linux',
        vmSize: machine.name,
        vmPriority: capacity.isElastic ? 'LowPriority' : 'Dedicated',
        scaleSettings: {
          maxNodeCount: maxNodes,
          minNodeCount: minNodes,
          nodeIdleTimeBeforeScaleDown: isoDuration(idleMinutes * 60),
        },
        enableNodePublicIp: false,
        remoteLoginPortPublicAccess: 'Disabled',
        subnet: subnetId === undefined ? undefined : { id: subnetId },
      },
    },
  };
}

/** Adds each problem of a cluster, and sizes the number of nodes for its job. The props must have the right types. */
export function checkMlCluster(problems: ProblemCollector, props: MachineLearningClusterProps): ResolvedCluster {
  checkWorkspace(problems, 'workspace', props.workspace);
  checkOwnIdentity(problems, props);
  checkMlName(problems, 'compute', 'clusterName', props.clusterName);
  checkResourceId(problems, 'subnetId', props.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkSubnet(problems, props);
  checkMarket(problems, props);
  checkIdle(problems, props);
  // Problems of the job come last: invalid hardware is the first thing to fix.
  const fine = checkNodes(problems, props, props.maxNodes ?? 1);
  const resolved = sizeMlCluster(problems, props);
  if (fine && props.maxNodes === undefined) checkNodes(problems, props, resolved.maxNodes);
  return resolved;
}

/** A new identity gets access to the storage of the workspace, so the storage must be known. */
function checkOwnIdentity(problems: ProblemCollector, { identity, workspace }: MachineLearningClusterProps): void {
  checkIdentity(problems, 'identity', identity);
  if (identity || workspace.storageAccountId !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'an identity, because the storage account of the workspace is unknown',
    got: undefined,
    fix: 'Set identity, or storageAccountId of the workspace.',
  });
}

/** Nodes have no public addresses, so they need a network. */
function checkSubnet(problems: ProblemCollector, { subnetId, workspace }: MachineLearningClusterProps): void {
  if (subnetId !== undefined || workspace.hasManagedNetwork !== false) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'subnetId',
    allowed: 'a subnet id, because the workspace has no managed network and nodes have no public addresses',
    got: undefined,
    fix: 'Use a subnet with outbound internet access, for example network.nodeSubnetId.',
  });
}

function checkMarket(problems: ProblemCollector, { capacity }: MachineLearningClusterProps): void {
  if (!capacity) return;
  if (capacity.market === AzureMarket.RESERVATION) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'Capacity.onDemand() or Capacity.spot(), because Azure ML cannot use your capacity reservations',
      got: capacity.market,
      fix: 'Request quota of Azure ML, or train on AKS.',
    });
  } else if (capacity.maxUsdPerHour !== undefined) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'without maxUsdPerHour, because low-priority nodes of Azure ML have a fixed price',
      got: capacity.maxUsdPerHour,
      fix: 'Use Capacity.spot() without options.',
    });
  }
}

/** Maximum number of nodes of a cluster with a machine type. */
export function maxNodesOf({ machine }: Pick<MachineLearningClusterProps, 'machine'>): number {
  return machine.infiniband ? AZURE_ML_LIMITS.rdmaNodes : AZURE_ML_LIMITS.nodes;
}

function checkNodes(problems: ProblemCollector, props: MachineLearningClusterProps, maxNodes: number): boolean {
  const { minNodes } = clusterDefaults(props);
  const max = maxNodesOf(props);
  if (!isKnown(problems, 'maxNodes', maxNodes) || !isKnown(problems, 'minNodes', minNodes)) return false;
  const found = problems.all.length;
  if (!isWithin(maxNodes, { min: 1, max })) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'maxNodes',
      allowed: `a whole number from 1 to ${max} for ${props.machine.name}`,
      got: maxNodes,
      fix:
        props.maxNodes === undefined
          ? 'Give the job more time, or train on AKS.'
          : 'Use fewer nodes, or several clusters.',
    });
  }
  if (!(Number.isInteger(minNodes) && minNodes >= 0) || (props.maxNodes !== undefined && minNodes > maxNodes)) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'minNodes',
      allowed: `a whole number from 0 to ${maxNodes}, the value of maxNodes`,
      got: minNodes,
      fix: 'Remove minNodes: Azure ML adds nodes when jobs are queued.',
    });
  }
  return problems.all.length === found;
}

/** Limits of this library. The service accepts any duration, but an idle node is billed until it is removed. */
const IDLE_MINUTES = { min: 1, max: 24 * 60 };

function checkIdle(problems: ProblemCollector, props: MachineLearningClusterProps): void {
  const { idleMinutes } = clusterDefaults(props);
  const { min, max } = IDLE_MINUTES;
  if (!isKnown(problems, 'idleMinutes', idleMinutes)) return;
  if (Number.isInteger(idleMinutes) && idleMinutes >= min && idleMinutes <= max) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'idleMinutes',
    allowed: `a whole number from ${min} to ${max}`,
    got: idleMinutes,
    fix: 'Use minNodes for nodes that always run.',
  });
}

/** Records the findings of a cluster. */
export function recordMlClusterFindings(
  scope: Construct,
  props: MachineLearningClusterProps,
  { plan }: ResolvedCluster,
): void {
  const { machine } = props;
  if (machine.spec.unverified !== undefined) {
    const fix = 'Compare them with `az ml compute list-sizes` of the region.';
    const evidence = `table of Azure machines, row ${machine.name}`;
    record(scope, unreadFigures(machine.name, machine.spec.unverified, fix, evidence));
  }
  if (!plan) return;
  for (const finding of plan.findings) record(scope, finding);
  record(scope, {
    id: 'storage/unknown-throughput',
    level: 'info',
    message: 'The throughput of the workspace storage is unknown. The plan assumes that it is fast enough for the job.',
    fix: 'Measure the time of one checkpoint of the planned size.',
    evidence: 'https://learn.microsoft.com/en-us/azure/storage/common/scalability-targets-standard-account',
  });
  const days = overtimeDays(props, plan);
  if (days === undefined) return;
  record(scope, {
    id: 'time/job-limit',
    level: 'warning',
    message: `25% of such runs take ${days} days or more, but Azure ML stops a job after ${jobDays(props)} days on ${clusterDefaults(props).capacity.isElastic ? 'low-priority' : 'dedicated'} nodes.`,
    fix: 'Make the job resume from its last checkpoint, and prepare to restart it.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-quotas#azure-machine-learning-compute',
  });
}

/** Properties for `MachineLearningCluster`. */
export interface MachineLearningClusterProps {
  /** Workspace of the cluster. The cluster is in the region of the workspace. */
  readonly workspace: IMachineLearningWorkspace;
  /** Machine type of every node. It can never change. */
  readonly machine: AzureMachine;
  /** Maximum number of nodes. Azure ML adds nodes when jobs are queued. @default - derived from `job`, or 1 without a job */
  readonly maxNodes?: number;
  /** Number of nodes that always run. @default 0 */
  readonly minNodes?: number;
  /**
   * Purchase option of the nodes. `Capacity.onDemand()` means dedicated nodes in Azure ML, and `Capacity.spot()` means low-priority nodes without a
   * price limit. It can never change.
   *
   * @default Capacity.onDemand()
   */
  readonly capacity?: Capacity;
  /** Minutes after which Azure ML removes an idle node. @default 15 */
  readonly idleMinutes?: number;
  /** Resource id of your subnet for the nodes, which have no public addresses. @default - the managed network of the workspace */
  readonly subnetId?: string;
  /** Training job. Sizes `maxNodes` if you leave it out, and validates it if you set it. @default - none */
  readonly job?: TrainingJob;
  /** Identity of jobs that do not run as a user. @default - a new identity that can pull images, and read and write the storage of the workspace */
  readonly identity?: IManagedIdentity;
  /** Name of the cluster: 3 to 24 letters, digits, and hyphens, unique in the region. @default - derived from the construct path and the subscription */
  readonly clusterName?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Adds the defaults. `maxNodes` stays open, because a job can size it. */
export function clusterDefaults<P extends Partial<MachineLearningClusterProps>>(props: P) {
  const { minNodes = 0, capacity = Capacity.onDemand(), idleMinutes = 15 } = props;
  return { ...props, minNodes, capacity, idleMinutes };
}

/** A cluster with a resolved number of nodes. */
export interface ResolvedCluster {
  /** Maximum number of nodes. */
  readonly maxNodes: number;
  /** Plan of the job. @default - there is no job, or it cannot be planned */
  readonly plan?: TrainingPlan;
}

const SECONDS_PER_DAY = 86_400;

/** Maximum number of days that a job can run on these nodes. */
export function jobDays(props: Pick<MachineLearningClusterProps, 'capacity'>): number {
  return clusterDefaults(props).capacity.isElastic ? AZURE_ML_LIMITS.lowPriorityJobDays : AZURE_ML_LIMITS.jobDays;
}

/** Sizes the number of nodes for the job, and adds each contradiction. */
export function sizeMlCluster(problems: ProblemCollector, props: MachineLearningClusterProps): ResolvedCluster {
  const { job, maxNodes: stated } = props;
  const unplanned = { maxNodes: stated ?? 1 };
  if (!job || isUnknown(stated)) return unplanned;
  const { location } = props.workspace.resourceGroup;
  const resolved = sizeForJob(problems, {
    job,
    machine: plannedMachine(props.machine),
    market: clusterDefaults(props).capacity.isElastic ? 'spot' : 'on-demand',
    region: isUnknown(location) ? undefined : location,
    prices: props.prices,
    nodes: stated,
    storage: NO_STORAGE,
    contextOf: (nodes) => ({ nodes }),
  });
  if (!resolved) return unplanned;
  const plan = withoutAnsweredFindings(resolved.plan);
  checkDays(problems, props, plan);
  return { maxNodes: resolved.nodes, plan };
}

/** Jobs use the storage account of the workspace. */
const NO_STORAGE: SizableStorage = { isOpen: false, given: () => undefined };

/** Azure ML stops a job at the limit, and the job loses all work since its last checkpoint. */
function checkDays(problems: ProblemCollector, props: MachineLearningClusterProps, { time }: TrainingPlan): void {
  const max = jobDays(props);
  const seconds = time.seconds?.median;
  if (seconds === undefined || seconds <= max * SECONDS_PER_DAY) return;
  problems.add({
    code: 'JobTooLong',
    prop: 'job',
    allowed: `at most ${max} days long, the limit of Azure ML for jobs on ${clusterDefaults(props).capacity.isElastic ? 'low-priority' : 'dedicated'} nodes`,
    got: `about ${Math.ceil(seconds / SECONDS_PER_DAY)} days`,
    fix: 'Use more nodes, or split the work into several jobs that resume from a checkpoint, and set `job` to one of them.',
  });
}

/** Days that the plan does not exceed with the probability of the job, if they exceed the limit of a job. */
export function overtimeDays(props: MachineLearningClusterProps, { time }: TrainingPlan): number | undefined {
  const slow = time.seconds && atProbability(time.seconds, props.job!.probability) / SECONDS_PER_DAY;
  return slow !== undefined && slow > jobDays(props) ? Math.ceil(slow) : undefined;
}
