import { Construct } from 'constructs';
import type { ITerraformDependable } from 'cdktf';
import { AzapiResource } from '../provider/azapi';
import { KubernetesClusterNodePool } from '../provider/azurerm';

/** A pool of nodes of AKS, in words that both of its providers know. */
export interface AgentPoolProps {
  readonly name: string;
  readonly clusterId: string;
  readonly machineType: string;
  readonly nodeSubnetId: string;
  /** Nodes that stand, or the most that come. */
  readonly nodes: number;
  /** Whether nodes come and go with the work that waits, from none. */
  readonly isElastic: boolean;
  /** Most to pay for an hour of a spot node, in US dollars; -1 is the price on demand. @default - they are no spot nodes */
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
  /** Beside those of a cost allocation. */
  readonly tags: Readonly<Record<string, string>>;
  readonly capacityReservationGroupId?: string;
  readonly proximityPlacementGroupId?: string;
  readonly dependsOn?: ITerraformDependable[];
}

/** Large pools take longer than the provider's own time. */
const TIMEOUTS = { create: '90m', update: '120m', delete: '60m' };

/** An upgrade takes a node away before its successor comes: there is no spare machine of such a size. Jobs have half an hour to leave. */
const UPGRADE = { maxUnavailable: '1', drainMinutes: 30 } as const;

/**
 * The pool itself. Nodes that run Ubuntu 24.04 alone are made by the provider azapi: azurerm 4.55 does not know that image, which it does from
 * 4.67 on.
 */
export class AgentPool extends Construct {
  public readonly resource: KubernetesClusterNodePool | AzapiResource;

  constructor(scope: Construct, id: string, props: AgentPoolProps) {
    super(scope, id);
    this.resource = props.osSku === 'Ubuntu' ? this.byAzurerm(props) : this.byAzapi(props);
  }

  private byAzurerm(props: AgentPoolProps): KubernetesClusterNodePool {
    const { nodes, isElastic, spotMaxPrice, zone } = props;
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
      ...(isElastic ? { autoScalingEnabled: true, minCount: 0, maxCount: nodes } : { nodeCount: nodes }),
      ...(isSpot && { priority: 'Spot', evictionPolicy: 'Delete', spotMaxPrice }),
      gpuDriver: props.gpuDriver,
      osDiskType: props.diskType,
      osDiskSizeGb: props.diskGiB,
      kubeletDiskType: props.kubeletDisk,
      hostEncryptionEnabled: props.encryptionAtHost || undefined,
      nodeLabels: { ...props.labels },
      nodeTaints: [...props.taints],
      tags: Object.keys(props.tags).length > 0 ? { ...props.tags } : undefined,
      capacityReservationGroupId: props.capacityReservationGroupId,
      proximityPlacementGroupId: props.proximityPlacementGroupId,
      // Spot nodes take no such settings.
      upgradeSettings: isSpot
        ? undefined
        : { maxUnavailable: UPGRADE.maxUnavailable, drainTimeoutInMinutes: UPGRADE.drainMinutes },
      dependsOn: props.dependsOn,
      timeouts: TIMEOUTS,
      // The autoscaler moves it.
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

/** The body of a pool, whose schema takes whole US dollars only. @see https://learn.microsoft.com/en-us/azure/templates/microsoft.containerservice/managedclusters/agentpools */
function agentPoolBody(props: AgentPoolProps): object {
  const { nodes, isElastic, spotMaxPrice, zone } = props;
  const isSpot = spotMaxPrice !== undefined;
  return {
    mode: 'User',
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    osSKU: props.osSku,
    vmSize: props.machineType,
    vnetSubnetID: props.nodeSubnetId,
    ...(zone !== undefined && { availabilityZones: [zone] }),
    ...(isElastic ? { enableAutoScaling: true, minCount: 0, maxCount: nodes } : { count: nodes }),
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
