import { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { Problems } from '../../core/errors';
import { CONSTRUCT, demand, fits, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { ComputeSubnetwork } from '../provider/google';
import type { MlNetwork } from './ml-network';
import { refuseUnsaid } from './host-project-check';
import { type IMlNetwork, ML_NETWORK, projectOf } from './network-attributes';
import { checkNotShared, checkStands } from './owner-checks';
import { rangesOf, sharedRange } from './range-checks';

/** Properties for `ProxySubnet`. */
export interface ProxySubnetProps {
  /** The network whose load balancers it is for, in its region. */
  readonly network: IMlNetwork;
  /** Addresses of the proxies, /26 or larger. @default 10.8.16.0/23 */
  readonly cidr?: string;
}

const SHAPE: Shape<ProxySubnetProps> = { network: required(ML_NETWORK), cidr: TEXT };

/** Behind the services of an `MlNetwork`, as large as Google advises. */
export const PROXY_CIDR = '10.8.16.0/23';
const SMALLEST_BITS = 26;

/**
 * Addresses of the Envoy proxies of Google's regional load balancers. A network has one in a region: `ProxySubnet.of` makes it where there is
 * none.
 *
 * @see https://cloud.google.com/load-balancing/docs/proxy-only-subnets
 */
export class ProxySubnet extends Construct {
  /** That of a network, made below it when it is first asked for. */
  static of(network: MlNetwork): ProxySubnet {
    demand({ network }, { network: required(CONSTRUCT) });
    return (network.node.tryFindChild(ID) as ProxySubnet | undefined) ?? new ProxySubnet(network, ID, { network });
  }

  public readonly resource: ComputeSubnetwork;
  public readonly cidr: string;

  constructor(scope: Construct, id: string, props: ProxySubnetProps) {
    super(scope, id);
    check(this, props);
    const { network, cidr = PROXY_CIDR } = props;
    this.cidr = cidr;
    this.resource = new ComputeSubnetwork(this, 'Resource', {
      name: physicalName(this),
      project: projectOf(network),
      network: network.networkId,
      region: network.region,
      ipCidrRange: cidr,
      purpose: 'REGIONAL_MANAGED_PROXY',
      role: 'ACTIVE',
    });
    refuseUnsaid(this.resource, network);
  }
}

const ID = 'Proxies';

function check(scope: Construct, props: ProxySubnetProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE) && isKnown(problems, 'cidr', props.cidr)) {
    const block = parseCidr(props.cidr);
    if (!block || block.prefix > SMALLEST_BITS) {
      problems.add({
        code: 'CidrInvalid',
        prop: 'cidr',
        allowed: `an IPv4 block of /${SMALLEST_BITS} or larger, e.g. ${PROXY_CIDR}`,
        got: props.cidr,
        fix: 'Take a block that no other subnetwork has.',
      });
    }
  }
  if (problems.all.length === 0) {
    checkFree(problems, 'cidr', props);
    checkNotShared(problems, props.network, 'proxyCidr');
  }
  problems.throwIfAny(scope);
}

/** Adds a problem where a network that was brought has no proxies, or a new one has no room for those that `ProxySubnet.of` would make. */
export function checkProxies(problems: Problems, network: IMlNetwork): void {
  if (!isMade(network)) checkStands(problems, network, 'proxyCidr');
  else if (!network.node.tryFindChild(ID)) checkFree(problems, 'network', { network });
}

/** Proxies stand below a network that is made by this library, and in one that was brought they are its owner's. */
export function isMade(network: IMlNetwork): network is MlNetwork {
  return Construct.isConstruct(network);
}

/** A network takes no second subnetwork with addresses of its first one. */
function checkFree(problems: Problems, prop: string, { network, cidr = PROXY_CIDR }: ProxySubnetProps): void {
  const ranges = rangesOf(network);
  if (sharedRange([cidr], ranges) === undefined) return;
  problems.add({
    code: 'CidrOverlap',
    prop,
    allowed: `proxies apart from the addresses of the network: ${ranges.join(', ')}`,
    got: cidr,
    fix: `Move ranges of the network, or make new ProxySubnet(network, '${ID}', { network, cidr }) with a block that is free.`,
  });
}
