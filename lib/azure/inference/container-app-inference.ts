import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { startupSeconds } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { plainText } from '../../terraform/plain-text';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { IInferenceTarget } from '../gateway/inference-target';
import { assignRole, Role } from '../operations/roles';
import { ContainerApp, type RoleAssignment, UserAssignedIdentity } from '../provider/azurerm';
import { ContainerAppEnvironment, type IContainerAppEnvironment } from './container-app-environment';
import { checkContainerApp } from './container-app-inference-checks';
import { recordContainerAppFindings } from './container-app-inference-findings';
import type { ContainerAppInferenceProps } from './container-app-inference-props';
import type { ResolvedScaling } from './container-app-plan';
import { ContainerAppServer } from './container-app-server';
import { modelStorage } from './container-app-storage';

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
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: props.load, prices: props.prices });
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
