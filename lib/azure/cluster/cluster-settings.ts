import { SYSTEM_LABELS } from '../../kubernetes/pool';
import type { MlNetwork, IMlNetwork } from '../network/ml-network';
import { type SystemNodeOptions, systemNodes } from '../nodes/node-pool-options';
import { SYSTEM_POOLS } from '../nodes/pool-names';
import type { KubernetesClusterConfig } from '../provider/azurerm';
import { OutboundType, UpgradeChannel } from './control-plane';
import { type ClusterMaintenance, maintenanceWindow } from './maintenance';
import type { ProblemCollector } from '../../core/errors';
import { isBefore, versionParts } from '../../core/image-reference';
import { draRequirement } from '../../kubernetes/compute-domain';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';
import type { ITerraformDependable } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IEncryptionKey } from '../operations/encryption-key';
import { assignRole, Role } from '../operations/roles';
import { type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';

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

/**
 * Automatic upgrades of Kubernetes and nodes. Nodes get only security patches, most of them without a restart.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/auto-upgrade-node-os-image
 */
export function upgrades(
  channel = UpgradeChannel.PATCH,
  maintenance?: ClusterMaintenance,
): Partial<KubernetesClusterConfig> {
  if (channel === UpgradeChannel.NONE) return { nodeOsUpgradeChannel: 'None' };
  const window = maintenanceWindow(maintenance);
  return {
    automaticUpgradeChannel: channel,
    // The provider requires this value with the channel for node images.
    nodeOsUpgradeChannel: channel === UpgradeChannel.NODE_IMAGE ? 'NodeImage' : 'SecurityPatch',
    maintenanceWindowAutoUpgrade: window,
    maintenanceWindowNodeOs: window,
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
    name: SYSTEM_POOLS.nodes,
    type: 'VirtualMachineScaleSets',
    zones: zones && [...zones],
    vnetSubnetId: nodeSubnetId,
    nodeLabels: { ...SYSTEM_LABELS },
    // A change of the VM size rotates the nodes through a temporary pool. Without it, the cluster would be replaced.
    temporaryNameForRotation: SYSTEM_POOLS.rotation,
  };
}

/**
 * Oldest minor version with long-term support in AKS on 2026-08-21.
 *
 * Source: MicrosoftDocs/azure-aks-docs fb060ab, articles/aks/supported-kubernetes-versions.md; read 2026-11.
 */
const OLDEST = '1.31';

/** A Kubernetes version. Without a patch, AKS chooses the newest patch. */
const KUBERNETES_VERSION = /^(\d+)\.(\d+)(?:\.(\d+))?$/;

/**
 * Minimum version for machines with multi-node NVLink: it enables dynamic resource allocation by default.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/scripts/deploy-aks.sh, install_dra_driver; read 2026-11.
 */
const RACK_MINIMUM = '1.34.2';

const partsOf = (version: string) => versionParts(version, KUBERNETES_VERSION);

/** Adds a problem if the version of a new cluster is malformed, or if AKS no longer creates clusters with it. */
export function checkNewVersion(problems: ProblemCollector, prop: string, version: string | undefined): void {
  if (!checkVersion(problems, prop, version) || !isRetired(version)) return;
  const allowed = `${OLDEST} or newer, because AKS retired older versions`;
  problems.add({ code: 'KubernetesVersion', prop, allowed, got: version, fix: NEWER });
}

/** Adds a problem if a version is malformed. @returns whether it is known and well-formed */
export function checkVersion(problems: ProblemCollector, prop: string, version: string | undefined): version is string {
  if (!isKnown(problems, prop, version)) return false;
  if (partsOf(version)) return true;
  problems.add({
    code: 'KubernetesVersion',
    prop,
    allowed: 'a Kubernetes version, for example 1.35',
    got: version,
    fix: 'Copy it from `az aks get-versions`.',
  });
  return false;
}

const NEWER = 'Use a newer version, or remove kubernetesVersion.';

/** Whether AKS retired a version. */
export function isRetired(version: string | undefined): version is string {
  const given = version === undefined || isUnknown(version) ? undefined : partsOf(version);
  return given !== undefined && isBefore(given, partsOf(OLDEST)!);
}

/**
 * Records that AKS retired the version of an existing cluster. It still accepts new node pools: "you can add agent pools as long as they're
 * compatible with the control plane version".
 *
 * Source: MicrosoftDocs/azure-aks-docs fb060ab, articles/aks/supported-kubernetes-versions.md, FAQ; read 2026-11.
 */
export function recordVersion(scope: IConstruct, version: string | undefined): void {
  if (!isRetired(version)) return;
  record(scope, {
    id: 'cluster/version',
    level: 'warning',
    message: `AKS no longer supports Kubernetes ${version}, so neither the cluster nor the charts of this library are tested with it.`,
    fix: `Upgrade the cluster to ${OLDEST} or newer.`,
    evidence: 'https://learn.microsoft.com/en-us/azure/aks/supported-kubernetes-versions',
  });
}

/** Adds a problem if a version is too old for a machine. `checkVersion` reports other problems. */
export function checkMachineVersion(
  problems: ProblemCollector,
  prop: string,
  version: string | undefined,
  { rackMachines, name }: AzureMachine,
): void {
  if (rackMachines < 2 || version === undefined || isUnknown(version) || !partsOf(version)) return;
  if (!isBefore(partsOf(version)!, partsOf(RACK_MINIMUM)!)) return;
  const allowed = draRequirement(RACK_MINIMUM, name);
  problems.add({ code: 'KubernetesVersion', prop, allowed, got: version, fix: NEWER });
}

/** Whether a version contains a patch. */
export function namesPatch(version: string): boolean {
  const patch = partsOf(version)?.[2];
  return patch !== undefined && patch !== Infinity;
}

/** Properties for `DiskEncryption`. */
export interface DiskEncryptionProps {
  /** Resource group of the disk encryption set. */
  readonly resourceGroup: IResourceGroup;
  /** Key that encrypts the disks. */
  readonly encryptionKey: IEncryptionKey;
  /** Object id of the identity that creates the disks. */
  readonly principalId: string;
}

/** @see https://learn.microsoft.com/en-us/azure/templates/microsoft.compute/2025-01-02/diskencryptionsets */
const TYPE = 'Microsoft.Compute/diskEncryptionSets@2025-01-02';

/**
 * Customer-managed encryption of node disks, which follows key rotation. AKS accepts it only when the cluster is created.
 *
 * Uses azapi, because azurerm 4.55 reads a rotating key from its vault, whose firewall admits only trusted services.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/azure-disk-customer-managed-keys
 */
export class DiskEncryption extends Construct {
  /** The disk encryption set. */
  public readonly resource: AzapiResource;
  /** Role assignment that must exist before the cluster. */
  public readonly grant: ITerraformDependable;

  /** @internal */
  constructor(scope: Construct, id: string, { resourceGroup, encryptionKey, principalId }: DiskEncryptionProps) {
    super(scope, id);
    checkProviders(this);
    const { identity, usable } = encryptionKey;
    this.resource = new AzapiResource(this, 'Resource', {
      type: TYPE,
      name: physicalName(this),
      parentId: resourceGroupId(this, resourceGroup),
      location: resourceGroup.location,
      identity: { type: 'UserAssigned', identityIds: [identity.id] },
      body: encryptionBody(encryptionKey),
      dependsOn: usable && [...usable],
    });
    this.grant = assignRole(this, 'Use', { role: Role.READER, on: this.resource.id, to: principalId });
  }
}

/** The API requires the first version of the key, even if it follows rotation. */
function encryptionBody({ versionedKeyId: keyUrl, vaultId }: IEncryptionKey) {
  return {
    properties: {
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      activeKey: { sourceVault: { id: vaultId }, keyUrl },
      rotationToLatestKeyVersionEnabled: true,
    },
  };
}
