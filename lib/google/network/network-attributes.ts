import { Construct } from 'constructs';
import { isUnknown } from '../../terraform/tokens';
import type { MlNetwork } from './ml-network';
import type { KubernetesManifest } from '../../kubernetes';
import type { AcceleratorNetwork, AcceleratorNetworks } from './accelerator-networks';

/** Names of the secondary ranges of a subnetwork. */
export interface RangeNames {
  /** Range for the pods of a cluster. */
  readonly pods: string;
  /** Range for the services of a cluster. */
  readonly services: string;
}

/** The network of a workload: a new `MlNetwork` or an existing network. */
export interface IMlNetwork {
  /** `projects/<project>/global/networks/<name>`. */
  readonly networkId: string;
  /** Subnetwork of the nodes: `projects/<project>/regions/<region>/subnetworks/<name>`. */
  readonly subnetworkId: string;
  /** Region of the subnetwork. */
  readonly region: string;
  /** Names of the secondary ranges, which a new cluster needs. @default - none */
  readonly rangeNames?: RangeNames;
  /** CIDR block of the nodes. @default - unknown; overlaps are not detected */
  readonly nodeCidr?: string;
  /** CIDR block of the pods. @default - unknown; overlaps are not detected */
  readonly podCidr?: string;
  /** CIDR block of the Kubernetes services. @default - unknown; overlaps are not detected */
  readonly serviceCidr?: string;
  /** CIDR blocks of an existing private services access connection. @default - none; the first file system creates a connection */
  readonly peeringCidrs?: readonly string[];
  /** CIDR block of an existing proxy-only subnetwork in the region. @default - none */
  readonly proxyCidr?: string;
  /** Whether it is a Shared VPC network of a host project, so this stack adds nothing to it. @default false */
  readonly shared?: boolean;
}

/** Whether this library creates a network. An existing network has no subnetwork resource. */
export function isMlNetwork(network: IMlNetwork): network is MlNetwork {
  return Construct.isConstruct(network) && 'subnetwork' in network;
}

/** Project of an existing network, for the resources that are added to it. @default - the project of the provider */
export function projectOf(network: IMlNetwork): string | undefined {
  if (isMlNetwork(network) || isUnknown(network.networkId)) return undefined;
  return /^projects\/([^/]+)\//.exec(network.networkId)?.[1];
}

const API = 'networking.gke.io/v1';

/**
 * The Kubernetes objects of additional networks, which map VPC networks to the names that pods request. Networks without a device mode have none.
 *
 * @param nameOf returns the name of a network: a reference, or the literal name if no deployment resolves references
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/setup-multinetwork-support-for-pods
 */
export function networkObjects(
  networks: AcceleratorNetworks,
  nameOf: (of: { readonly name: string; readonly nameInput?: string }) => string = ({ name }) => name,
): KubernetesManifest[] {
  return podNetworks(networks).flatMap(({ name, network, subnetwork, deviceMode }) => [
    {
      apiVersion: API,
      kind: 'GKENetworkParamSet',
      metadata: { name },
      spec: { vpc: nameOf(network), vpcSubnet: nameOf(subnetwork!), deviceMode },
    },
    {
      apiVersion: API,
      kind: 'Network',
      metadata: { name },
      spec: { type: 'Device', parametersRef: { group: 'networking.gke.io', kind: 'GKENetworkParamSet', name } },
    },
  ]);
}

/**
 * The annotations of a pod with an interface in each network, in the order of the interfaces of a node.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/setup-multinetwork-support-for-pods#create_pods
 */
export function interfaceAnnotations(networks: readonly AcceleratorNetwork[]): Readonly<Record<string, string>> {
  const interfaces = [
    { interfaceName: 'eth0', network: 'default' },
    ...networks.map(({ name }, index) => ({ interfaceName: `eth${index + 1}`, network: name })),
  ];
  return {
    'networking.gke.io/default-interface': 'eth0',
    'networking.gke.io/interfaces': JSON.stringify(interfaces),
  };
}

/** Whether pods can get an interface in a network. */
export function isPodNetwork({ deviceMode, subnetwork }: AcceleratorNetwork): boolean {
  return deviceMode !== undefined && subnetwork !== undefined;
}

function podNetworks({ networks }: AcceleratorNetworks): AcceleratorNetwork[] {
  return networks.filter(isPodNetwork);
}
