import { Construct } from 'constructs';
import { DataResource, type ITerraformDependable, Lazy } from 'cdktf';
import { checkProviders } from '../../terraform/provider-checks';
import { AzapiResource } from '../provider/azapi';
import type { KubeletOptions } from '../../kubernetes';
import { KubernetesClusterNodePool, type KubernetesClusterNodePoolConfig } from '../provider/azurerm';
import { sysctlBody, sysctlConfig } from './node-settings';

/** Properties for `AgentPool`, in terms that azurerm and azapi share. */
export interface AgentPoolProps {
  readonly name: string;
  readonly clusterId: string;
  readonly machineType: string;
  readonly nodeSubnetId: string;
  /** Maximum number of nodes. */
  readonly nodes: number;
  /** Number of nodes that always run. The cluster autoscaler manages the pool if it is lower than `nodes`. */
  readonly minNodes: number;
  /** Maximum price of a spot node per hour, in US dollars. -1 is the on-demand price. @default - the nodes are not spot nodes */
  readonly spotMaxPrice?: number;
  readonly osSku: 'Ubuntu' | 'Ubuntu2404';
  readonly gpuDriver: 'Install' | 'None';
  readonly diskGiB: number;
  readonly diskType: 'Managed' | 'Ephemeral';
  readonly kubeletDisk: 'OS' | 'Temporary';
  readonly encryptionAtHost: boolean;
  readonly zone?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Each `key=value:effect`. */
  readonly taints: readonly string[];
  /** @default - 250 */
  readonly maxPods?: number;
  readonly kubelet?: KubeletOptions;
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Tags in addition to those of a cost allocation. */
  readonly tags: Readonly<Record<string, string>>;
  readonly capacityReservationGroupId?: string;
  readonly proximityPlacementGroupId?: string;
  readonly dependsOn?: ITerraformDependable[];
}

/** Large pools take longer than the default timeouts of the provider. */
const TIMEOUTS = { create: '90m', update: '120m', delete: '60m' };

/** An upgrade removes a node before it adds a new one, because spare machines of this size are rare. Jobs have 30 minutes to stop. */
const UPGRADE = { maxUnavailable: '1', drainMinutes: 30 } as const;

/**
 * Settings that AKS fixes when it creates a pool. azurerm rejects a change without a temporary pool, which needs twice the machines. A change replaces the
 * pool instead: the nodes are deleted first, and their machines are free for the new ones.
 *
 * Source: hashicorp/terraform-provider-azurerm v4.55.0, internal/services/containers/kubernetes_cluster_node_pool_resource.go, cycleNodePoolProperties;
 * read 2026-11.
 */
const FIXED = [
  'hostEncryptionEnabled',
  'kubeletConfig',
  'kubeletDiskType',
  'linuxOsConfig',
  'maxPods',
  'osDiskSizeGb',
  'osDiskType',
  'vmSize',
  'vnetSubnetId',
  'zones',
] as const satisfies readonly (keyof KubernetesClusterNodePoolConfig)[];

/** The same settings in a request body, and those that azurerm replaces a pool for on its own. */
const FIXED_IN_BODY = [
  'availabilityZones',
  'capacityReservationGroupID',
  'enableEncryptionAtHost',
  'gpuProfile',
  'kubeletConfig',
  'kubeletDiskType',
  'linuxOSConfig',
  'maxPods',
  'osDiskSizeGB',
  'osDiskType',
  'proximityPlacementGroupID',
  'scaleSetPriority',
  'spotMaxPrice',
  'vmSize',
  'vnetSubnetID',
].map((name) => `properties.${name}`);

/** The AKS agent pool. azapi creates pools with Ubuntu 24.04, because azurerm supports that image only from 4.67 on. */
export class AgentPool extends Construct {
  public readonly resource: KubernetesClusterNodePool | AzapiResource;

  constructor(scope: Construct, id: string, props: AgentPoolProps) {
    super(scope, id);
    checkProviders(this);
    this.resource = props.osSku === 'Ubuntu' ? this.byAzurerm(props) : this.byAzapi(props);
  }

  private byAzurerm(props: AgentPoolProps): KubernetesClusterNodePool {
    const { nodes, minNodes, spotMaxPrice, zone } = props;
    const isElastic = minNodes < nodes;
    const isSpot = spotMaxPrice !== undefined;
    const config: KubernetesClusterNodePoolConfig = {
      name: props.name,
      kubernetesClusterId: props.clusterId,
      mode: 'User',
      osType: 'Linux',
      osSku: props.osSku,
      vmSize: props.machineType,
      vnetSubnetId: props.nodeSubnetId,
      zones: zone === undefined ? undefined : [zone],
      ...(isElastic ? { autoScalingEnabled: true, minCount: minNodes, maxCount: nodes } : { nodeCount: nodes }),
      ...(isSpot && { priority: 'Spot', evictionPolicy: 'Delete', spotMaxPrice }),
      gpuDriver: props.gpuDriver,
      osDiskType: props.diskType,
      osDiskSizeGb: props.diskGiB,
      kubeletDiskType: props.kubeletDisk,
      hostEncryptionEnabled: props.encryptionAtHost || undefined,
      nodeLabels: { ...props.labels },
      nodeTaints: [...props.taints],
      maxPods: props.maxPods,
      ...kernelConfig(props),
      tags: Object.keys(props.tags).length > 0 ? { ...props.tags } : undefined,
      capacityReservationGroupId: props.capacityReservationGroupId,
      proximityPlacementGroupId: props.proximityPlacementGroupId,
      // Spot pools do not support upgrade settings.
      upgradeSettings: isSpot
        ? undefined
        : { maxUnavailable: UPGRADE.maxUnavailable, drainTimeoutInMinutes: UPGRADE.drainMinutes },
      dependsOn: props.dependsOn,
      timeouts: TIMEOUTS,
    };
    const lifecycle = {
      // The autoscaler changes the number of nodes.
      ...(isElastic && { ignoreChanges: ['node_count'] }),
      replaceTriggeredBy: FIXED.map((name) => this.fixedSetting(name, config[name])),
    };
    return new KubernetesClusterNodePool(this, 'Resource', { ...config, lifecycle });
  }

