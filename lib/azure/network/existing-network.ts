import { AiInfraError, Problems } from '../../core/errors';
import { fits, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { checkLocation } from '../props/location';
import { checkResourceId } from '../props/resource-id';
import type { IMlNetwork } from './network-attributes';
import { checkedBlock, checkTaken, DEFAULT_RANGES } from './network-ranges';

/** What is known of a network that stands already. */
export interface ExistingNetwork {
  /** Resource id of the virtual network. */
  readonly virtualNetworkId: string;
  /** Resource id of the subnet of nodes: it must have a way out. */
  readonly nodeSubnetId: string;
  /** Resource id of the subnet of private endpoints. */
  readonly endpointSubnetId: string;
  /** Its region. @default - unknown: taken for that of the resource group of what reaches it */
  readonly location?: string;
  /** Addresses of pods, beside all that the network reaches. @default 10.4.0.0/14 */
  readonly podCidr?: string;
  /** Addresses of Kubernetes services, beside all that the network reaches. @default 10.8.0.0/20 */
  readonly serviceCidr?: string;
  /** Resource ids of the private DNS zones that are linked to it, by their names, e.g. `privatelink.blob.core.windows.net`. @default - none */
  readonly privateDnsZones?: Readonly<Record<string, string>>;
}

const SHAPE: Shape<ExistingNetwork> = {
  virtualNetworkId: required(TEXT),
  nodeSubnetId: required(TEXT),
  endpointSubnetId: required(TEXT),
  location: TEXT,
  podCidr: TEXT,
  serviceCidr: TEXT,
  privateDnsZones: recordOf(TEXT),
};

const NETWORK = 'Microsoft.Network/virtualNetworks';

/** @internal The network that stands, as constructs want it. */
export function existingNetwork(network: ExistingNetwork): IMlNetwork {
  const problems = new Problems();
  if (fits(problems, network, SHAPE, 'network')) check(problems, network);
  problems.throwIfAny();
  const { podCidr = DEFAULT_RANGES.podCidr, serviceCidr = DEFAULT_RANGES.serviceCidr, privateDnsZones = {} } = network;
  const { virtualNetworkId, nodeSubnetId, endpointSubnetId, location } = network;
  return {
    virtualNetworkId,
    nodeSubnetId,
    endpointSubnetId,
    location,
    podCidr,
    serviceCidr,
    privateDnsZoneId: (zone) => {
      if (!Object.hasOwn(privateDnsZones, zone)) throw missing(zone, Object.keys(privateDnsZones));
      return privateDnsZones[zone]!;
    },
  };
}

function check(problems: Problems, network: ExistingNetwork): void {
  checkResourceId(problems, 'virtualNetworkId', network.virtualNetworkId, NETWORK);
  checkResourceId(problems, 'nodeSubnetId', network.nodeSubnetId, `${NETWORK}/subnets`);
  checkResourceId(problems, 'endpointSubnetId', network.endpointSubnetId, `${NETWORK}/subnets`);
  for (const [zone, id] of Object.entries(network.privateDnsZones ?? {}))
    checkResourceId(problems, `privateDnsZones.${zone}`, id, 'Microsoft.Network/privateDnsZones');
  checkLocation(problems, 'location', network.location);
  for (const prop of ['podCidr', 'serviceCidr'] as const) {
    const text = network[prop];
    const block = text === undefined ? undefined : checkedBlock(problems, prop, text);
    if (block) checkTaken(problems, prop, text!, block);
  }
}

function missing(zone: string, known: readonly string[]): AiInfraError {
  return new AiInfraError([
    {
      code: 'ValueMissing',
      prop: `privateDnsZones.${zone}`,
      allowed: 'given: a service is reached by its name in this zone',
      got: known,
      fix: 'Link the zone to the network, and name its resource id.',
    },
  ]);
}
