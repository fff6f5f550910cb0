import { Construct } from 'constructs';
import { having, type Kind } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';

/** Names of the secondary ranges of a subnetwork that a cluster takes addresses from. */
export interface RangeNames {
  readonly pods: string;
  readonly services: string;
}

/** The network of a workload, made here or elsewhere. */
export interface IMlNetwork {
  /** `projects/<project>/global/networks/<name>`. */
  readonly networkId: string;
  /** The subnetwork of nodes, `projects/<project>/regions/<region>/subnetworks/<name>`. */
  readonly subnetworkId: string;
  /** The region of the subnetwork. */
  readonly region: string;
  /** @default - the subnetwork has none, and carries no new cluster */
  readonly rangeNames?: RangeNames;
  /** Addresses of nodes. @default - unknown: nothing is checked against them */
  readonly nodeCidr?: string;
  /** Addresses of pods. @default - unknown: nothing is checked against them */
  readonly podCidr?: string;
  /** Addresses of Kubernetes services. @default - unknown: nothing is checked against them */
  readonly serviceCidr?: string;
  /** Addresses that private services access was given, where it stands. @default - it is made for the first that needs it */
  readonly peeringCidrs?: readonly string[];
  /** Addresses of the proxy-only subnetwork of the region, where it stands. @default - none stands */
  readonly proxyCidr?: string;
  /** Whether it is of a host project, so that nothing is added to it here. @default false */
  readonly shared?: boolean;
}

/** A network, of whichever copy of the package. */
export const ML_NETWORK: Kind = having(
  'an MlNetwork',
  ['networkId', 'subnetworkId', 'region'],
  'Use new MlNetwork(scope, id, { region }), or MlNetwork.existing({ … }) for one that stands.',
);

/** The project of a network that was brought, where all stands that is added to it. @default - that of the provider */
export function projectOf(network: IMlNetwork): string | undefined {
  if (Construct.isConstruct(network) || isUnknown(network.networkId)) return undefined;
  return /^projects\/([^/]+)\//.exec(network.networkId)?.[1];
}
