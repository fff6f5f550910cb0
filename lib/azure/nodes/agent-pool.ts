import { Construct } from 'constructs';
import type { ITerraformDependable } from 'cdktf';
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
    return new KubernetesClusterNodePool(this, 'Resource', {
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
      // The autoscaler changes the number of nodes.
      lifecycle: isElastic ? { ignoreChanges: ['node_count'] } : undefined,
    });
  }

  private byAzapi(props: AgentPoolProps): AzapiResource {
    return new AzapiResource(this, 'Resource', {
      type: 'Microsoft.ContainerService/managedClusters/agentPools@2026-05-01',
      name: props.name,
      parentId: props.clusterId,
      body: { properties: agentPoolBody(props) },
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
