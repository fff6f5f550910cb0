import { Construct } from 'constructs';
import { AiInfraError, ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkLocation } from '../props/location';
import { checkResourceId } from '../props/resource-id';
import type { IMlNetwork } from './ml-network';
import { checkedBlock, checkReservedRanges, DEFAULT_RANGES } from './network-ranges';
import { ML_NETWORK_ATTRIBUTES } from '../prop-schemas';

/** Attributes of an existing network. */
export interface MlNetworkAttributes {
  /** Resource id of the virtual network. */
  readonly virtualNetworkId: string;
  /** Resource id of the node subnet. It must have outbound internet access. */
  readonly nodeSubnetId: string;
  /** Resource id of the subnet for private endpoints. */
  readonly endpointSubnetId: string;
  /** Region of the network. @default - the region of the resource group */
  readonly location?: string;
  /** Address range of pods. It must not overlap any network that the nodes reach. @default 10.4.0.0/14 */
  readonly podCidr?: string;
  /** Address range of Kubernetes services. It must not overlap any network that the nodes reach. @default 10.8.0.0/20 */
  readonly serviceCidr?: string;
  /** Resource ids of the private DNS zones that are linked to the network, by zone name such as `privatelink.blob.core.windows.net`. @default - none */
  readonly privateDnsZones?: Readonly<Record<string, string>>;
}

const NETWORK = 'Microsoft.Network/virtualNetworks';

/** @internal An existing network. Creates no resources. */
export class ImportedNetwork extends Construct implements IMlNetwork {
  public readonly virtualNetworkId: string;
  public readonly nodeSubnetId: string;
  public readonly endpointSubnetId: string;
  public readonly location?: string;
  public readonly podCidr: string;
  public readonly serviceCidr: string;
  private readonly privateDnsZones: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, attrs: MlNetworkAttributes) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, attrs, ML_NETWORK_ATTRIBUTES, 'attrs')) check(problems, attrs);
    problems.throwIfAny(this);
    this.virtualNetworkId = attrs.virtualNetworkId;
    this.nodeSubnetId = attrs.nodeSubnetId;
    this.endpointSubnetId = attrs.endpointSubnetId;
    this.location = attrs.location;
    this.podCidr = attrs.podCidr ?? DEFAULT_RANGES.podCidr;
    this.serviceCidr = attrs.serviceCidr ?? DEFAULT_RANGES.serviceCidr;
    this.privateDnsZones = attrs.privateDnsZones ?? {};
  }

  privateDnsZoneId(zone: string): string {
    const { privateDnsZones } = this;
    if (Object.hasOwn(privateDnsZones, zone)) return privateDnsZones[zone]!;
    throw new AiInfraError(
      [
        {
          code: 'ValueMissing',
          prop: `privateDnsZones.${zone}`,
          allowed: 'the resource id of the private DNS zone, which clients need to resolve the service',
          got: Object.keys(privateDnsZones),
          fix: 'Link the zone to the network, and add its resource id.',
        },
      ],
      this,
    );
  }
}

function check(problems: ProblemCollector, attrs: MlNetworkAttributes): void {
  checkResourceId(problems, 'virtualNetworkId', attrs.virtualNetworkId, NETWORK);
  checkResourceId(problems, 'nodeSubnetId', attrs.nodeSubnetId, `${NETWORK}/subnets`);
  checkResourceId(problems, 'endpointSubnetId', attrs.endpointSubnetId, `${NETWORK}/subnets`);
  for (const [zone, id] of Object.entries(attrs.privateDnsZones ?? {}))
    checkResourceId(problems, `privateDnsZones.${zone}`, id, 'Microsoft.Network/privateDnsZones');
  checkLocation(problems, 'location', attrs.location);
  for (const prop of ['podCidr', 'serviceCidr'] as const) {
    const cidr = attrs[prop];
    const block = cidr === undefined ? undefined : checkedBlock(problems, prop, cidr);
    if (block) checkReservedRanges(problems, prop, cidr!, block);
  }
}
