import type { KubernetesManifest } from '../../kubernetes';
import type { AcceleratorNetwork, AcceleratorNetworks } from './accelerator-networks';

const API = 'networking.gke.io/v1';

/**
 * The Kubernetes objects by which pods ask for further networks: what Google calls the network, and the name that pods know it by. None for
 * networks that GKE hands out as devices of its own, which the table gives no mode for.
 *
 * @param nameOf how a network is named: by reference, or as it stands where no deployment resolves one
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
 * What a pod says to get an interface in each of the networks, in the order in which nodes carry them.
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

/** Whether pods get an interface in each of the networks. */
export function isPodNetwork({ deviceMode, subnetwork }: AcceleratorNetwork): boolean {
  return deviceMode !== undefined && subnetwork !== undefined;
}

function podNetworks({ networks }: AcceleratorNetworks): AcceleratorNetwork[] {
  return networks.filter(isPodNetwork);
}
