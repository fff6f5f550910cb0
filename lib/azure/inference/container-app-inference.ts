import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
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
import type { SettledScaling } from './container-app-plan';
import { ContainerAppServer } from './container-app-server';
import { modelStorage } from './container-app-storage';

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftapp */
const LONGEST_NAME = 32;

/**
 * A model on a serverless accelerator of Container Apps: replicas that follow the requests, down to none, and are paid by the second; a
 * private address, and an identity that pulls the image.
 *
 * @see https://learn.microsoft.com/en-us/azure/container-apps/gpu-serverless-overview
 */
export class ContainerAppInference extends Construct implements IInferenceTarget {
  public readonly environment: IContainerAppEnvironment;
  public readonly resource: ContainerApp;
  /** What the app acts as. */
  public readonly identity: UserAssignedIdentity;
  /** How many replicas there are, what users wait for. @default - no load was given */
  public readonly plan?: ServingPlan;
  /** The name that requests call the model by. */
  public readonly modelName: string;

  constructor(scope: Construct, id: string, props: ContainerAppInferenceProps) {
    super(scope, id);
    const problems = new Problems();
    const settled = checkContainerApp(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup, name = physicalName(this, LONGEST_NAME), server = ContainerAppServer.vllm() } = props;
    this.modelName = name;
    this.plan = settled!.plan;
    this.environment = props.environment ?? this.createEnvironment(props);
    this.identity = new UserAssignedIdentity(this, 'Identity', {
      name: physicalName(this),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
    });
    this.resource = this.createApp(props, server, settled!, this.grantPull(props));
    recordContainerAppFindings(this, props, server, settled!);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: props.load, prices: props.prices });
  }

  /** Address below which the paths of the OpenAI protocol lie. */
  get url(): string {
    return `https://${this.resource.ingress.fqdn}/v1`;
  }

  private createEnvironment({ resourceGroup, network, accelerator, cidr, subnetId, logs }: ContainerAppInferenceProps) {
    const accelerators = [accelerator];
    const place = { resourceGroup, network: network!, cidr, subnetId, logs };
    return new ContainerAppEnvironment(this, 'Environment', { ...place, accelerators });
  }

  private grantPull({ registry }: ContainerAppInferenceProps): RoleAssignment[] {
    if (!registry) return [];
    return [assignRole(this, 'Pull', { role: Role.ACR_PULL, on: registry.id, to: this.identity.principalId })];
  }

  private createApp(
    props: ContainerAppInferenceProps,
    server: ContainerAppServer,
    { minimum, maximum, target, cooldownSeconds }: SettledScaling,
    dependsOn: RoleAssignment[],
  ): ContainerApp {
    const { resourceGroup, accelerator, model, registry, allowedCidrs = [] } = props;
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
        minReplicas: minimum,
        maxReplicas: maximum,
        cooldownPeriodInSeconds: cooldownSeconds,
        httpScaleRule: [{ name: 'requests', concurrentRequests: String(target) }],
        container: [
          {
            name: 'server',
            image: server.image,
            cpu: accelerator.vcpus,
            memory: `${accelerator.memoryGiB}Gi`,
            command: command?.map(plainText),
            args: args?.map(plainText),
            env: env.map(({ name, value }) => ({ name, value: plainText(value) })),
            startupProbe: [{ ...probe, ...patience(startupSeconds(model.sizeGiB)) }],
            readinessProbe: [{ ...probe, intervalSeconds: 10, failureCountThreshold: 3, timeout: 5 }],
            livenessProbe: [{ ...probe, intervalSeconds: 30, failureCountThreshold: 5, timeout: 10 }],
            volumeMounts: storage?.mounts,
          },
        ],
        volume: storage?.volumes,
      },
      // External to the environment, which is internal to the network.
      ingress: {
        externalEnabled: true,
        targetPort: server.port,
        transport: 'http',
        allowInsecureConnections: false,
        trafficWeight: [{ latestRevision: true, percentage: 100 }],
        ipSecurityRestriction: allowedCidrs.map((ipAddressRange, index) => ({
          name: `allowed-${index}`,
          action: 'Allow',
          ipAddressRange,
        })),
      },
      dependsOn: [...dependsOn, ...(storage?.before ?? [])],
    });
  }
}

/** Tries of a probe, at most, and seconds between two. Source: azurerm, schema of `startup_probe`. */
const MOST_TRIES = 10;
const MOST_INTERVAL = 240;

/** As many tries as there may be, so that a start may take these seconds. */
function patience(seconds: number): { failureCountThreshold: number; intervalSeconds: number; timeout: number } {
  const intervalSeconds = Math.min(MOST_INTERVAL, Math.ceil(seconds / MOST_TRIES));
  return { failureCountThreshold: MOST_TRIES, intervalSeconds, timeout: 5 };
}
