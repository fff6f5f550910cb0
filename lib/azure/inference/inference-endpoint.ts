import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { validated, validateProps } from '../../core/prop-schema';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { AzureMachine } from '../machine/machine';
import { ML_READING, ML_TYPES } from '../machine-learning/workspace-bodies';
import type { OnlineEndpointBody } from '../machine-learning/bodies';
import { type Right, WorkIdentity } from '../machine-learning/work-identity';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import type { IManagedIdentity } from '../operations/identity';
import { sendLogs } from '../operations/log-workspace';
import { type PrincipalType, Role } from '../operations/roles';
import { globalName, checkResourceId } from '../props/resource-id';
import { AzapiResource } from '../provider/azapi';
import { AzapiResourceAction, AzapiUpdateResource } from '../provider/azapi-update';
import type { RoleAssignment } from '../provider/azurerm';
import { EndpointAuthorization, type InferenceEndpointProps, monitorableIn } from './endpoint-options';
import { checkedEndpoint } from './endpoint-checks';
import { ModelDeployment } from './endpoint-deployments';
import { grantInvokeOn } from './endpoint-grants';
import { azureMlOffers, type ResolvedEndpoint, type ResolvedModel } from './resolved-endpoint';
import { INFERENCE_ENDPOINT_PROPS, INFERENCE_ENDPOINT_ATTRIBUTES } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { AZURE_ML_LIMITS, AZURE_ML_ONLINE_MACHINES, type AzureMlOnlineRow } from '../../core/catalog/azure-ml-hosting';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';

/** An online endpoint of Azure ML: an `InferenceEndpoint`, or an existing one. */
export interface IInferenceEndpoint {
  /** Resource id of the endpoint. */
  readonly id: string;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Address for requests. A server with the OpenAI protocol has `…/v1/chat/completions`. */
  readonly scoringUri: string;
  /** Grants a principal the right to invoke the endpoint. Callers must depend on the result. */
  grantInvoke(id: string, principalId: string, principalType?: PrincipalType): ITerraformDependable;
}

/** Attributes of an existing endpoint, for `InferenceEndpoint.fromInferenceEndpointAttributes`. */
export interface InferenceEndpointAttributes {
  /** Resource id of the endpoint. */
  readonly id: string;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Address for requests. */
  readonly scoringUri: string;
  /** How callers authenticate. @default EndpointAuthorization.ENTRA */
  readonly authorization?: EndpointAuthorization;
}

/** An existing endpoint, by its attributes. It creates role assignments only. */
export class ImportedEndpoint extends Construct implements IInferenceEndpoint {
  public readonly id: string;
  public readonly endpointName: string;
  public readonly scoringUri: string;
  private readonly authorization?: EndpointAuthorization;

  constructor(scope: Construct, id: string, attrs: InferenceEndpointAttributes) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, attrs, INFERENCE_ENDPOINT_ATTRIBUTES, 'attrs'))
      checkResourceId(problems, 'id', attrs.id, TYPE);
    problems.throwIfAny(this);
    this.id = attrs.id;
    this.endpointName = attrs.endpointName;
    this.scoringUri = attrs.scoringUri;
    this.authorization = attrs.authorization;
  }

  grantInvoke(id: string, principalId: string, principalType: PrincipalType = 'ServicePrincipal'): RoleAssignment {
    const endpoint = { id: this.id, authorization: this.authorization };
    return grantInvokeOn(this, endpoint, { id, principalId, principalType });
  }
}

const TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

const MAX_NAME_LENGTH = 32;

/**
 * Models on a managed online endpoint of Azure ML: identity, logs, timeouts, scaling, and traffic split or mirrored between models. Clients
 * reach it through the private endpoint of the workspace.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-endpoints-online
 *
 * @example
 * ```ts
 * import { AzureMachine, InferenceEndpoint, MachineLearningWorkspace, ModelArtifact, ServingContainer } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * declare const workspace: MachineLearningWorkspace;
 * new InferenceEndpoint(stack, 'Endpoint', {
 *   workspace,
 *   machine: AzureMachine.NC24ADS_A100_V4,
 *   models: {
 *     chat: {
 *       container: ServingContainer.mlflow(),
 *       artifact: ModelArtifact.registered({ name: 'chat', version: '3', sizeGB: 16 }),
 *     },
 *   },
 * });
 * ```
 */
export class InferenceEndpoint extends Construct implements IInferenceEndpoint {
  /** Uses an existing endpoint. */
  static fromInferenceEndpointAttributes(
    scope: Construct,
    id: string,
    attrs: InferenceEndpointAttributes,
  ): IInferenceEndpoint {
    return new ImportedEndpoint(scope, id, attrs);
  }

