import { Construct, type IConstruct } from 'constructs';
import { blocksOf, parseCidr } from '../../core/cidr';
import type { GoogleNetwork } from '../../core/catalog/google-machines';
import { ProblemCollector } from '../../core/errors';
import { validated } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { CurrentProject } from '../operations/current-project';
import { type GoogleMachine, interfacesOf } from '../machine/machine';
import { checkZone, regionOf } from '../props/location';
import { ComputeFirewall, ComputeNetwork, ComputeSubnetwork } from '../provider/google';
import { ACCELERATOR_NETWORKS_PROPS } from '../prop-schemas';
import { type TerraformResource, TerraformStack } from 'cdktf';
import { expressionOf } from '../../terraform/expression';
import { checkProviders } from '../../terraform/provider-checks';

/** A network of additional node interfaces. */
export interface AcceleratorNetwork {
  /** Name of the Kubernetes `Network` that pods request: `vpc1` for GPUDirect over TCP, `gvnic-1` for the host, `rdma-0` for RDMA. */
  readonly name: string;
  /** Purpose of the network. */
  readonly role: GoogleNetwork['role'];
  /** How pods get the interface. @default - pods get no interface in this network */
  readonly deviceMode?: GoogleNetwork['deviceMode'];
  /** The VPC network in Terraform. */
  readonly network: ComputeNetwork;
  /** The subnetwork in Terraform. @default - the network profile creates the subnetwork */
  readonly subnetwork?: ComputeSubnetwork;
  /** Name of the subnetwork. */
  readonly subnetworkName: string;
}

/** Properties for `AcceleratorNetworks`. */
export interface AcceleratorNetworksProps {
  /** Machine type with additional network interfaces. */
  readonly machine: GoogleMachine;
  /** Zone of the nodes. RDMA networks are zonal. */
  readonly zone: string;
  /**
   * CIDR block of the networks, which must not overlap with the cluster. Each interface gets a /22 subnet for 1,020 nodes: Google reserves four addresses.
   *
   * @default '192.168.128.0/17'
   */
  readonly cidr?: string;
}

const SUBNET_PREFIX = 22;

/** The default CIDR block of the networks. */
export const DEFAULT_CIDR = '192.168.128.0/17';

/**
 * Prefix of the subnet name that the bare metal network profile creates, followed by the network name. All interfaces use this subnet.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit 1047080, modules/network/gpu-rdma-vpc/main.tf; read 2026-11-26.
 */
const MADE_SUBNET = 'default-subnet-1-';
const LONGEST_NAME_WITH_SUBNET = 63 - MADE_SUBNET.length;

/**
 * VPC networks for the additional network interfaces of a machine type.
 *
 * GPUDirect over TCP needs one VPC for each interface. RDMA needs one VPC for the second host interface, and one VPC with the RoCE network profile
 * and a subnet for each interface.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx
 * @see https://cloud.google.com/vpc/docs/rdma-network-profiles
 * @example
 * ```ts
 * import { AcceleratorNetworks, GoogleMachine } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const networks = new AcceleratorNetworks(stack, 'Networks', {
 *   machine: GoogleMachine.A3_ULTRAGPU_8G,
 *   zone: 'us-central1-b',
 * });
 * ```
 */
export class AcceleratorNetworks extends Construct {
  /** Machine type that the networks are for. */
  public readonly machine: GoogleMachine;
  /** Zone of the nodes. */
  public readonly zone: string;
  /** One entry for each additional interface, in the order of the interfaces of a node. */
  public readonly networks: readonly AcceleratorNetwork[];

  constructor(scope: Construct, id: string, props: AcceleratorNetworksProps) {
    super(scope, id);
    checkProviders(this);
    const blocks = validated(this, props, ACCELERATOR_NETWORKS_PROPS, (problems) => check(problems, props));
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
    // RDMA networks allow all traffic and do not support ordinary firewall rules.
    if (kind.role === 'rdma') rejectFirewallRules(vpc, network);
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

/** The first host or RDMA network has no number. */
function idOf({ role }: GoogleNetwork, index: number): string {
  if (role === 'gpu') return `Gpu${index}`;
  return `${role === 'host' ? 'Host' : 'Rdma'}${index === 0 ? '' : index}`;
}

function nameOf({ role }: GoogleNetwork, index: number): string {
  return role === 'gpu' ? `vpc${index + 1}` : role === 'host' ? `gvnic-${index + 1}` : `rdma-${index}`;
}

/** GPUDirect over TCP uses any port, and needs ICMP for path MTU discovery. */
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

function check(problems: ProblemCollector, { machine, zone, cidr = DEFAULT_CIDR }: AcceleratorNetworksProps): string[] {
  checkZone(problems, 'zone', zone);
  const needed = machine.networks.reduce((sum, { count, subnetsPerVpc }) => sum + count * subnetsPerVpc, 0);
  if (machine.networks.length === 0) {
    problems.add({
      code: 'NetworksUnneeded',
      prop: 'machine',
      allowed: 'a machine with additional network interfaces',
      got: machine.name,
      fix: 'Remove these networks. The network of the cluster carries all traffic.',
    });
  }
  if (!isKnown(problems, 'cidr', cidr)) return [];
  const outer = parseCidr(cidr);
  const blocks = outer ? blocksOf(outer, SUBNET_PREFIX, needed) : [];
  if (!outer || blocks.length < needed) {
    problems.add({
      code: 'CidrInvalid',
      prop: 'cidr',
      allowed: `an IPv4 CIDR block with room for ${needed} subnets of /${SUBNET_PREFIX}`,
      got: cidr,
      fix: 'Use a larger block, for example 192.168.128.0/17.',
    });
  }
  return blocks;
}

/**
 * Rejects at synthesis a firewall rule anywhere in the stack on a network with an RDMA profile. Such networks allow all traffic, and Compute Engine
 * rejects ordinary rules for them.
 *
 * @see https://cloud.google.com/vpc/docs/rdma-network-profiles
 */
export function rejectFirewallRules(scope: Construct, network: ComputeNetwork): void {
  scope.node.addValidation({
    validate: () => {
      const stack = TerraformStack.of(scope);
      const rules = stack.node.findAll().filter(isFirewall);
      for (const rule of rules) {
        const named = expressionOf(rule, rule.networkInput);
        if (!named.includes(`${network.terraformResourceType}.${network.friendlyUniqueId}.`)) continue;
        const problems = new ProblemCollector();
        problems.add({
          code: 'NetworkFirewall',
          prop: 'network',
          allowed: `a network other than ${network.node.path}, because RDMA networks do not support firewall rules`,
          got: rule.node.path,
          fix: 'Remove the rule. The network profile allows traffic between its interfaces.',
        });
        problems.throwIfAny(rule);
      }
      return [];
    },
  });
}

function isFirewall(construct: IConstruct): construct is TerraformResource & { readonly networkInput?: string } {
  return (construct as Partial<TerraformResource>).terraformResourceType === 'google_compute_firewall';
}
