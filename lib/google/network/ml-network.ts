import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { checkRegion } from '../props/location';
import { ComputeNetwork, ComputeRouter, ComputeRouterNat, ComputeSubnetwork } from '../provider/google';
import { type ExistingNetwork, existingNetwork } from './existing-network';
import type { IMlNetwork } from './network-attributes';
import { checkRanges, DEFAULT_CIDRS } from './network-ranges';

/** Properties for `MlNetwork`. */
export interface MlNetworkProps {
  readonly region: string;
  /** Addresses of nodes. @default 10.0.0.0/18 */
  readonly nodeCidr?: string;
  /** Addresses of pods: a /24 for each node of the default 110 pods. @default 10.4.0.0/14 */
  readonly podCidr?: string;
  /** Addresses of Kubernetes services. @default 10.8.0.0/20 */
  readonly serviceCidr?: string;
}

const SHAPE: Shape<MlNetworkProps> = { region: required(TEXT), nodeCidr: TEXT, podCidr: TEXT, serviceCidr: TEXT };

/** MTU of the first network: jumbo frames, as storage and GPU nodes want them. @see https://cloud.google.com/vpc/docs/mtu */
const MTU = 8896;

/**
 * The network of a cluster, for those who bring none: nodes without public addresses, ranges for pods and services, a NAT for what they
 * fetch, private ways to Google's APIs, flow logs.
 */
export class MlNetwork extends Construct implements IMlNetwork {
  /** A network that stands already, of this project or of a host project. */
  static existing(network: ExistingNetwork): IMlNetwork {
    return existingNetwork(network);
  }

  public readonly network: ComputeNetwork;
  public readonly subnetwork: ComputeSubnetwork;
  public readonly region: string;
  public readonly nodeCidr: string;
  public readonly podCidr: string;
  public readonly serviceCidr: string;
  /** Names of the ranges of the subnetwork. */
  public readonly rangeNames = { pods: 'pods', services: 'services' } as const;

  constructor(scope: Construct, id: string, props: MlNetworkProps) {
    super(scope, id);
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

  get networkId(): string {
    return this.network.id;
  }

  get subnetworkId(): string {
    return this.subnetwork.id;
  }
}

function checkedRanges(scope: Construct, props: MlNetworkProps): typeof DEFAULT_CIDRS {
  const problems = new Problems();
  const ranges = { ...DEFAULT_CIDRS };
  if (fits(problems, props, SHAPE)) {
    checkRegion(problems, 'region', props.region);
    for (const prop of Object.keys(DEFAULT_CIDRS) as (keyof typeof DEFAULT_CIDRS)[])
      ranges[prop] = props[prop] ?? DEFAULT_CIDRS[prop];
    checkRanges(problems, ranges);
  }
  problems.throwIfAny(scope);
  return ranges;
}
