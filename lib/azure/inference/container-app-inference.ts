import { containerAppOffers } from './serverless-gpu';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { startupSeconds } from '../../kubernetes';
import { physicalName, plainText } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { IInferenceTarget } from '../gateway/inference-target';
import { assignRole, Role } from '../operations/roles';
import { ContainerApp, type RoleAssignment, UserAssignedIdentity } from '../provider/azurerm';
import {
  ContainerAppEnvironment,
  type IContainerAppEnvironment,
  checkContainerAppEnvironment,
  modelStorage,
} from './container-app-environment';
import type { ContainerAppInferenceProps, ContainerAppScaling } from './container-app-inference-props';
import { type ResolvedScaling, MAX_REPLICAS, resolveScaling, ContainerAppServer } from './container-app-server';
import { checkReplicaOrder } from '../../core/bounds';
import { parseCidr } from '../../core/cidr';
import { validateProps } from '../../core/prop-schema';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { checkResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { CONTAINER_APP_INFERENCE_PROPS } from '../prop-schemas';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftapp */
const MAX_NAME_LENGTH = 32;

/**
 * A model on a serverless GPU of Container Apps, with a private address. Replicas scale with the requests, also to zero, and are billed per
 * second.
 *
 * @see https://learn.microsoft.com/en-us/azure/container-apps/gpu-serverless-overview
 *
 * @example
 * ```ts
 * import { ContainerAppInference, ContainerAppModel, MlNetwork, ResourceGroup, ServerlessGpu } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new ContainerAppInference(stack, 'Chat', {
 *   resourceGroup,
 *   network: new MlNetwork(stack, 'Network', { resourceGroup }),
 *   cidr: '10.0.129.0/24',
 *   accelerator: ServerlessGpu.A100,
 *   model: ContainerAppModel.nfsShare({ accountName: 'weights', shareName: 'models', sizeGiB: 16 }),
 *   scaling: { minReplicas: 0, maxReplicas: 3 },
 * });
 * ```
 */
export class ContainerAppInference extends Construct implements IInferenceTarget {
  /** Environment of the app. */
  public readonly environment: IContainerAppEnvironment;
  /** The app itself. */
  public readonly resource: ContainerApp;
  /** Identity of the app. */
  public readonly identity: UserAssignedIdentity;
  /** Replicas, latency and cost for the load. @default - no plan without a load */
  public readonly plan?: ServingPlan;
  /** Name of the model in requests. */
  public readonly modelName: string;

  constructor(scope: Construct, id: string, props: ContainerAppInferenceProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    const resolved = checkContainerApp(problems, props)!;
    problems.throwIfAny(this);
    const { resourceGroup, name = physicalName(this, MAX_NAME_LENGTH), server = ContainerAppServer.vllm() } = props;
    this.modelName = name;
    this.plan = resolved.plan;
    this.environment = props.environment ?? this.createEnvironment(props);
    this.identity = new UserAssignedIdentity(this, 'Identity', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
    });
    this.resource = this.createApp(props, server, resolved, this.grantPull(props));
    recordContainerAppFindings(this, props, server, resolved);
    if (this.plan) {
      recordWorkload(this, { plan: this.plan, workload: props.load, prices: props.prices, offers: containerAppOffers });
    }
  }

  /** Base address of the OpenAI protocol. */
  get url(): string {
    return `https://${this.resource.ingress.fqdn}/v1`;
  }

  private createEnvironment({ resourceGroup, network, accelerator, cidr, subnetId, logs }: ContainerAppInferenceProps) {
    const accelerators = [accelerator];
    const shared = { resourceGroup, network: network!, cidr, subnetId, logs };
    return new ContainerAppEnvironment(this, 'Environment', { ...shared, accelerators });
  }

  private grantPull({ registry }: ContainerAppInferenceProps): RoleAssignment[] {
    if (!registry) return [];
    return [assignRole(this, 'Pull', { role: Role.ACR_PULL, on: registry.id, to: this.identity.principalId })];
  }

  private createApp(
    props: ContainerAppInferenceProps,
    server: ContainerAppServer,
    { minReplicas, maxReplicas, targetConcurrency, cooldownSeconds }: ResolvedScaling,
    dependsOn: RoleAssignment[],
  ): ContainerApp {
    const { resourceGroup, accelerator, model, registry, clientCidrs = [] } = props;
    const { command, args, env } = server.containerFor(this.modelName, model, accelerator);
    const storage = modelStorage(this, model, this.environment);
    const probe = { transport: 'HTTP', port: server.port, path: server.healthPath };
    return new ContainerApp(this, 'Resource', {
      name: this.modelName,
      resourceGroupName: resourceGroup.name,
      containerAppEnvironmentId: this.environment.id,
      revisionMode: 'Single',
      workloadProfileName: this.environment.profiles[accelerator.name]!,
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      registry: registry && [{ server: registry.loginServer, identity: this.identity.id }],
      template: {
        minReplicas,
        maxReplicas,
        cooldownPeriodInSeconds: cooldownSeconds,
        httpScaleRule: [{ name: 'requests', concurrentRequests: String(targetConcurrency) }],
        container: [
          {
            name: 'server',
            image: server.image,
            cpu: accelerator.vcpus,
            memory: `${accelerator.memoryGiB}Gi`,
            command: command?.map(plainText),
            args: args?.map(plainText),
            env: env.map(({ name, value }) => ({ name, value: plainText(value) })),
            startupProbe: [{ ...probe, ...startupRetries(startupSeconds(model.sizeGiB)) }],
            readinessProbe: [{ ...probe, intervalSeconds: 10, failureCountThreshold: 3, timeout: 5 }],
            livenessProbe: [{ ...probe, intervalSeconds: 30, failureCountThreshold: 5, timeout: 10 }],
            volumeMounts: storage?.mounts,
          },
        ],
        volume: storage?.volumes,
      },
      // External to the environment. The environment is internal to the network.
      ingress: {
        externalEnabled: true,
        targetPort: server.port,
        transport: 'http',
        allowInsecureConnections: false,
        trafficWeight: [{ latestRevision: true, percentage: 100 }],
        ipSecurityRestriction: clientCidrs.map((ipAddressRange, index) => ({
          name: `allowed-${index}`,
          action: 'Allow',
          ipAddressRange,
        })),
      },
      dependsOn: [...dependsOn, ...(storage?.before ?? [])],
    });
  }
}

