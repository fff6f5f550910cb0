import { SYSTEM_LABELS } from '../../kubernetes/pool';
import type { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { type SystemNodes, systemNodes } from '../nodes/system-nodes';
import type { KubernetesClusterConfig } from '../provider/azurerm';
import { OutboundType, UpgradeChannel } from './control-plane-props';

/** What every control plane has. */
export const CLUSTER_BASICS = {
  // The free tier has neither an uptime promise nor costs by namespace.
  skuTier: 'Standard',
  costAnalysisEnabled: true,
  localAccountDisabled: true,
  roleBasedAccessControlEnabled: true,
  runCommandEnabled: false,
  oidcIssuerEnabled: true,
  workloadIdentityEnabled: true,
  monitorMetrics: {},
  keyVaultSecretsProvider: { secretRotationEnabled: true },
  storageProfile: {
    blobDriverEnabled: true,
    diskDriverEnabled: true,
    fileDriverEnabled: true,
    snapshotControllerEnabled: true,
  },
  // Nodes go once they idle, whatever scratch finished pods left on them.
  autoScalerProfile: { expander: 'least-waste', skipNodesWithLocalStorage: false },
} satisfies Partial<KubernetesClusterConfig>;

/** One night a week: each upgrade takes the nodes away from their jobs. */
const WINDOW = {
  frequency: 'Weekly',
  interval: 1,
  dayOfWeek: 'Saturday',
  startTime: '22:00',
  utcOffset: '+00:00',
  duration: 8,
};

/**
 * How Kubernetes and its nodes are upgraded. Nodes get fixes of security alone, most of them while they run.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/auto-upgrade-node-os-image
 */
export function upgrades(channel = UpgradeChannel.PATCH): Partial<KubernetesClusterConfig> {
  if (channel === UpgradeChannel.NONE) return { nodeOsUpgradeChannel: 'None' };
  return {
    automaticUpgradeChannel: channel,
    // The provider takes no other with node images.
    nodeOsUpgradeChannel: channel === UpgradeChannel.NODE_IMAGE ? 'NodeImage' : 'SecurityPatch',
    maintenanceWindowAutoUpgrade: WINDOW,
    maintenanceWindowNodeOs: WINDOW,
  };
}

/** What AKS moves by itself, and no plan moves back: nodes by their autoscaler, and by some channels the version, which never goes down. */
export function movedByAks(channel?: UpgradeChannel): string[] {
  const movesMinor = channel === UpgradeChannel.STABLE || channel === UpgradeChannel.RAPID;
  return ['default_node_pool[0].node_count', ...(movesMinor ? ['kubernetes_version'] : [])];
}

/** Address of the DNS service within that of services, as AKS wants it. @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay */
const DNS_ADDRESS = 10;

/** Pods on an overlay beside the network, and Cilium below them. */
export function networkProfile(
  { podCidr, serviceCidr }: IMlNetwork,
  outboundType = OutboundType.NAT_GATEWAY,
): KubernetesClusterConfig['networkProfile'] {
  return {
    networkPlugin: 'azure',
    networkPluginMode: 'overlay',
    networkDataPlane: 'cilium',
    networkPolicy: 'cilium',
    podCidr,
    serviceCidr,
    dnsServiceIp: addressIn(serviceCidr, DNS_ADDRESS),
    loadBalancerSku: 'standard',
    outboundType,
  };
}

function addressIn(cidr: string, offset: number): string {
  const [a = 0, b = 0, c = 0, d = 0] = cidr.split('/')[0]!.split('.').map(Number);
  return [a, b, c, d + offset].join('.');
}

/**
 * The addresses that reach a public API: with them the nodes' own, by their way out, which AKS lets in by itself only where that is its load
 * balancer.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/nat-gateway
 */
export function letIn(
  network: IMlNetwork,
  authorizedCidrs: readonly string[] = [],
): KubernetesClusterConfig['apiServerAccessProfile'] {
  if (authorizedCidrs.length === 0) return undefined;
  const wayOut = 'natAddress' in network ? [`${(network as MlNetwork).natAddress.ipAddress}/32`] : [];
  return { authorizedIpRanges: [...authorizedCidrs, ...wayOut] };
}

/** The pool that a cluster is made with. */
export function systemPool(
  nodes: SystemNodes & { readonly zones?: readonly string[]; readonly nodeSubnetId: string },
): KubernetesClusterConfig['defaultNodePool'] {
  const { zones, nodeSubnetId } = nodes;
  return {
    ...systemNodes(nodes),
    name: 'system',
    type: 'VirtualMachineScaleSets',
    zones: zones && [...zones],
    vnetSubnetId: nodeSubnetId,
    nodeLabels: { ...SYSTEM_LABELS },
    // Another size comes beside the old one, in place of a new cluster.
    temporaryNameForRotation: 'systemnext',
  };
}
