import type { KubernetesManifest } from '../../kubernetes';
import type { AcceleratorNetwork, AcceleratorNetworks } from './accelerator-networks';

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
