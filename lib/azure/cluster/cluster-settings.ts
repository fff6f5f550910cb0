import { SYSTEM_LABELS } from '../../kubernetes/pool';
import type { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { type SystemNodeOptions, systemNodes } from '../nodes/system-node-options';
import type { KubernetesClusterConfig } from '../provider/azurerm';
import { OutboundType, UpgradeChannel } from './control-plane-props';

/** Settings of every control plane. */
export const CLUSTER_BASICS = {
  // The free tier has no uptime SLA and no cost analysis.
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
  // Remove idle nodes even if finished pods left scratch data on them.
  autoScalerProfile: { expander: 'least-waste', skipNodesWithLocalStorage: false },
} satisfies Partial<KubernetesClusterConfig>;

/** One night a week, because upgrades interrupt jobs. */
const WINDOW = {
  frequency: 'Weekly',
  interval: 1,
  dayOfWeek: 'Saturday',
  startTime: '22:00',
  utcOffset: '+00:00',
  duration: 8,
};

/**
 * Automatic upgrades of Kubernetes and nodes. Nodes get only security patches, most of them without a restart.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/auto-upgrade-node-os-image
 */
export function upgrades(channel = UpgradeChannel.PATCH): Partial<KubernetesClusterConfig> {
  if (channel === UpgradeChannel.NONE) return { nodeOsUpgradeChannel: 'None' };
  return {
    automaticUpgradeChannel: channel,
    // The provider requires this value with the channel for node images.
    nodeOsUpgradeChannel: channel === UpgradeChannel.NODE_IMAGE ? 'NodeImage' : 'SecurityPatch',
    maintenanceWindowAutoUpgrade: WINDOW,
    maintenanceWindowNodeOs: WINDOW,
  };
}

/** Attributes that AKS changes: the number of nodes, and with some channels the Kubernetes version, which can never go down. */
export function changedByAks(channel?: UpgradeChannel): string[] {
  const upgradesMinor = channel === UpgradeChannel.STABLE || channel === UpgradeChannel.RAPID;
  return ['default_node_pool[0].node_count', ...(upgradesMinor ? ['kubernetes_version'] : [])];
}

/** Offset of the DNS service address in the service range. @see https://learn.microsoft.com/en-us/azure/aks/azure-cni-overlay */
const DNS_ADDRESS = 10;

/** Overlay network for pods, with the Cilium data plane. */
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
 * Address ranges that can reach a public API. They must include the outbound address of the nodes: AKS adds it automatically only for its own load
 * balancer.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/nat-gateway
 */
export function accessProfile(
  network: IMlNetwork,
  authorizedCidrs: readonly string[] = [],
): KubernetesClusterConfig['apiServerAccessProfile'] {
  if (authorizedCidrs.length === 0) return undefined;
  const outbound = 'natAddress' in network ? [`${(network as MlNetwork).natAddress.ipAddress}/32`] : [];
  return { authorizedIpRanges: [...authorizedCidrs, ...outbound] };
}

/** The default node pool. */
export function systemPool(
  nodes: SystemNodeOptions & { readonly zones?: readonly string[]; readonly nodeSubnetId: string },
): KubernetesClusterConfig['defaultNodePool'] {
  const { zones, nodeSubnetId } = nodes;
  return {
    ...systemNodes(nodes),
    name: 'system',
    type: 'VirtualMachineScaleSets',
    zones: zones && [...zones],
    vnetSubnetId: nodeSubnetId,
    nodeLabels: { ...SYSTEM_LABELS },
    // A change of the VM size rotates the nodes through a temporary pool. Without it, the cluster would be replaced.
    temporaryNameForRotation: 'systemnext',
  };
}