  /** The endpoint itself. */
  public readonly resource: AzapiResource;
  /** Workspace of the endpoint. */
  public readonly workspace: IMachineLearningWorkspace;
  /** Machine type of the instances, unless a model has its own. */
  public readonly machine: AzureMachine;
  /** Identity of the containers. */
  public readonly identity: IManagedIdentity;
  /** Deployments by the name of their model. */
  public readonly models: Readonly<Record<string, ModelDeployment>>;
  /** Traffic split and mirroring, set after all models are deployed. */
  public readonly traffic: AzapiUpdateResource;
  /** Replicas, latency and cost for the load. @default - no plan without a load */
  public readonly plan?: ServingPlan;
  /** Names of the models whose inputs and outputs are stored, so that a monitor can compare them. */
  public readonly monitorable: readonly string[];
  private readonly authorization?: EndpointAuthorization;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    checkProviders(this);
    const resolved = validated(this, props, INFERENCE_ENDPOINT_PROPS, (problems) => checkedEndpoint(problems, props));
    this.workspace = props.workspace;
    this.machine = props.machine;
    this.authorization = props.authorization;
    this.monitorable = monitorableIn(props);
    const { resourceGroup, ready = [] } = props.workspace;
    const newIdentity = props.identity ? undefined : new WorkIdentity(this, 'Identity', resourceGroup, rightsOn(props));
    this.identity = props.identity ?? newIdentity!;
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.onlineEndpoint,
      ...ML_READING,
      name: props.endpointName ?? globalName(this, MAX_NAME_LENGTH),
      parentId: props.workspace.id,
      location: resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      body: bodyOf(props),
      responseExportValues: ['properties.scoringUri'],
      dependsOn: [...ready, ...(newIdentity?.roles ?? [])],
      // `Traffic` sets these after the models exist.
      ignoreBodyChanges: ['properties.traffic', 'properties.mirrorTraffic'],
    });
    this.models = this.deploy(props, resolved);
    this.traffic = this.splitTraffic(props, resolved);
    this.log(props);
    this.plan = resolved.plan;
    recordEndpointFindings(this, props, resolved);
    if (this.plan) {
      const { load: workload, prices } = props;
      recordWorkload(this, { plan: this.plan, workload, prices, offers: azureMlOffers });
    }
  }

  /** Resource id of the endpoint. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the endpoint. */
  get endpointName(): string {
    return this.resource.name;
  }

  /** Resources that must exist before the endpoint is called or monitored. */
  get ready(): readonly ITerraformDependable[] {
    return [this.traffic];
  }

  /** Address for requests. */
  get scoringUri(): string {
    return this.resource.outputAt('properties.scoringUri');
  }

  /**
   * Grants a principal the right to invoke the endpoint with a token of Entra, and no other right.
   *
   * @param id id of the role assignment, unique in the endpoint
   * @param principalId object id of the principal
   */
  grantInvoke(id: string, principalId: string, principalType: PrincipalType = 'ServicePrincipal'): RoleAssignment {
    const endpoint = { id: this.id, authorization: this.authorization };
    return grantInvokeOn(this, endpoint, { id, principalId, principalType });
  }

  private deploy(props: InferenceEndpointProps, { models }: ResolvedEndpoint): Record<string, ModelDeployment> {
    const deployments: Record<string, ModelDeployment> = {};
    let after: AzapiResource = this.resource;
    for (const model of models) {
      const context = { props, endpoint: this.resource, after: [after] };
      const deployment = new ModelDeployment(this, `Model-${model.name}`, model, context);
      deployments[model.name] = deployment;
      after = deployment.resource;
    }
    return deployments;
  }

  private splitTraffic(props: InferenceEndpointProps, { models }: ResolvedEndpoint): AzapiUpdateResource {
    const percentages = (of: 'trafficPercent' | 'mirrorPercent') =>
      Object.fromEntries(models.filter((model) => model[of] > 0).map((model) => [model.name, model[of]]));
    const deployments = Object.values(this.models).map(({ resource }) => resource);
    const target = { type: ML_TYPES.onlineEndpoint, resourceId: this.id };
    // Azure refuses to delete a deployment that gets requests: a destroy first sets the traffic to zero.
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
      body: { properties: { traffic: percentages('trafficPercent'), mirrorTraffic: percentages('mirrorPercent') } },
      dependsOn: deployments,
      // An update of the endpoint can reset the traffic.
      lifecycle: { replaceTriggeredBy: [dependable(this.resource)] },
    });
  }

  private log({ workspace: { logAnalyticsWorkspaceId } }: InferenceEndpointProps): void {
    if (logAnalyticsWorkspaceId === undefined) return;
    sendLogs(this, 'Logs', { id: logAnalyticsWorkspaceId }, this.id, LOGS);
  }
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-monitor-online-endpoints#logs */
const LOGS = ['AmlOnlineEndpointTrafficLog', 'AmlOnlineEndpointConsoleLog', 'AmlOnlineEndpointEventLog'];