/** Maximum attempts of a probe, and maximum seconds between them. Source: azurerm, schema of `startup_probe`. */
const MAX_TRIES = 10;
const MAX_INTERVAL = 240;

/** The retries of a startup probe that allow a startup of this duration. */
function startupRetries(seconds: number): { failureCountThreshold: number; intervalSeconds: number; timeout: number } {
  const intervalSeconds = Math.min(MAX_INTERVAL, Math.ceil(seconds / MAX_TRIES));
  return { failureCountThreshold: MAX_TRIES, intervalSeconds, timeout: 5 };
}

/** Adds each problem in the props of an app, and resolves its scaling. */
export function checkContainerApp(
  problems: ProblemCollector,
  props: ContainerAppInferenceProps,
): ResolvedScaling | undefined {
  if (!validateProps(problems, props, CONTAINER_APP_INFERENCE_PROPS)) return undefined;
  const { model, server, environment, accelerator, registry } = props;
  checkName(problems, props.name);
  model.check(problems.within('model'));
  server?.check(problems.within('server'));
  checkMemory(problems, props);
  if (model.source.kind === 'hub' && server?.engine === 'custom') {
    problems.add({
      code: 'ModelSourceInvalid',
      prop: 'model',
      allowed: 'in the image or on a file share for a custom server: only vLLM downloads from the hub',
      got: 'ContainerAppModel.huggingFace()',
      fix: 'Use ContainerAppServer.vllm(), or another source.',
    });
  }
  checkResourceId(problems, 'registry.id', registry?.id, 'Microsoft.ContainerRegistry/registries');
  if (environment) checkExistingEnvironment(problems, props);
  else checkNewEnvironment(problems, props);
  if (environment && environment.profiles?.[accelerator.name] === undefined) {
    problems.add({
      code: 'AppEnvironment',
      prop: 'environment.profiles',
      allowed: `an object with the workload profile of ${accelerator.name}`,
      got: environment.profiles,
      fix: 'Add the profile, or use an accelerator of the environment.',
    });
  }
  for (const [index, cidr] of (props.clientCidrs ?? []).entries()) {
    if (isUnknown(cidr) || parseCidr(cidr)) continue;
    const fix = 'Use the first address of the block, for example 10.0.0.0/16.';
    problems.add({
      code: 'CidrInvalid',
      prop: `clientCidrs[${index}]`,
      allowed: 'an IPv4 CIDR block',
      got: cidr,
      fix,
    });
  }
  const resolved = resolveScaling(problems, props);
  checkScaling(problems.within('scaling'), props.scaling, resolved);
  return resolved;
}

// Source: azurerm, validate.ContainerAppName. Maximum length: resource name rules of Microsoft.App.
const NAME = /^(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function checkName(problems: ProblemCollector, name: string | undefined): void {
  if (!isKnown(problems, 'name', name) || NAME.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop: 'name',
    allowed: '2 to 32 lower-case letters, digits and single hyphens that begin with a letter',
    got: name,
    fix: 'Use a valid name, or leave it out.',
  });
}

/** Share of the GPU memory for weights. The rest is for requests. vLLM uses 0.9 in total. */
const WEIGHTS_SHARE = 0.85;
const GB_PER_GIB = 2 ** 30 / 1e9;

