import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { AzureMarket, Capacity, NewReservation, capacityFindings } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import { assignRole, Role } from '../operations/roles';
import { existingDependencies } from '../../terraform/existing-dependencies';
import type { AzapiResource } from '../provider/azapi';
import { type KubernetesClusterNodePool, ProximityPlacementGroup } from '../provider/azurerm';
import { AgentPool } from './agent-pool';
import { checkFeatureInStack, claimFeature, InfinibandFeature, InfinibandRegistration } from './infiniband-feature';
import {
  checkNodePool,
  type AcceleratorNodePoolProps,
  BOOT_DISK_GIB,
  BootDiskType,
  GpuDriver,
  KubeletDisk,
  minNodesOf,
  nodeLabels,
  nodeTags,
  nodeTaints,
  SCALE_SET_NODES,
} from './node-pool-options';
import { taintOf } from './node-settings';
import { recordVersion } from '../cluster/cluster-settings';
import type { Taint } from '../../kubernetes';
import { recordLocation } from '../props/location';
import { checkFreeName, claimName } from './pool-names';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';

/** Default maximum price of a spot node: the on-demand price. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const NO_LIMIT = -1;

/**
 * A pool of accelerator nodes on AKS: one machine type, one scale set, and one InfiniBand fabric if the machine has InfiniBand.
 *
 * @example
 * ```ts
 * import { TerraformStack } from 'cdktf';
 * import { App } from 'cdktf';
 * import { AcceleratorNodePool, AzureMachine, ControlPlane, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'training');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const cluster = new ControlPlane(stack, 'ControlPlane', { resourceGroup });
 * new AcceleratorNodePool(stack, 'Gpu', { cluster, machine: AzureMachine.NC24ADS_A100_V4, nodes: 4, minNodes: 0 });
 * ```
 */
export class AcceleratorNodePool extends Construct {
  /** The node pool: an azurerm resource, or an azapi resource for machines that need Ubuntu 24.04. */
  public readonly resource: KubernetesClusterNodePool | AzapiResource;
  /** Name of the pool. */
  public readonly name: string;
  /** Machine type of every node. */
  public readonly machine: AzureMachine;
  /** Maximum number of nodes. */
  public readonly nodes: number;
  /** Number of nodes that always run. */
  public readonly minNodes: number;
  /** Purchase option of the nodes. */
  public readonly capacity: Capacity;
  /** Who installs the GPU driver. */
  public readonly driver: GpuDriver;
  /** Additional taints of the nodes. @default - none */
  public readonly extraTaints?: readonly Taint[];
  /** Maximum number of pods on a node. @default - 250 */
  public readonly maxPodsPerNode?: number;
  /** Availability zone of the nodes. @default - none */
  public readonly zone?: string;
  /** The new capacity reservation. @default - `capacity` is not `Capacity.newReservation()` */
  public readonly reservation?: NewReservation;
  /** The proximity placement group. @default - `compactPlacement` is not set */
  public readonly proximityPlacementGroup?: ProximityPlacementGroup;

  constructor(scope: Construct, id: string, props: AcceleratorNodePoolProps) {
    super(scope, id);
    checkProviders(this);
    this.name = props?.name ?? id.toLowerCase();
    check(this, this.name, props);
    const { machine, nodes, capacity = Capacity.onDemand(), zone, driver = GpuDriver.GPU_OPERATOR } = props;
    this.machine = machine;
    this.nodes = nodes;
    this.minNodes = minNodesOf(props);
    this.capacity = capacity;
    this.zone = zone;
    this.extraTaints = props.taints;
    this.maxPodsPerNode = props.maxPodsPerNode;
    this.driver = driver;
    this.reservation = capacity.createsReservation ? this.reserve(props) : undefined;
    this.proximityPlacementGroup = props.compactPlacement ? this.place(props) : undefined;
    const { resource } = new AgentPool(this, 'Pool', { ...this.settings(props), dependsOn: this.dependencies(props) });
    this.resource = resource;
    recordNodeFindings(this);
    recordLocation(this, props.cluster.resourceGroup.location);
    recordVersion(this, props.cluster.kubernetesVersion);
  }

