import { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { ProblemCollector } from '../../core/errors';
import { CONSTRUCT, assertProps, validateProps, required } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { ComputeSubnetwork } from '../provider/google';
import type { MlNetwork } from './ml-network';
import { rejectUndeclared } from './host-project-check';
import { type IMlNetwork, isMlNetwork, projectOf } from './network-attributes';
import { checkNotShared, checkIsHere } from './owner-checks';
import { rangesOf, sharedRange } from './range-checks';
import { PROXY_SUBNET_PROPS } from '../prop-schemas';

/** Properties for `ProxySubnet`. */
export interface ProxySubnetProps {
  /** Network of the load balancers. The subnet is in its region. */
  readonly network: IMlNetwork;
  /** CIDR block of the proxies, /26 or larger. @default '10.8.16.0/23' */
  readonly cidr?: string;
}

/** The block after the services of an `MlNetwork`, in the size that Google recommends. */
export const PROXY_CIDR = '10.8.16.0/23';
const SMALLEST_BITS = 26;

/**
 * A proxy-only subnet for the Envoy proxies of regional load balancers. A network has at most one in each region.
 *
 * @see https://cloud.google.com/load-balancing/docs/proxy-only-subnets
 * @example
 * ```ts
 * import { MlNetwork, ProxySubnet } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
 * ProxySubnet.of(network);
 * ```
 */
export class ProxySubnet extends Construct {
  /** The proxy-only subnet of a network, created on first use. */
  static of(network: MlNetwork): ProxySubnet {
    assertProps({ network }, { network: required(CONSTRUCT) });
    return (network.node.tryFindChild(ID) as ProxySubnet | undefined) ?? new ProxySubnet(network, ID, { network });
  }

  /** The subnetwork in Terraform. */
  public readonly resource: ComputeSubnetwork;
  /** CIDR block of the proxies. */
  public readonly cidr: string;

  constructor(scope: Construct, id: string, props: ProxySubnetProps) {
    super(scope, id);
    checkProviders(this);
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
    rejectUndeclared(this.resource, network);
  }
}

const ID = 'Proxies';

function check(scope: Construct, props: ProxySubnetProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, PROXY_SUBNET_PROPS) && isKnown(problems, 'cidr', props.cidr)) {
    const block = parseCidr(props.cidr);
    if (!block || block.prefix > SMALLEST_BITS) {
      problems.add({
        code: 'CidrInvalid',
        prop: 'cidr',
        allowed: `an IPv4 CIDR block of /${SMALLEST_BITS} or larger, for example ${PROXY_CIDR}`,
        got: props.cidr,
        fix: 'Use a block that no other subnetwork uses.',
      });
    }
  }
  if (problems.all.length === 0) {
    checkFree(problems, 'cidr', props);
    checkNotShared(problems, props.network, 'proxyCidr');
  }
  problems.throwIfAny(scope);
}

/** Adds a problem if an existing network has no proxy-only subnet, or a new network has no room for one. */
export function checkProxies(problems: ProblemCollector, network: IMlNetwork): void {
  if (!isMlNetwork(network)) checkIsHere(problems, network, 'proxyCidr');
  else if (!network.node.tryFindChild(ID)) checkFree(problems, 'network', { network });
}

/** Subnetworks of a network must not overlap. */
function checkFree(problems: ProblemCollector, prop: string, { network, cidr = PROXY_CIDR }: ProxySubnetProps): void {
  const ranges = rangesOf(network);
  if (sharedRange([cidr], ranges) === undefined) return;
  problems.add({
    code: 'CidrOverlap',
    prop,
    allowed: `a CIDR block that does not overlap with the network: ${ranges.join(', ')}`,
    got: cidr,
    fix: `Change the blocks of the network, or use new ProxySubnet(network, '${ID}', { network, cidr }) with a free block.`,
  });
}