  /**
   * A value in the state. Its change replaces the pool, because `replace_triggered_by` accepts only resources. Each setting has its own, also without
   * a value: the creation of one more, for a setting of a later release, replaces no pool. A change of the shape of a value does.
   */
  private fixedSetting(name: (typeof FIXED)[number], value: unknown): string {
    const setting = new DataResource(this, `Fixed-${name}`, { input: { value } });
    // Terraform does not accept the interpolation that cdktf writes for a resource.
    return Lazy.stringValue({ produce: () => `terraform_data.${setting.friendlyUniqueId}` });
  }

  private byAzapi(props: AgentPoolProps): AzapiResource {
    return new AzapiResource(this, 'Resource', {
      type: 'Microsoft.ContainerService/managedClusters/agentPools@2026-05-01',
      name: props.name,
      parentId: props.clusterId,
      body: { properties: agentPoolBody(props) },
      replaceTriggersRefs: FIXED_IN_BODY,
      dependsOn: props.dependsOn,
      timeouts: TIMEOUTS,
    });
  }
}

function kernelConfig({
  kubelet,
  sysctls,
}: AgentPoolProps): Pick<KubernetesClusterNodePoolConfig, 'kubeletConfig' | 'linuxOsConfig'> {
  const { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit: podMaxPid } = kubelet ?? {};
  const config = sysctlConfig(sysctls);
  return {
    ...(kubelet && { kubeletConfig: { cpuManagerPolicy, topologyManagerPolicy, podMaxPid } }),
    ...(config && { linuxOsConfig: { sysctlConfig: config } }),
  };
}

function kernelBody({ kubelet, sysctls }: AgentPoolProps): object {
  const { podPidsLimit: podMaxPids, ...policies } = kubelet ?? {};
  const body = sysctlBody(sysctls);
  return {
    ...(kubelet && { kubeletConfig: { ...policies, ...(podMaxPids !== undefined && { podMaxPids }) } }),
    ...(body && { linuxOSConfig: { sysctls: body } }),
  };
}

/** The body of a pool. Its schema accepts only whole US dollars for the spot price. @see https://learn.microsoft.com/en-us/azure/templates/microsoft.containerservice/managedclusters/agentpools */
function agentPoolBody(props: AgentPoolProps): object {
  const { nodes, minNodes, spotMaxPrice, zone } = props;
  const isElastic = minNodes < nodes;
  const isSpot = spotMaxPrice !== undefined;
  return {
    mode: 'User',
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    osSKU: props.osSku,
    vmSize: props.machineType,
    vnetSubnetID: props.nodeSubnetId,
    ...(zone !== undefined && { availabilityZones: [zone] }),
    ...(isElastic ? { enableAutoScaling: true, minCount: minNodes, maxCount: nodes } : { count: nodes }),
    ...(isSpot && {
      scaleSetPriority: 'Spot',
      scaleSetEvictionPolicy: 'Delete',
      spotMaxPrice: Math.ceil(spotMaxPrice),
    }),
    gpuProfile: { driver: props.gpuDriver },
    osDiskType: props.diskType,
    osDiskSizeGB: props.diskGiB,
    kubeletDiskType: props.kubeletDisk,
    enableNodePublicIP: false,
    ...(props.encryptionAtHost && { enableEncryptionAtHost: true }),
    nodeLabels: { ...props.labels },
    nodeTaints: [...props.taints],
    ...(props.maxPods !== undefined && { maxPods: props.maxPods }),
    ...kernelBody(props),
    ...(Object.keys(props.tags).length > 0 && { tags: { ...props.tags } }),
    ...(props.capacityReservationGroupId !== undefined && {
      capacityReservationGroupID: props.capacityReservationGroupId,
    }),
    ...(props.proximityPlacementGroupId !== undefined && {
      proximityPlacementGroupID: props.proximityPlacementGroupId,
    }),
    ...(isSpot
      ? {}
      : {
          upgradeSettings: {
            maxSurge: '0',
            maxUnavailable: UPGRADE.maxUnavailable,
            drainTimeoutInMinutes: UPGRADE.drainMinutes,
          },
        }),
  };
}
