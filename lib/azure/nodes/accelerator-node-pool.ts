import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { Capacity } from '../capacity/capacity';
import { NewReservation } from '../capacity/new-reservation';
import type { AzureMachine } from '../machine/machine';
import { assignRole, Role } from '../operations/roles';
import { standingBefore } from '../../terraform/standing-before';
import type { AzapiResource } from '../provider/azapi';
import { type KubernetesClusterNodePool, ProximityPlacementGroup } from '../provider/azurerm';
import { AgentPool } from './agent-pool';
import { checkFeatureInStack, claimFeature, InfinibandFeature, InfinibandRegistration } from './infiniband-feature';
import { checkNodePool } from './node-pool-checks';
import { recordNodeFindings } from './node-pool-findings';
import { type AcceleratorNodePoolProps, BOOT_DISK_GIB, BootDisk, GpuDriver, KubeletDisk } from './node-pool-options';
import { nodeLabels, nodeTags, nodeTaints } from './node-marks';

/** What a spot node may cost where nobody says: as much as one on demand. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const NO_LIMIT = -1;

/** Accelerator nodes of one kind on AKS: one scale set, and so one InfiniBand fabric where the machine has one. */
export class AcceleratorNodePool extends Construct {
  public readonly resource: KubernetesClusterNodePool | AzapiResource;
  public readonly name: string;
  public readonly machine: AzureMachine;
  public readonly nodes: number;
  public readonly capacity: Capacity;
  public readonly driver: GpuDriver;
  /** Availability zone of the nodes. @default - none */
  public readonly zone?: string;
  /** The reservation made with the nodes. @default - none was asked for */
  public readonly reservation?: NewReservation;
  /** @default - the machine has InfiniBand, or none was asked for */
  public readonly proximityPlacementGroup?: ProximityPlacementGroup;

  constructor(scope: Construct, id: string, props: AcceleratorNodePoolProps) {
    super(scope, id);
    this.name = props?.name ?? id.toLowerCase();
    check(this, this.name, props);
    const { machine, nodes, capacity = Capacity.onDemand(), zone, driver = GpuDriver.GPU_OPERATOR } = props;
    this.machine = machine;
    this.nodes = nodes!;
    this.capacity = capacity;
    this.zone = zone;
    this.driver = driver;
    this.reservation = capacity.createsReservation ? this.reserve(props) : undefined;
    this.proximityPlacementGroup = props.proximity ? this.place(props) : undefined;
    const { resource } = new AgentPool(this, 'Pool', { ...this.settings(props), dependsOn: this.standing(props) });
    this.resource = resource;
    recordNodeFindings(this);
  }

  private settings(props: AcceleratorNodePoolProps) {
    const { name, machine, nodes, capacity, driver, zone } = this;
    const { cluster, bootDiskGiB, bootDisk, kubeletDisk, encryptionAtHost, labels } = props;
    const spotMaxPrice = capacity.market === 'spot' ? (capacity.maxUsdPerHour ?? NO_LIMIT) : undefined;
    return {
      name,
      clusterId: cluster.id,
      nodeSubnetId: cluster.nodeSubnetId,
      machineType: machine.name,
      nodes,
      zone,
      isElastic: props.elastic ?? capacity.isElastic,
      spotMaxPrice,
      osSku: machine.spec.aksOsSku ?? ('Ubuntu' as const),
      gpuDriver: driver,
      diskGiB: bootDiskGiB ?? BOOT_DISK_GIB,
      diskType: bootDisk ?? BootDisk.MANAGED,
      kubeletDisk: kubeletDisk ?? KubeletDisk.OS,
      encryptionAtHost: encryptionAtHost ?? false,
      labels: { ...nodeLabels(this), ...labels },
      taints: nodeTaints(this).map(({ key, value, effect }) => `${key}=${value}:${effect}`),
      tags: nodeTags(this),
      capacityReservationGroupId: this.reservation?.group.id ?? capacity.capacityReservationGroupId,
      proximityPlacementGroupId: this.proximityPlacementGroup?.id,
    };
  }

  private reserve({ cluster, machine, nodes, zone }: AcceleratorNodePoolProps): NewReservation {
    const { resourceGroup } = cluster;
    return new NewReservation(this, 'Reservation', { resourceGroup, machine, nodes: nodes!, zone });
  }

  private place({ cluster, machine, zone }: AcceleratorNodePoolProps): ProximityPlacementGroup {
    return new ProximityPlacementGroup(this, 'Proximity', {
      name: physicalName(this),
      resourceGroupName: cluster.resourceGroup.name,
      location: cluster.resourceGroup.location,
      // Azure takes a zone only with the sizes that it must have.
      allowedVmSizes: [machine.name],
      zone,
    });
  }

  /** What the nodes need: a feature of the subscription, and the right of the cluster to use a reservation. */
  private standing({
    infinibandFeature,
    cluster,
    after = [],
  }: AcceleratorNodePoolProps): ITerraformDependable[] | undefined {
    const needed = standingBefore(this, after);
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

/** The resource group of a resource, where its id is known now; else the resource itself. */
function groupOf(id: string): string {
  return /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\//i.exec(id)?.[1] ?? id;
}

function check(scope: Construct, name: string, props: AcceleratorNodePoolProps): void {
  const problems = new Problems();
  if (checkNodePool(problems, name, props) && props.infinibandFeature !== undefined) {
    const claim = { name: scope.node.path, machine: props.machine, feature: props.infinibandFeature };
    checkFeatureInStack(problems, scope, claim);
    problems.throwIfAny(scope);
    claimFeature(scope, claim);
  }
  problems.throwIfAny(scope);
}
