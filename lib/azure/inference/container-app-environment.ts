import { dependable } from 'cdktf';
import { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { Problems } from '../../core/errors';
import { fits, having, type Kind, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { type OwnNetwork, ownsSubnets } from '../network/own-subnets';
import { type ILogWorkspace, LOG_WORKSPACE, LogWorkspace, sendLogs } from '../operations/log-workspace';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP, resourceGroupId } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { AzapiResource } from '../provider/azapi';
import { PrivateDnsARecord, PrivateDnsZone, PrivateDnsZoneVirtualNetworkLink } from '../provider/azurerm';
import { SERVERLESS_GPU, type ServerlessGpu } from './serverless-gpu';

/** An environment of Container Apps with accelerators, made here or elsewhere. */
export interface IContainerAppEnvironment {
  /** Resource id. */
  readonly id: string;
  /** Names of its workload profiles, by the accelerator: `{ A100: 'gpu-a100' }`. */
  readonly profiles: Readonly<Record<string, string>>;
}

/** Properties for `ContainerAppEnvironment`. */
export interface ContainerAppEnvironmentProps {
  readonly resourceGroup: IResourceGroup;
  /** The network that reaches its apps: nobody else does. */
  readonly network: IMlNetwork;
  /** The accelerators that apps may take. */
  readonly accelerators: readonly ServerlessGpu[];
  /** Addresses of a new subnet for it, of /27 or larger: each replica takes one. One of this and `subnetId` is needed. */
  readonly cidr?: string;
  /** Resource id of a subnet that is handed to `Microsoft.App/environments`. One of this and `cidr` is needed. */
  readonly subnetId?: string;
  /** Where logs of apps go. @default - a new workspace, which keeps them for a year */
  readonly logs?: ILogWorkspace;
}

const SHAPE: Shape<ContainerAppEnvironmentProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: required(ML_NETWORK),
  accelerators: required(listOf(SERVERLESS_GPU)),
  cidr: TEXT,
  subnetId: TEXT,
  logs: LOG_WORKSPACE,
};

/** The newest stable version that azapi 2.12.0 knows. */
const TYPE = 'Microsoft.App/managedEnvironments@2026-01-01';
/** What a subnet of an environment is handed to. */
const DELEGATION = 'Microsoft.App/environments';
/** @see https://learn.microsoft.com/en-us/azure/container-apps/custom-virtual-networks#subnet */
const SMALLEST_SUBNET = 27;

const DOMAIN = 'properties.defaultDomain';
const ADDRESS = 'properties.staticIp';

/**
 * Where apps with serverless accelerators run: within a network, which finds them by their names, and with traffic between them encrypted.
 *
 * Through azapi, since azurerm 4.55 sends a least number of machines with each profile, which Azure refuses for these
 * (hashicorp/terraform-provider-azurerm#31763).
 */
export class ContainerAppEnvironment extends Construct implements IContainerAppEnvironment {
  public readonly resource: AzapiResource;
  public readonly profiles: Readonly<Record<string, string>>;
  public readonly logs: ILogWorkspace;

  constructor(scope: Construct, id: string, props: ContainerAppEnvironmentProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) checkContainerAppEnvironment(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup, network, accelerators } = props;
    this.profiles = Object.fromEntries(accelerators.map(({ name, profile }) => [name, profile]));
    this.logs = props.logs ?? new LogWorkspace(this, 'Logs', { resourceGroup });
    const { subnetId, after } = this.subnetOf(props);
    this.resource = new AzapiResource(this, 'Resource', {
      type: TYPE,
      name: physicalName(this, LONGEST_NAME),
      parentId: resourceGroupId(this, resourceGroup),
      location: resourceGroup.location,
      body: environmentBody(subnetId, accelerators),
      responseExportValues: [DOMAIN, ADDRESS],
      dependsOn: after,
    });
    sendLogs(this, 'Diagnostics', this.logs, this.resource.id, ['ContainerAppConsoleLogs', 'ContainerAppSystemLogs']);
    this.addNames(resourceGroup, network.virtualNetworkId);
  }

  get id(): string {
    return this.resource.id;
  }

  /** Its subnet, and what must stand before anything comes into it. */
  private subnetOf({ subnetId, network, cidr = '' }: ContainerAppEnvironmentProps) {
    if (subnetId !== undefined) return { subnetId };
    const own = network as OwnNetwork;
    const subnet = own.addSubnet(`Apps-${this.node.addr.slice(-8)}`, { cidr, delegation: DELEGATION });
    return { subnetId: subnet.id, after: own.readyOf(subnet) };
  }

  /** Every app is a name below the domain, which Azure gives the environment. */
  private addNames({ name: resourceGroupName }: IResourceGroup, virtualNetworkId: string): void {
    const within = { resourceGroupName };
    const zone = new PrivateDnsZone(this, 'Zone', {
      name: this.resource.outputAt(DOMAIN),
      ...within,
      // The answer of azapi is unknown whenever the environment changes, be it a tag: without this the zone would be replaced each time.
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
const LONGEST_NAME = 32;

/** An environment, of whichever copy of the package. */
export const CONTAINER_APP_ENVIRONMENT: Kind = having(
  'a ContainerAppEnvironment',
  ['id', 'profiles'],
  "Use new ContainerAppEnvironment(scope, id, { … }), or { id, profiles: { A100: 'gpu-a100' } } of one that stands.",
);

/** Adds what is wrong with the props of an environment; the types are right already. */
export function checkContainerAppEnvironment(
  problems: Problems,
  { resourceGroup, network, accelerators, cidr, subnetId }: ContainerAppEnvironmentProps,
): void {
  checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  checkResourceId(problems, 'subnetId', subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'AppEnvironment', prop, allowed, got, fix });
  if (accelerators.length === 0) wrong('accelerators', 'one or more', [], 'Name those that apps may take.');
  if ((cidr === undefined) === (subnetId === undefined)) {
    const got = cidr === undefined ? 'neither' : 'both';
    wrong('cidr and subnetId', 'one of the two', got, 'Give cidr for a new subnet, or subnetId for one that stands.');
  }
  if (cidr !== undefined && !ownsSubnets(network)) {
    wrong('cidr', 'left out, where the network was brought', cidr, 'Give subnetId: its subnets are yours to make.');
  }
  const block = cidr === undefined || isUnknown(cidr) ? undefined : parseCidr(cidr);
  if (cidr !== undefined && !isUnknown(cidr) && !block) {
    const fix = 'Write its first address, e.g. 10.0.128.0/26.';
    problems.add({ code: 'CidrInvalid', prop: 'cidr', allowed: 'an IPv4 block', got: cidr, fix });
  }
  if (block && block.prefix > SMALLEST_SUBNET) {
    const fix = 'Take a larger block: each replica takes an address, and an update as many again.';
    wrong('cidr', `a block of /${SMALLEST_SUBNET} or larger`, cidr, fix);
  }
}

/** The body of an environment, in the words of the API. */
function environmentBody(infrastructureSubnetId: string, accelerators: readonly ServerlessGpu[]) {
  const gpus = accelerators.map(({ profile, profileType }) => ({ name: profile, workloadProfileType: profileType }));
  return {
    properties: {
      vnetConfiguration: { internal: true, infrastructureSubnetId },
      publicNetworkAccess: 'Disabled',
      workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }, ...gpus],
      // By diagnostic settings: the other way is by a key of the workspace.
      appLogsConfiguration: { destination: 'azure-monitor' },
      peerTrafficConfiguration: { encryption: { enabled: true } },
    },
  };
}