/** Without a load. The planner checks a load in more detail. */
function checkMemory(problems: ProblemCollector, { model, accelerator, load }: ContainerAppInferenceProps): void {
  const { sizeGiB } = model;
  const max = Math.floor((accelerator.acceleratorMemoryGB * WEIGHTS_SHARE) / GB_PER_GIB);
  if (load || isUnknown(sizeGiB) || !(sizeGiB > max)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'model.sizeGiB',
    allowed: `at most ${max} on ${accelerator.name}, where weights and requests share ${accelerator.acceleratorMemoryGB} GB`,
    got: sizeGiB,
    fix: 'Store the weights with fewer bits, or serve on AKS or Azure ML.',
  });
}

const ENVIRONMENT_PROPS = ['network', 'cidr', 'subnetId', 'logs'] as const;

function checkExistingEnvironment(problems: ProblemCollector, props: ContainerAppInferenceProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkResourceId(problems, 'environment.id', props.environment?.id, 'Microsoft.App/managedEnvironments');
  for (const prop of ENVIRONMENT_PROPS) {
    if (props[prop] === undefined) continue;
    const allowed = 'left out for an existing environment';
    problems.add({
      code: 'AppEnvironment',
      prop,
      allowed,
      got: 'a value',
      fix: 'Leave it out: the environment has its own.',
    });
  }
}

function checkNewEnvironment(problems: ProblemCollector, props: ContainerAppInferenceProps): void {
  const { network, accelerator } = props;
  if (network) {
    checkContainerAppEnvironment(problems, { ...props, network, accelerators: [accelerator] });
    return;
  }
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  problems.add({
    code: 'ValueMissing',
    prop: 'network',
    allowed: 'set without `environment`',
    got: undefined,
    fix: 'Set `network`, or pass an existing `environment`.',
  });
}

/** Problems of values that the load determines belong to `load`. */
function checkScaling(problems: ProblemCollector, stated: ContainerAppScaling = {}, resolved: ResolvedScaling): void {
  const { minReplicas, maxReplicas, targetConcurrency, cooldownSeconds } = stated;
  const whole = (prop: string, value: number | undefined, min: number, max: number) =>
    checkBounds(problems, 'ScalingLimits', prop, value, { min, max });
  const known = [
    whole('minReplicas', minReplicas, 0, MAX_REPLICAS),
    whole('maxReplicas', maxReplicas, 1, MAX_REPLICAS),
  ];
  if (known.every(Boolean)) checkReplicaOrder(problems, resolved);
  whole('targetConcurrency', targetConcurrency, 1, 100_000);
  whole('cooldownSeconds', cooldownSeconds, 1, 86_400);
}

const INGRESS_SECONDS = 240;

/** Records the findings of an app. */
export function recordContainerAppFindings(
  scope: Construct,
  { model, clientCidrs }: ContainerAppInferenceProps,
  { image }: ContainerAppServer,
  { minReplicas, plan }: ResolvedScaling,
): void {
  if (!isUnknown(image) && !image.includes('@sha256:')) recordMutable(scope, image);
  if (minReplicas === 0) recordColdStart(scope, startupSeconds(model.sizeGiB));
  if (minReplicas === 1) recordOneReplica(scope);
  if (clientCidrs === undefined) recordOpen(scope);
  for (const finding of plan?.findings ?? []) record(scope, finding);
}

function recordMutable(scope: Construct, image: string): void {
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `The tag of the image ${image} can change to other content.`,
    fix: 'Use the digest of the image, @sha256:….',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-tag-version',
  });
}

function recordColdStart(scope: Construct, seconds: number): void {
  record(scope, {
    id: 'serving/cold-start',
    level: 'warning',
    message: `After scale to zero, the first request waits until a replica pulls its image and loads the weights, ${seconds} seconds or more. The ingress times out after ${INGRESS_SECONDS} seconds.`,
    fix: 'Set scaling.minReplicas to 1. Or stream the image from Azure Container Registry, let callers retry, and acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-apps/ingress-overview',
  });
}

function recordOneReplica(scope: Construct): void {
  record(scope, {
    id: 'serving/one-replica',
    level: 'info',
    message: 'One replica can serve all requests, so its failure stops the endpoint.',
    fix: 'Set scaling.minReplicas to 2 for high availability.',
    evidence: 'https://learn.microsoft.com/en-us/azure/reliability/reliability-azure-container-apps',
  });
}

function recordOpen(scope: Construct): void {
  record(scope, {
    id: 'serving/open-to-network',
    level: 'warning',
    message:
      'Anyone who can reach the network of the app can call the model: the server does not authenticate callers.',
    fix: 'Set clientCidrs to the subnet of an InferenceGateway, or acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-apps/ip-restrictions',
  });
}
