import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { assertProps, required, STRING, validated } from '../../core/prop-schema';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import type { IManagedIdentity } from '../operations/identity';
import { Role } from '../operations/roles';
import { globalName } from '../props/names';
import { checkResourceId } from '../props/resource-id';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './api';
import type { AmlComputeBody } from './bodies';
import type { ResolvedCluster } from './cluster-plan';
import { isoDuration } from './durations';
import { checkMlCluster } from './machine-learning-cluster-checks';
import { recordMlClusterFindings } from './machine-learning-cluster-findings';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';
import { type Right, WorkIdentity } from './work-identity';
import type { IMachineLearningWorkspace } from './workspace-attributes';
import { MACHINE_LEARNING_CLUSTER_PROPS } from '../prop-schemas';

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
