import { Construct } from 'constructs';
import { blocksOf, parseCidr } from '../../core/cidr';
import type { GoogleNetwork } from '../../core/catalog/google-machines';
import { type Problems } from '../../core/errors';
import { having, judged, type Kind, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { CurrentProject } from '../operations/current-project';
import { GOOGLE_MACHINE, type GoogleMachine, interfacesOf } from '../machine/machine';
import { checkZone, regionOf } from '../props/location';
import { ComputeFirewall, ComputeNetwork, ComputeSubnetwork } from '../provider/google';
import { refuseFirewallRules } from './rdma-firewall-check';

/** A network that further interfaces of nodes stand in, and the name by which pods ask for it. */
export interface AcceleratorNetwork {
  /** Name of the Kubernetes `Network`: `vpc1` for GPUs over TCP, `gvnic-1` for the host, `rdma-0` for RDMA. */
  readonly name: string;
  readonly role: GoogleNetwork['role'];
  /** How pods get it. @default - by no device of a pod network */
  readonly deviceMode?: GoogleNetwork['deviceMode'];
  readonly network: ComputeNetwork;
  /** @default - the profile of the network makes its own */
  readonly subnetwork?: ComputeSubnetwork;
  /** Name of the subnetwork, be it made here or by the profile. */
  readonly subnetworkName: string;
}

/** Properties for `AcceleratorNetworks`. */
export interface AcceleratorNetworksProps {
  /** The machine whose further interfaces need networks. */
  readonly machine: GoogleMachine;
  /** The zone of the nodes: RDMA networks are of one zone. */
  readonly zone: string;
  /**
   * Addresses of these networks, apart from those of the cluster. Each interface gets a subnet of a /22: 1,020 nodes, since Google keeps four addresses.
   *
   * @default 192.168.128.0/17
   */
  readonly cidr?: string;
}

const SHAPE: Shape<AcceleratorNetworksProps> = { machine: required(GOOGLE_MACHINE), zone: required(TEXT), cidr: TEXT };

const SUBNET_PREFIX = 22;

/** Addresses of these networks unless others are named. */
export const DEFAULT_CIDR = '192.168.128.0/17';

/**
 * What the subnet is called that the profile of bare metal makes, before the name of its network: all interfaces stand in it.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit 1047080, modules/network/gpu-rdma-vpc/main.tf; read 2026-11-26.
 */
const MADE_SUBNET = 'default-subnet-1-';
const LONGEST_NAME_WITH_SUBNET = 63 - MADE_SUBNET.length;

/**
 * The VPC networks that the GPU interfaces of a machine stand in, beside the first: one VPC an interface for GPUDirect over TCP; one for the
 * host's second interface and one with the RoCE profile, with a subnet an interface, for RDMA.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx
 * @see https://cloud.google.com/vpc/docs/rdma-network-profiles
 */
export class AcceleratorNetworks extends Construct {
  public readonly machine: GoogleMachine;
  public readonly zone: string;
  /** One for each further interface of the machine, in the order in which nodes carry them. */
  public readonly networks: readonly AcceleratorNetwork[];

  constructor(scope: Construct, id: string, props: AcceleratorNetworksProps) {
    super(scope, id);
    const blocks = judged(this, props, SHAPE, (problems) => check(problems, props));
    this.machine = props.machine;
    this.zone = props.zone;
    const next = () => blocks.shift();
    this.networks = this.machine.networks.flatMap((kind) =>
      Array.from({ length: kind.count }, (_, index) => this.addVpc(kind, index, next)).flat(),
    );
  }

  private addVpc(kind: GoogleNetwork, index: number, next: () => string | undefined): AcceleratorNetwork[] {
    const vpc = new Construct(this, idOf(kind, index));
    const network = new ComputeNetwork(vpc, 'Network', {
      name: physicalName(vpc, kind.subnetsPerVpc === 0 ? LONGEST_NAME_WITH_SUBNET : undefined),
      autoCreateSubnetworks: false,
      mtu: kind.mtu,
      networkProfile: kind.networkProfile && this.profile(kind.networkProfile),
    });
    const subnets = Array.from({ length: kind.subnetsPerVpc }, (_, subnet) => {
      const within = new Construct(vpc, `Subnet${subnet}`);
      const name = physicalName(within);
      const ipCidrRange = next()!;
      return new ComputeSubnetwork(within, 'Resource', {
        name,
        network: network.id,
        region: regionOf(this.zone),
        ipCidrRange,
      });
    });
    // RDMA networks let everything in by themselves, and take no ordinary firewall rule.
    if (kind.role === 'rdma') refuseFirewallRules(vpc, network);
    else allowWithin(vpc, network, subnets);
    const { role, deviceMode } = kind;
    return Array.from({ length: interfacesOf(kind) }, (_, nth) => {
      const subnetwork = subnets[nth];
      const subnetworkName = subnetwork?.name ?? `${MADE_SUBNET}${network.name}`;
      return {
        name: nameOf(kind, index * interfacesOf(kind) + nth),
        role,
        deviceMode,
        network,
        subnetwork,
        subnetworkName,
      };
    });
  }

  private profile(pattern: string): string {
    return `projects/${CurrentProject.of(this).projectId}/global/networkProfiles/${pattern.replace('ZONE', this.zone)}`;
  }
}

/** The only network of its kind has no number. */
function idOf({ role }: GoogleNetwork, index: number): string {
  if (role === 'gpu') return `Gpu${index}`;
  return `${role === 'host' ? 'Host' : 'Rdma'}${index === 0 ? '' : index}`;
}

function nameOf({ role }: GoogleNetwork, index: number): string {
  return role === 'gpu' ? `vpc${index + 1}` : role === 'host' ? `gvnic-${index + 1}` : `rdma-${index}`;
}

/** GPUs over TCP speak on ports of their own choice, and ICMP tells them the MTU. */
function allowWithin(vpc: Construct, network: ComputeNetwork, subnets: readonly ComputeSubnetwork[]): void {
  if (subnets.length === 0) return;
  new ComputeFirewall(vpc, 'AllowWithin', {
    name: physicalName(vpc),
    network: network.id,
    direction: 'INGRESS',
    sourceRanges: subnets.map(({ ipCidrRange }) => ipCidrRange),
    allow: [{ protocol: 'tcp', ports: ['0-65535'] }, { protocol: 'udp', ports: ['0-65535'] }, { protocol: 'icmp' }],
  });
}

function check(problems: Problems, { machine, zone, cidr = DEFAULT_CIDR }: AcceleratorNetworksProps): string[] {
  checkZone(problems, 'zone', zone);
  const needed = machine.networks.reduce((sum, { count, subnetsPerVpc }) => sum + count * subnetsPerVpc, 0);
  if (machine.networks.length === 0) {
    problems.add({
      code: 'NetworksUnneeded',
      prop: 'machine',
      allowed: 'a machine with interfaces in further networks',
      got: machine.name,
      fix: 'Leave these networks out: the network of the cluster carries everything.',
    });
  }
  if (!isKnown(problems, 'cidr', cidr)) return [];
  const outer = parseCidr(cidr);
  const blocks = outer ? blocksOf(outer, SUBNET_PREFIX, needed) : [];
  if (!outer || blocks.length < needed) {
    problems.add({
      code: 'CidrInvalid',
      prop: 'cidr',
      allowed: `an IPv4 block with room for ${needed} subnets of /${SUBNET_PREFIX}`,
      got: cidr,
      fix: 'Use a shorter prefix, e.g. 192.168.128.0/17.',
    });
  }
  return blocks;
}

/** Further networks, of whichever copy of the package. */
export const ACCELERATOR_NETWORKS: Kind = having(
  'AcceleratorNetworks',
  ['networks', 'machine', 'zone'],
  'Use new AcceleratorNetworks(scope, id, { machine, zone }).',
);