  private settings(props: AcceleratorNodePoolProps) {
    const { name, machine, nodes, minNodes, capacity, driver, zone } = this;
    const { cluster, bootDiskGiB, bootDiskType, kubeletDisk, encryptionAtHost, labels } = props;
    const spotMaxPrice = capacity.market === AzureMarket.SPOT ? (capacity.maxUsdPerHour ?? NO_LIMIT) : undefined;
    return {
      name,
      clusterId: cluster.id,
      nodeSubnetId: cluster.nodeSubnetId,
      machineType: machine.name,
      nodes,
      minNodes,
      zone,
      spotMaxPrice,
      osSku: machine.spec.aksOsSku ?? ('Ubuntu' as const),
      gpuDriver: driver,
      diskGiB: bootDiskGiB ?? BOOT_DISK_GIB,
      diskType: bootDiskType ?? BootDiskType.MANAGED,
      kubeletDisk: kubeletDisk ?? KubeletDisk.OS,
      encryptionAtHost: encryptionAtHost ?? false,
      labels: { ...nodeLabels(this), ...labels },
      taints: nodeTaints(this).map(taintOf),
      maxPods: this.maxPodsPerNode,
      kubelet: props.kubelet,
      sysctls: props.sysctls,
      tags: nodeTags(this),
      capacityReservationGroupId: this.reservation?.group.id ?? capacity.capacityReservationGroupId,
      proximityPlacementGroupId: this.proximityPlacementGroup?.id,
    };
  }

  private reserve({ cluster, machine, nodes, zone }: AcceleratorNodePoolProps): NewReservation {
    const { resourceGroup } = cluster;
    return new NewReservation(this, 'Reservation', { resourceGroup, machine, nodes, zone });
  }

  private place({ cluster, machine, zone }: AcceleratorNodePoolProps): ProximityPlacementGroup {
    return new ProximityPlacementGroup(this, 'Proximity', {
      name: physicalName(this),
      resourceGroupName: cluster.resourceGroup.name,
      location: cluster.resourceGroup.location,
      // Azure accepts a zone only together with VM sizes.
      allowedVmSizes: [machine.name],
      zone,
    });
  }

  /** Resources that must exist before the nodes: the InfiniBand feature, and the role assignment for the reservation. */
  private dependencies({
    infinibandFeature,
    cluster,
    after = [],
  }: AcceleratorNodePoolProps): ITerraformDependable[] | undefined {
    const needed = existingDependencies(this, after);
    if (infinibandFeature === InfinibandFeature.REGISTER) needed.push(InfinibandRegistration.of(this).resource);
    const reserved = this.reservation?.group.id ?? this.capacity.capacityReservationGroupId;
    if (reserved !== undefined) {
      const on = groupOf(reserved);
      needed.push(assignRole(this, 'UseReservation', { role: Role.CONTRIBUTOR, on, to: cluster.principalId! }));
      if (this.reservation) needed.push(this.reservation.resource);
    }
    return needed.length > 0 ? needed : undefined;
  }
}

/** Id of the resource group of a resource, or the id itself if it is a token. */
function groupOf(id: string): string {
  return /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\//i.exec(id)?.[1] ?? id;
}

function check(scope: Construct, name: string, props: AcceleratorNodePoolProps): void {
  const problems = new ProblemCollector();
  if (!checkNodePool(problems, name, props)) {
    problems.throwIfAny(scope);
    return;
  }
  const { cluster, machine, infinibandFeature: feature } = props;
  const claim = feature && { name: scope.node.path, machine, feature };
  if (claim) checkFeatureInStack(problems, scope, claim);
  checkFreeName(problems, scope, cluster, name);
  problems.throwIfAny(scope);
  if (claim) claimFeature(scope, claim);
  claimName(scope, cluster, name);
}

