import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkRegion } from '../props/location';
import { ComputeNetwork, ComputeRouter, ComputeRouterNat, ComputeSubnetwork } from '../provider/google';
import { ExistingNetwork, type MlNetworkAttributes } from './existing-network';
import type { IMlNetwork } from './network-attributes';
import { checkRanges, DEFAULT_CIDRS } from './range-checks';
import { ML_NETWORK_PROPS } from '../prop-schemas';

/** Properties for `MlNetwork`. */
export interface MlNetworkProps {
  /** Region of the subnetwork. */
  readonly region: string;
  /** CIDR block of the nodes. @default '10.0.0.0/18' */
  readonly nodeCidr?: string;
  /** CIDR block of the pods: a /24 for each node with the default of 110 pods. @default '10.4.0.0/14' */
  readonly podCidr?: string;
  /** CIDR block of the Kubernetes services. @default '10.8.0.0/20' */
  readonly serviceCidr?: string;
}

/** MTU of the primary network: jumbo frames for storage and GPU nodes. @see https://cloud.google.com/vpc/docs/mtu */
const MTU = 8896;

/**
 * A VPC network for a cluster. Nodes have no external addresses.
 *
 * It has secondary ranges for pods and services, Cloud NAT for downloads, Private Google Access, and flow logs.
 *
 * @example
 * ```ts
 * import { MlNetwork } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
 * ```
 */
export class MlNetwork extends Construct implements IMlNetwork {
  /** An existing network, of this project or of a host project. */
  static fromMlNetworkAttributes(scope: Construct, id: string, attributes: MlNetworkAttributes): IMlNetwork {
    return new ExistingNetwork(scope, id, attributes);
  }

  /** The network in Terraform. */
  public readonly network: ComputeNetwork;
  /** The subnetwork of the nodes in Terraform. */
  public readonly subnetwork: ComputeSubnetwork;
  /** Region of the subnetwork. */
  public readonly region: string;
  /** CIDR block of the nodes. */
  public readonly nodeCidr: string;
  /** CIDR block of the pods. */
  public readonly podCidr: string;
  /** CIDR block of the Kubernetes services. */
  public readonly serviceCidr: string;
  /** Names of the secondary ranges of the subnetwork. */
  public readonly rangeNames = { pods: 'pods', services: 'services' } as const;

  constructor(scope: Construct, id: string, props: MlNetworkProps) {
    super(scope, id);
    checkProviders(this);
    const { nodeCidr, podCidr, serviceCidr } = checkedRanges(this, props);
    const { region } = props;
    this.region = region;
    this.nodeCidr = nodeCidr;
    this.podCidr = podCidr;
    this.serviceCidr = serviceCidr;
    const name = physicalName(this);
    this.network = new ComputeNetwork(this, 'Network', { name, autoCreateSubnetworks: false, mtu: MTU });
    this.subnetwork = new ComputeSubnetwork(this, 'Nodes', {
      name,
      network: this.network.id,
      region,
      ipCidrRange: nodeCidr,
      privateIpGoogleAccess: true,
      secondaryIpRange: [
        { rangeName: this.rangeNames.pods, ipCidrRange: podCidr },
        { rangeName: this.rangeNames.services, ipCidrRange: serviceCidr },
      ],
      logConfig: { aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA' },
    });
    const router = new ComputeRouter(this, 'Router', { name, network: this.network.id, region });
    new ComputeRouterNat(this, 'Nat', {
      name,
      router: router.name,
      region,
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    });
  }

  /** ID of the network. */
  get networkId(): string {
    return this.network.id;
  }

  /** ID of the subnetwork of the nodes. */
  get subnetworkId(): string {
    return this.subnetwork.id;
  }
}

function checkedRanges(scope: Construct, props: MlNetworkProps): typeof DEFAULT_CIDRS {
  const problems = new ProblemCollector();
  const ranges = { ...DEFAULT_CIDRS };
  if (validateProps(problems, props, ML_NETWORK_PROPS)) {
    checkRegion(problems, 'region', props.region);
    for (const prop of Object.keys(DEFAULT_CIDRS) as (keyof typeof DEFAULT_CIDRS)[])
      ranges[prop] = props[prop] ?? DEFAULT_CIDRS[prop];
    checkRanges(problems, ranges);
  }
  problems.throwIfAny(scope);
  return ranges;
}
