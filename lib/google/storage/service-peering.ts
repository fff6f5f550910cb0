import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { onceForProvider } from '../../terraform/chosen-provider';
import { expressionOf } from '../../terraform/expression';
import { checkProviders } from '../../terraform/provider-checks';
import { rejectUndeclared } from '../network/host-project-check';
import { type IMlNetwork, isMlNetwork, projectOf } from '../network/network-attributes';
import type { MlNetwork } from '../network/ml-network';
import { checkNotShared, checkIsHere } from '../network/owner-checks';
import { ComputeGlobalAddress, ServiceNetworkingConnection } from '../provider/google';
import { ML_NETWORK } from '../prop-schemas';

/** Prefix of the range for Google services in a network: a /20 has room for several file systems. */
const PREFIX = 20;

const ID = 'ServicePeering';

/**
 * Private services access: the peering that connects a network with the networks of Google services, such as Managed Lustre. A network has one.
 *
 * @see https://cloud.google.com/vpc/docs/configure-private-services-access
 * @example
 * ```ts
 * import { MlNetwork, ServicePeering } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
 * const { cidr } = ServicePeering.of(network);
 * ```
 */
export class ServicePeering extends Construct {
  /** The peering of a network, created on first use. */
  static of(network: MlNetwork): ServicePeering;
  /**
   * The peering of an existing network, created on first use.
   *
   * @param scope any construct of the stack that creates the peering. The network must not have one yet, in Google Cloud or in another stack.
   */
  static of(network: IMlNetwork, scope: Construct): ServicePeering;
  static of(network: IMlNetwork, scope?: Construct): ServicePeering {
    assertProps({ network }, { network: required(ML_NETWORK) });
    if (isMlNetwork(network)) {
      const found = network.node.tryFindChild(ID) as ServicePeering | undefined;
      return found ?? new ServicePeering(network, ID, network);
    }
    assertProps({ scope }, { scope: required(CONSTRUCT) });
    const id = `${ID}-${expressionOf(scope!, network.networkId).replace(/\W+/g, '-')}`;
    return onceForProvider(scope!, 'google', id, (holder) => new ServicePeering(holder, id, network));
  }

  /** The range of addresses for Google services. */
  public readonly range: ComputeGlobalAddress;
  /** The private connection. */
  public readonly connection: ServiceNetworkingConnection;

  private constructor(scope: Construct, id: string, network: IMlNetwork) {
    super(scope, id);
    checkProviders(this);
    check(this, network);
    this.range = new ComputeGlobalAddress(this, 'Range', {
      name: physicalName(this),
      // The range must be in the project of the network. The connection derives its project from the network.
      project: projectOf(network),
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      prefixLength: PREFIX,
      network: network.networkId,
      // Google chooses free addresses. Without this order, it could choose the addresses of a planned subnetwork.
      dependsOn: ownSubnetworks(network),
    });
    rejectUndeclared(this.range, network);
    this.connection = new ServiceNetworkingConnection(this, 'Resource', {
      network: network.networkId,
      service: 'servicenetworking.googleapis.com',
      reservedPeeringRanges: [this.range.name],
    });
  }

  /** CIDR block of the range, which Google chooses. */
  get cidr(): string {
    return `\${${this.range.fqn}.address}/\${${this.range.fqn}.prefix_length}`;
  }
}

function ownSubnetworks(network: IMlNetwork): MlNetwork['subnetwork'][] | undefined {
  return isMlNetwork(network) ? [network.subnetwork] : undefined;
}

/** Adds a problem if a new file system uses a shared network and `peeringCidrs` is missing. */
export function checkPeering(problems: ProblemCollector, network: IMlNetwork): void {
  if (network.shared) checkIsHere(problems, network, 'peeringCidrs');
}

function check(scope: Construct, network: IMlNetwork): void {
  const problems = new ProblemCollector();
  checkNotShared(problems, network, 'peeringCidrs');
  if (network.peeringCidrs) {
    problems.add({
      code: 'ClusterOption',
      prop: 'network.peeringCidrs',
      allowed: 'undefined if this stack creates private services access, because a network has only one',
      got: network.peeringCidrs,
      fix: 'Use the existing connection, or remove `peeringCidrs`.',
    });
  }
  problems.throwIfAny(scope);
}
