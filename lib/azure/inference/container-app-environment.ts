import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import type { IMlNetwork } from '../network/ml-network';
import { type OwnNetwork, ownsSubnets } from '../network/private-link';
import { type ILogWorkspace, LogWorkspace, sendLogs } from '../operations/log-workspace';
import { recordLocation } from '../props/location';
import { checkResourceGroup, type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { AzapiResource } from '../provider/azapi';
import {
  PrivateDnsARecord,
  PrivateDnsZone,
  PrivateDnsZoneVirtualNetworkLink,
  ContainerAppEnvironmentStorage,
} from '../provider/azurerm';
import type { ServerlessGpu } from './serverless-gpu';
import { CONTAINER_APP_ENVIRONMENT_PROPS } from '../prop-schemas';
import { type ContainerAppModel, MODEL_MOUNT } from './container-app-model';

/** A Container Apps environment with GPUs: a `ContainerAppEnvironment`, or an existing one. */
export interface IContainerAppEnvironment {
  /** Resource id of the environment. */
  readonly id: string;
  /** Names of the workload profiles by GPU: `{ A100: 'gpu-a100' }`. */
  readonly profiles: Readonly<Record<string, string>>;
}

/** Properties for `ContainerAppEnvironment`. */
export interface ContainerAppEnvironmentProps {
  /** Resource group of the environment. */
  readonly resourceGroup: IResourceGroup;
  /** The only network that can reach the apps. */
  readonly network: IMlNetwork;
  /** GPUs that apps can use. */
  readonly accelerators: readonly ServerlessGpu[];
  /** CIDR block of a new subnet, /27 or larger: each replica uses one address. Set either this or `subnetId`. @default - `subnetId` */
  readonly cidr?: string;
  /** Resource id of an existing subnet, delegated to `Microsoft.App/environments`. Set either this or `cidr`. @default - a new subnet with `cidr` */
  readonly subnetId?: string;
  /** Workspace for the logs of apps. @default - a new workspace with a retention of one year */
  readonly logs?: ILogWorkspace;
}

/** The newest stable API version that azapi 2.12.0 supports. */
const TYPE = 'Microsoft.App/managedEnvironments@2026-01-01';
/** Delegation of the subnet of an environment. */
const DELEGATION = 'Microsoft.App/environments';
/** @see https://learn.microsoft.com/en-us/azure/container-apps/custom-virtual-networks#subnet */
const MAX_PREFIX = 27;

const DOMAIN = 'properties.defaultDomain';
const ADDRESS = 'properties.staticIp';

/**
 * A Container Apps environment with serverless GPUs. Only its network can reach it, by a private DNS zone, and traffic between apps is
 * encrypted.
 *
 * It uses azapi, because azurerm 4.55 sends a minimum number of machines for each profile, which Azure rejects for these profiles
 * (hashicorp/terraform-provider-azurerm#31763).
 *
 * @example
 * ```ts
 * import { ContainerAppEnvironment, MlNetwork, ResourceGroup, ServerlessGpu } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new ContainerAppEnvironment(stack, 'Apps', {
 *   resourceGroup,
 *   network: new MlNetwork(stack, 'Network', { resourceGroup }),
 *   accelerators: [ServerlessGpu.A100],
 *   cidr: '10.0.129.0/24',
 * });
 * ```
 */
export class ContainerAppEnvironment extends Construct implements IContainerAppEnvironment {
  /** The environment itself. */
  public readonly resource: AzapiResource;
  /** Names of the workload profiles by GPU. */
  public readonly profiles: Readonly<Record<string, string>>;
  /** Workspace that receives the logs of apps. */
  public readonly logs: ILogWorkspace;

  constructor(scope: Construct, id: string, props: ContainerAppEnvironmentProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, CONTAINER_APP_ENVIRONMENT_PROPS)) checkContainerAppEnvironment(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup, network, accelerators } = props;
    recordLocation(this, resourceGroup.location);
    this.profiles = Object.fromEntries(accelerators.map(({ name, profile }) => [name, profile]));
    this.logs = props.logs ?? new LogWorkspace(this, 'Logs', { resourceGroup });
    const { subnetId, after } = this.subnetOf(props);
    this.resource = new AzapiResource(this, 'Resource', {
      type: TYPE,
      name: physicalName(this, MAX_NAME_LENGTH),
      parentId: resourceGroupId(this, resourceGroup),
      location: resourceGroup.location,
      body: environmentBody(subnetId, accelerators),
      responseExportValues: [DOMAIN, ADDRESS],
      dependsOn: after,
    });
    sendLogs(this, 'Diagnostics', this.logs, this.resource.id, ['ContainerAppConsoleLogs', 'ContainerAppSystemLogs']);
    this.addNames(resourceGroup, network.virtualNetworkId);
  }

  /** Resource id of the environment. */
  get id(): string {
    return this.resource.id;
  }

  /** The subnet of the environment, and the resources to create before it is used. */
  private subnetOf({ subnetId, network, cidr = '' }: ContainerAppEnvironmentProps) {
    if (subnetId !== undefined) return { subnetId };
    const ownNetwork = network as OwnNetwork;
    const subnet = ownNetwork.addSubnet(`Apps-${this.node.addr.slice(-8)}`, { cidr, delegation: DELEGATION });
    return { subnetId: subnet.id, after: ownNetwork.readyOf(subnet) };
  }

  /** A private DNS zone for the domain that Azure gives the environment. Each app has a name in it. */
  private addNames({ name: resourceGroupName }: IResourceGroup, virtualNetworkId: string): void {
    const within = { resourceGroupName };
    const zone = new PrivateDnsZone(this, 'Zone', {
      name: this.resource.outputAt(DOMAIN),
      ...within,
      // The output of azapi is unknown at each update, even of a tag. Without this, each update would replace the zone.
      lifecycle: { ignoreChanges: ['name'], replaceTriggeredBy: [`${dependable(this.resource)}.id`] },
    });
    new PrivateDnsZoneVirtualNetworkLink(this, 'ZoneLink', {
      name: physicalName(this),
      privateDnsZoneName: zone.name,
      virtualNetworkId,
      ...within,
    });
    const records = [this.resource.outputAt(ADDRESS)];
    new PrivateDnsARecord(this, 'Apps', { name: '*', zoneName: zone.name, ttl: 300, records, ...within });
  }
}

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftapp */
const MAX_NAME_LENGTH = 32;

