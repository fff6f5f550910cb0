import { Construct } from 'constructs';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { judged } from '../../core/shapes';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import type { IManagedIdentity } from '../operations/identity';
import { Role } from '../operations/roles';
import { globalName } from '../props/names';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './api';
import type { AmlComputeBody } from './bodies';
import type { SizedCluster } from './cluster-plan';
import { isoDuration } from './durations';
import { checkMlCluster } from './machine-learning-cluster-checks';
import { recordMlClusterFindings } from './machine-learning-cluster-findings';
import {
  clusterDefaults,
  MACHINE_LEARNING_CLUSTER,
  type MachineLearningClusterProps,
} from './machine-learning-cluster-props';
import { type Right, WorkIdentity } from './work-identity';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** A compute cluster of Azure ML, made here or elsewhere. */
export interface IMachineLearningCluster {
  /** Its resource id. */
  readonly id: string;
}

const LONGEST_NAME = 24;

/**
 * Machines of Azure ML that come when jobs wait, and go: the sibling of `TrainingCluster` for those who run no Kubernetes. Nodes with
 * InfiniBand reach each other over it. Their number can change while jobs run; machine and market cannot.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-create-attach-compute-cluster
 */
export class MachineLearningCluster extends Construct implements IMachineLearningCluster {
  public readonly resource: AzapiResource;
  public readonly workspace: IMachineLearningWorkspace;
  public readonly machine: AzureMachine;
  /** Most nodes. */
  public readonly nodes: number;
  public readonly capacity: Capacity;
  /** What jobs act as where they act as no user. */
  public readonly identity: IManagedIdentity;
  /** What `job` takes, costs, and is bound by. @default - no job was given */
  public readonly plan?: TrainingPlan;

  constructor(scope: Construct, id: string, props: MachineLearningClusterProps) {
    super(scope, id);
    const sized = judged(this, props, MACHINE_LEARNING_CLUSTER, (problems) => checkMlCluster(problems, props));
    const { workspace, machine } = props;
    const { resourceGroup } = workspace;
    this.workspace = workspace;
    this.machine = machine;
    this.nodes = sized.nodes;
    this.capacity = clusterDefaults(props).capacity;
    const made = props.identity ? undefined : new WorkIdentity(this, 'Identity', resourceGroup, rightsOn(workspace));
    this.identity = props.identity ?? made!;
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.compute,
      ...ML_READING,
      name: props.clusterName ?? globalName(this, LONGEST_NAME),
      parentId: workspace.id,
      location: resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      body: bodyOf(props, sized),
      dependsOn: [...(workspace.ready ?? []), ...(made?.roles ?? [])],
    });
    this.plan = sized.plan;
    recordMlClusterFindings(this, props, sized);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: props.job, prices: props.prices });
  }

  get id(): string {
    return this.resource.id;
  }
}

/**
 * What jobs need: images, data and outputs; a batch deployment also keeps its progress in tables and queues.
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

function bodyOf(props: MachineLearningClusterProps, { nodes }: SizedCluster): AmlComputeBody {
  const { workspace, machine, capacity, minimumNodes, idleMinutes, subnetId } = clusterDefaults(props);
  return {
    properties: {
      computeType: 'AmlCompute',
      computeLocation: workspace.resourceGroup.location,
      // Nobody logs in to nodes, and their jobs tell who they are by identities.
      disableLocalAuth: true,
      properties: {
        osType: 'Linux',
        vmSize: machine.name,
        vmPriority: capacity.isElastic ? 'LowPriority' : 'Dedicated',
        scaleSettings: {
          maxNodeCount: nodes,
          minNodeCount: minimumNodes,
          nodeIdleTimeBeforeScaleDown: isoDuration(idleMinutes * 60),
        },
        enableNodePublicIp: false,
        remoteLoginPortPublicAccess: 'Disabled',
        subnet: subnetId === undefined ? undefined : { id: subnetId },
      },
    },
  };
}