/**
 * The rights that the service gives to identities it creates, and the right to write captured data to storage without account keys.
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
      authMode: authorization === EndpointAuthorization.KEY ? 'Key' : 'AADToken',
      publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled',
      traffic: {},
      mirrorTraffic: {},
    },
  };
}

const HOSTS: Readonly<Record<string, AzureMlOnlineRow>> = AZURE_ML_ONLINE_MACHINES;
const QUOTAS = 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-quotas';
const SIZES = 'https://learn.microsoft.com/en-us/azure/machine-learning/reference-managed-online-endpoints-vm-sku-list';

/** Records the findings of an endpoint. */
export function recordEndpointFindings(
  scope: Construct,
  props: InferenceEndpointProps,
  { models, plan }: ResolvedEndpoint,
): void {
  for (const name of new Set(models.map(({ machine }) => machine.name))) recordHost(scope, name);
  for (const model of models) recordModel(scope, model);
  for (const finding of plan?.findings ?? []) record(scope, finding);
  recordLoad(scope, props);
}

function recordHost(scope: Construct, name: string): void {
  if (Object.hasOwn(HOSTS, name)) return;
  record(scope, {
    id: 'machine/unverified',
    level: 'warning',
    message: `The documentation of managed online endpoints lists machines up to H100, but not ${name}.`,
    fix: 'Check `az ml compute list-sizes` and acknowledge this finding, or serve on AKS.',
    evidence: SIZES,
  });
}

function recordModel(scope: Construct, model: ResolvedModel): void {
  const { name, limits, machine, trafficPercent, concurrencyKnown } = model;
  recordImage(scope, model);
  if (!concurrencyKnown) {
    record(scope, {
      id: 'serving/one-request',
      level: 'warning',
      message: `Each instance of ${name} gets one request at a time, the default of Azure ML. More requests get status 429.`,
      fix: 'Set `concurrency`, or `load`: servers such as vLLM process many requests at once.',
      evidence:
        'https://learn.microsoft.com/en-us/azure/machine-learning/reference-yaml-deployment-managed-online#requestsettings',
    });
  }
  if (trafficPercent > 0 && limits.minReplicas === 1) {
    record(scope, {
      id: 'serving/one-replica',
      level: 'info',
      message: `${name} can run on one instance. Azure ML recommends at least three.`,
      fix: 'Set scaling.minReplicas to 3 for high availability.',
      evidence: SIZES,
    });
  }
  if (HOSTS[machine.name]?.reservesFifth) {
    const quota = Math.ceil(limits.maxReplicas * 1.2);
    record(scope, {
      id: 'quota/upgrade-reserve',
      level: 'info',
      message: `${name} needs quota for ${quota} ${machine.name}: its ${limits.maxReplicas} instances, and 20 percent that Azure ML reserves for updates.`,
      fix: `Request quota for the cores of ${quota} machines.`,
      evidence: QUOTAS,
    });
  }
  if (limits.maxReplicas > limits.minReplicas) {
    record(scope, {
      id: 'scaling/utilization',
      level: 'info',
      message: `${name} scales by GPU utilization. A server with batching keeps it high even with few requests.`,
      fix: 'Measure it under load, and set scaling.targetUtilizationPercent to the measured value.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints',
    });
  }
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function recordImage(scope: Construct, { name, model }: ResolvedModel): void {
  const { imageName } = model.container;
  if (imageName === undefined || isUnknown(imageName) || BY_DIGEST.test(imageName)) return;
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `${name} uses ${imageName}, and its tag can change to another image.`,
    fix: 'Use the digest of the image, …@sha256:…, or acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-lock',
  });
}

function recordLoad(scope: Construct, { load }: InferenceEndpointProps): void {
  const { requestsPerSecond } = AZURE_ML_LIMITS;
  if (load?.requestsPerSecond === undefined || load.requestsPerSecond <= requestsPerSecond) return;
  record(scope, {
    id: 'quota/endpoint-rate',
    level: 'warning',
    message: `The load has ${load.requestsPerSecond} requests per second. By default, an endpoint allows ${requestsPerSecond} per second, and ${AZURE_ML_LIMITS.megabytesPerSecond} MB/s.`,
    fix: 'Request higher limits with a support ticket, or split the load between endpoints.',
    evidence: QUOTAS,
  });
}
