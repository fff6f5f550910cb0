import { Construct } from 'constructs';
import { cidrsOverlap, parseCidr } from '../../core/cidr';
import { Problems } from '../../core/errors';
import { fits, having, type Kind, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import { ComputeNetwork, ComputeRouter, ComputeRouterNat, ComputeSubnetwork } from '../provider/google';

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

/** What ranges are unless something else is said. */
export const DEFAULT_CIDRS = { nodeCidr: '10.0.0.0/18', podCidr: '10.4.0.0/14', serviceCidr: '10.8.0.0/20' };

/** MTU of the first network: jumbo frames, as storage and GPU nodes want them. @see https://cloud.google.com/vpc/docs/mtu */
const MTU = 8896;

/**
 * The network of a cluster, for those who bring none: nodes without public addresses, ranges for pods and services, a NAT for what they
 * fetch, private ways to Google's APIs, flow logs.
 */
export class MlNetwork extends Construct {
  public readonly network: ComputeNetwork;
  public readonly subnetwork: ComputeSubnetwork;
  public readonly region: string;
  /** Names of the ranges of the subnetwork. */
  public readonly rangeNames = { pods: 'pods', services: 'services' } as const;

  constructor(scope: Construct, id: string, props: MlNetworkProps) {
    super(scope, id);
    const { nodeCidr, podCidr, serviceCidr } = checkedRanges(this, props);
    const { region } = props;
    this.region = region;
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

function checkRanges(problems: Problems, ranges: typeof DEFAULT_CIDRS): void {
  const blocks = Object.entries(ranges).flatMap(([prop, text]) => {
    const block = isKnown(problems, prop, text) ? parseCidr(text) : undefined;
    if (!block) {
      problems.add({
        code: 'CidrInvalid',
        prop,
        allowed: 'an IPv4 block, e.g. 10.0.0.0/18',
        got: text,
        fix: 'Write its first address.',
      });
    }
    return block ? [{ prop, text, block }] : [];
  });
  blocks.forEach(({ prop, text, block }, index) => {
    const other = blocks.slice(0, index).find((one) => cidrsOverlap(one.block, block));
    if (!other) return;
    const allowed = `apart from ${other.prop} ${other.text}`;
    problems.add({ code: 'CidrOverlap', prop, allowed, got: text, fix: 'Move one of them.' });
  });
}

/** A network of a cluster, of whichever copy of the package. */
export const ML_NETWORK: Kind = having(
  'an MlNetwork',
  ['network', 'subnetwork', 'rangeNames'],
  'Use new MlNetwork(scope, id, { region }).',
);