/** Adds each problem in the props of an environment. The props must have the right types. */
export function checkContainerAppEnvironment(
  problems: ProblemCollector,
  { resourceGroup, network, accelerators, cidr, subnetId }: ContainerAppEnvironmentProps,
): void {
  checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  checkResourceId(problems, 'subnetId', subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'AppEnvironment', prop, allowed, got, fix });
  if (accelerators.length === 0) wrong('accelerators', 'a list with at least one GPU', [], 'Add a GPU.');
  if ((cidr === undefined) === (subnetId === undefined)) {
    const got = cidr === undefined ? 'neither' : 'both';
    wrong('cidr and subnetId', 'exactly one', got, 'Set `cidr` for a new subnet, or `subnetId` for an existing one.');
  }
  if (cidr !== undefined && !ownsSubnets(network)) {
    wrong('cidr', 'left out for an existing network', cidr, 'Create a subnet in your network, and set `subnetId`.');
  }
  const block = cidr === undefined || isUnknown(cidr) ? undefined : parseCidr(cidr);
  if (cidr !== undefined && !isUnknown(cidr) && !block) {
    const fix = 'Use the first address of the block, for example 10.0.128.0/26.';
    problems.add({ code: 'CidrInvalid', prop: 'cidr', allowed: 'an IPv4 CIDR block', got: cidr, fix });
  }
  if (block && block.prefix > MAX_PREFIX) {
    const fix = 'Use a larger block: each replica needs an address, and an update needs twice as many.';
    wrong('cidr', `a block of /${MAX_PREFIX} or larger`, cidr, fix);
  }
}

/** The API body of an environment. */
function environmentBody(infrastructureSubnetId: string, accelerators: readonly ServerlessGpu[]) {
  const gpus = accelerators.map(({ profile, profileType }) => ({ name: profile, workloadProfileType: profileType }));
  return {
    properties: {
      vnetConfiguration: { internal: true, infrastructureSubnetId },
      publicNetworkAccess: 'Disabled',
      workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }, ...gpus],
      // Diagnostic settings send the logs. The alternative needs a key of the workspace.
      appLogsConfiguration: { destination: 'azure-monitor' },
      peerTrafficConfiguration: { encryption: { enabled: true } },
    },
  };
}

/** The volume of a model, for the container app. */
export interface ModelStorage {
  readonly mounts: { readonly name: string; readonly path: string }[];
  readonly volumes: { readonly name: string; readonly storageType: string; readonly storageName: string }[];
  /** Resources to create before the app. */
  readonly before: ITerraformDependable[];
}

const NAME = 'model';

/**
 * @internal Mounts the file share of a model read-only. Returns undefined if the model is not on a share.
 *
 * @see https://learn.microsoft.com/en-us/azure/container-apps/storage-mounts#azure-files
 */
export function modelStorage(
  scope: Construct,
  { source }: ContainerAppModel,
  environment: IContainerAppEnvironment,
): ModelStorage | undefined {
  if (source.kind !== 'share') return undefined;
  const { accountName, shareName } = source;
  const storageName = `${NAME}-${scope.node.addr.slice(-8)}`;
  const storage = new ContainerAppEnvironmentStorage(scope, 'Share', {
    name: storageName,
    containerAppEnvironmentId: environment.id,
    accessMode: 'ReadOnly',
    nfsServerUrl: `${accountName}.file.core.windows.net`,
    shareName: `/${accountName}/${shareName}`,
  });
  return {
    mounts: [{ name: NAME, path: MODEL_MOUNT }],
    volumes: [{ name: NAME, storageType: 'NfsAzureFile', storageName }],
    before: [storage],
  };
}
