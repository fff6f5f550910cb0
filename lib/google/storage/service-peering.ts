import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { CONSTRUCT, demand, required } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { onlyInStack } from '../../terraform/once-in-stack';
import { expressionOf } from '../../terraform/expression';
import { refuseUnsaid } from '../network/host-project-check';
import { type IMlNetwork, ML_NETWORK, projectOf } from '../network/network-attributes';
import type { MlNetwork } from '../network/ml-network';
import { checkNotShared, checkStands } from '../network/owner-checks';
import { ComputeGlobalAddress, ServiceNetworkingConnection } from '../provider/google';

/** Addresses that services of Google take in a network: a /20, room for several file systems. */
const PREFIX = 20;

const ID = 'ServicePeering';

/**
 * The peering through which Google's own networks, such as that of Managed Lustre, reach a network: one for each network.
 *
 * @see https://cloud.google.com/vpc/docs/configure-private-services-access
 */
export class ServicePeering extends Construct {
  /** That of a network, made on first use. */
  static of(network: MlNetwork): ServicePeering;
  /**
   * That of a network, made on first use.
   *
   * @param scope where that of a network that was brought is made: once in its stack. It must not stand already, in Google Cloud or in another stack.
   */
  static of(network: IMlNetwork, scope: Construct): ServicePeering;
  static of(network: IMlNetwork, scope?: Construct): ServicePeering {
    demand({ network }, { network: required(ML_NETWORK) });
    if (Construct.isConstruct(network)) {
      const found = network.node.tryFindChild(ID) as ServicePeering | undefined;
      return found ?? new ServicePeering(network, ID, network);
    }
    demand({ scope }, { scope: required(CONSTRUCT) });
    const id = `${ID}-${expressionOf(scope!, network.networkId).replace(/\W+/g, '-')}`;
    return onlyInStack(scope!, id, (stack) => new ServicePeering(stack, id, network));
  }

  public readonly range: ComputeGlobalAddress;
  public readonly connection: ServiceNetworkingConnection;

  private constructor(scope: Construct, id: string, network: IMlNetwork) {
    super(scope, id);
    check(this, network);
    this.range = new ComputeGlobalAddress(this, 'Range', {
      name: physicalName(this),
      // The range stands in the project of its network, and so does the connection, which takes the project from there.
      project: projectOf(network),
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      prefixLength: PREFIX,
      network: network.networkId,
      // Google picks addresses that are free: while there is no subnetwork yet, also those that it is to get.
      dependsOn: ownSubnetworks(network),
    });
    refuseUnsaid(this.range, network);
    this.connection = new ServiceNetworkingConnection(this, 'Resource', {
      network: network.networkId,
      service: 'servicenetworking.googleapis.com',
      reservedPeeringRanges: [this.range.name],
    });
  }

  /** Its addresses, which Google picks. */
  get cidr(): string {
    return `\${${this.range.fqn}.address}/\${${this.range.fqn}.prefix_length}`;
  }
}

function ownSubnetworks(network: IMlNetwork): MlNetwork['subnetwork'][] | undefined {
  return 'subnetwork' in network ? [(network as MlNetwork).subnetwork] : undefined;
}

/** Adds a problem where a file system is to stand in a shared network, and nothing tells that private services access stands there. */
export function checkPeering(problems: Problems, network: IMlNetwork): void {
  if (network.shared) checkStands(problems, network, 'peeringCidrs');
}

function check(scope: Construct, network: IMlNetwork): void {
  const problems = new Problems();
  checkNotShared(problems, network, 'peeringCidrs');
  if (network.peeringCidrs) {
    problems.add({
      code: 'ClusterOption',
      prop: 'network.peeringCidrs',
      allowed: 'left out, where private services access is made here: a network has one',
      got: network.peeringCidrs,
      fix: 'Use what stands, or leave it out.',
    });
  }
  problems.throwIfAny(scope);
}