/** Records the findings of a pool. */
export function recordNodeFindings(pool: AcceleratorNodePool): void {
  const { machine, capacity } = pool;
  for (const finding of capacityFindings(machine, capacity)) record(pool, finding);
  recordHealth(pool);
  recordScaleSet(pool);
  recordFromZero(pool);
  if (machine.spec.unverified === undefined) return;
  const fix = `Check them with \`az vm list-skus --size ${machine.name}\` before you rely on them.`;
  const evidence = `table of Azure machines, row ${machine.name}`;
  record(pool, unreadFigures(machine.name, machine.spec.unverified, fix, evidence));
}

/** Machines whose GPUs AKS monitors. @see https://learn.microsoft.com/en-us/azure/aks/gpu-health-monitoring#frequently-asked-questions */
const MONITORED = ['Standard_ND96asr_v4', 'Standard_ND96isr_H100_v5'];

/** Reports whether AKS monitors GPU health. It never repairs GPU faults. */
function recordHealth(pool: AcceleratorNodePool): void {
  const monitored = pool.driver === GpuDriver.AKS && MONITORED.includes(pool.machine.name);
  record(pool, {
    id: 'nodes/health',
    level: 'info',
    message: monitored
      ? 'AKS reports GPU, NVLink, and InfiniBand faults as node conditions, but repairs only nodes that are not ready.'
      : `AKS does not monitor GPU, NVLink, and InfiniBand health, because ${whyNot(pool)}. It repairs only nodes that are not ready.`,
    fix: healthFix(pool, monitored),
    evidence:
      'https://learn.microsoft.com/en-us/azure/aks/gpu-health-monitoring and https://learn.microsoft.com/en-us/azure/aks/node-auto-repair',
  });
}

/** The agent of `repairFaults` and the exporter of DCGM support only NVIDIA GPUs. */
function healthFix({ machine }: AcceleratorNodePool, monitored: boolean): string {
  if (machine.chip.vendor !== 'NVIDIA')
    return 'Monitor the GPUs with `amd-smi` or the metrics exporter of AMD, and cordon and delete a faulty node.';
  const what = monitored ? 'node conditions' : 'DCGM metrics';
  return `Monitor ${what}, and cordon and delete a faulty node, or set repairFaults on the training cluster.`;
}

function whyNot({ driver, machine }: AcceleratorNodePool): string {
  if (driver === GpuDriver.GPU_OPERATOR) return 'it monitors only GPUs with the AKS driver';
  return `it supports only ${MONITORED.join(' and ')}, not ${machine.name}`;
}

function recordScaleSet(pool: AcceleratorNodePool): void {
  const { machine, nodes } = pool;
  const { usual, raised } = SCALE_SET_NODES;
  if (!machine.infiniband || nodes <= usual) return;
  record(pool, {
    id: 'fabric/scale-set',
    level: 'warning',
    message: `${nodes} nodes exceed the default limit of ${usual} nodes in one InfiniBand fabric. Azure can raise it to ${raised}.`,
    fix: 'Request the higher limit and acknowledge this finding, or split the nodes over several pools.',
    evidence: 'https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband',
  });
}

/** Reports resources that the autoscaler cannot derive from the VM size. */
function recordFromZero(pool: AcceleratorNodePool): void {
  const tags = Object.keys(nodeTags(pool));
  if (tags.length === 0) return;
  record(pool, {
    id: 'scaling/from-zero',
    level: 'info',
    message: `The autoscaler can scale from zero only if it recognizes all resources of ${pool.machine.name}. Tags describe them as the Kubernetes autoscaler expects, but no source says that AKS reads these tags.`,
    fix: 'Test it with a short job, or keep one node running with Capacity.onDemand() in a separate group.',
    evidence: tags.join(', '),
  });
}
