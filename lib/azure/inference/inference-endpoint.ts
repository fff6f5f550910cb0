import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AiInfraError, type Problem } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { judged } from '../../core/shapes';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { AzureMachine } from '../machine/machine';
import { ML_READING, ML_TYPES } from '../machine-learning/api';
import type { OnlineEndpointBody } from '../machine-learning/bodies';
import { type Right, WorkIdentity } from '../machine-learning/work-identity';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import type { IManagedIdentity } from '../operations/identity';
import { sendLogs } from '../operations/log-workspace';
import { demandPrincipal, type PrincipalType } from '../operations/principal';
import { Role } from '../operations/roles';
import { globalName } from '../props/names';
import { AzapiResource } from '../provider/azapi';
import { AzapiResourceAction, AzapiUpdateResource } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { checkedEndpoint } from './endpoint-checks';
import { ModelDeployment } from './endpoint-deployments';
import { recordEndpointFindings } from './endpoint-findings';
import { invokeGrant } from './endpoint-grants';
import { INFERENCE_ENDPOINT, type InferenceEndpointProps, monitorableIn } from './endpoint-options';
import type { SettledEndpoint } from './settled-endpoint';

const LONGEST_NAME = 32;

/**
 * Models on a managed online endpoint of Azure ML that answer at once: with identity, logs, timeouts, scaling, and requests shared out or
 * mirrored. It is reached through the private endpoint of its workspace.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-online
 */
export class InferenceEndpoint extends Construct {
  public readonly resource: AzapiResource;
  public readonly workspace: IMachineLearningWorkspace;
  public readonly machine: AzureMachine;
  /** What its containers act as. */
  public readonly identity: IManagedIdentity;
  public readonly models: Readonly<Record<string, ModelDeployment>>;
  /** Who gets which requests: it is set once all models stand. */
  public readonly traffic: AzapiUpdateResource;
  /** What the load takes, how fast it is answered, and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;
  /** Names of the models whose inputs and outputs are kept, so that a monitor can compare them. */
  public readonly monitorable: readonly string[];
  private readonly byKey: boolean;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    const settled = judged(this, props, INFERENCE_ENDPOINT, (problems) => checkedEndpoint(problems, props));
    this.workspace = props.workspace;
    this.machine = props.machine;
    this.byKey = props.authorization === 'key';
    this.monitorable = monitorableIn(props);
    const { resourceGroup, ready = [] } = props.workspace;
    const made = props.identity ? undefined : new WorkIdentity(this, 'Identity', resourceGroup, rightsOn(props));
    this.identity = props.identity ?? made!;
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.onlineEndpoint,
      ...ML_READING,
      name: props.endpointName ?? globalName(this, LONGEST_NAME),
      parentId: props.workspace.id,
      location: resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      body: bodyOf(props),
      responseExportValues: ['properties.scoringUri'],
      dependsOn: [...ready, ...(made?.roles ?? [])],
      // They are set below, once there is something to send requests to.
      ignoreBodyChanges: ['properties.traffic', 'properties.mirrorTraffic'],
    });
    this.models = this.deploy(props, settled);
    this.traffic = this.share(props, settled);
    this.log(props);
    this.plan = settled.plan;
    recordEndpointFindings(this, props, settled);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: props.load, prices: props.prices });
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }

  get endpointName(): string {
    return this.resource.name;
  }

  /** What must stand before it is called, or watched. */
  get ready(): readonly ITerraformDependable[] {
    return [this.traffic];
  }

  /** Where requests go. */
  get scoringUri(): string {
    return this.resource.outputAt('properties.scoringUri');
  }

  /** Lets someone, by object id, invoke it with a token of Entra, and nothing else. */
  grantInvoke(id: string, principalId: string, principalType: PrincipalType = 'ServicePrincipal'): RoleAssignment {
    demandPrincipal(this, { id, principalId, principalType });
    if (this.byKey) throw new AiInfraError([keyIsEnough()], this);
    return invokeGrant(this, id, { endpointId: this.id, principalId, principalType });
  }

  private deploy(props: InferenceEndpointProps, { models }: SettledEndpoint): Record<string, ModelDeployment> {
    const made: Record<string, ModelDeployment> = {};
    let after: AzapiResource = this.resource;
    for (const settled of models) {
      const context = { props, endpoint: this.resource, after: [after] };
      const deployment = new ModelDeployment(this, `Model-${settled.name}`, settled, context);
      made[settled.name] = deployment;
      after = deployment.resource;
    }
    return made;
  }

  private share(props: InferenceEndpointProps, { models }: SettledEndpoint): AzapiUpdateResource {
    const shares = (of: 'trafficPercent' | 'mirrorPercent') =>
      Object.fromEntries(models.filter((one) => one[of] > 0).map((one) => [one.name, one[of]]));
    const deployments = Object.values(this.models).map(({ resource }) => resource);
    const target = { type: ML_TYPES.onlineEndpoint, resourceId: this.id };
    // A model that gets requests cannot be deleted: before the endpoint goes, nobody gets any.
    new AzapiResourceAction(this, 'NoTraffic', {
      ...target,
      method: 'PUT',
      when: 'destroy',
      body: {
        location: props.workspace.resourceGroup.location,
        identity: { type: 'UserAssigned', userAssignedIdentities: { [this.identity.id]: {} } },
        ...bodyOf(props),
      },
      dependsOn: deployments,
    });
    return new AzapiUpdateResource(this, 'Traffic', {
      ...target,
      body: { properties: { traffic: shares('trafficPercent'), mirrorTraffic: shares('mirrorPercent') } },
      dependsOn: deployments,
      // A change of the endpoint itself may lose them.
      lifecycle: { replaceTriggeredBy: [dependable(this.resource)] },
    });
  }

  /** What is asked, what containers say, and what becomes of them. */
  private log({ workspace: { logAnalyticsWorkspaceId } }: InferenceEndpointProps): void {
    if (logAnalyticsWorkspaceId === undefined) return;
    sendLogs(this, 'Logs', { id: logAnalyticsWorkspaceId }, this.id, LOGS);
  }
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-monitor-online-endpoints#logs */
const LOGS = ['AmlOnlineEndpointTrafficLog', 'AmlOnlineEndpointConsoleLog', 'AmlOnlineEndpointEventLog'];

/**
 * What the service gives by itself to identities that it makes; and to write what is kept, to storage that takes no keys.
 *
 * Source: azure-ai-docs, concept-endpoints-online-auth.md, "Automatic role assignment", and how-to-collect-production-data.md.
 */
function rightsOn({ workspace, dataCapture }: InferenceEndpointProps): Right[] {
  const { id, storageAccountId, containerRegistryId } = workspace;
  const blobs = dataCapture ? Role.BLOB_DATA_CONTRIBUTOR : Role.BLOB_DATA_READER;
  return [
    { name: 'Images', role: Role.ACR_PULL, on: containerRegistryId! },
    { name: 'Models', role: blobs, on: storageAccountId! },
    { name: 'Metrics', role: Role.AML_METRICS_WRITER, on: id },
  ];
}

function bodyOf({ publicAccess, authorization }: InferenceEndpointProps): OnlineEndpointBody {
  return {
    properties: {
      authMode: authorization === 'key' ? 'Key' : 'AADToken',
      publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled',
      traffic: {},
      mirrorTraffic: {},
    },
  };
}

function keyIsEnough(): Problem {
  return {
    code: 'EndpointOption',
    prop: 'authorization',
    allowed: 'entra for rights to invoke: whoever has the key of an endpoint may invoke it',
    got: 'key',
    fix: 'Leave authorization out.',
  };
}
