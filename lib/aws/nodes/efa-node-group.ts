import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import {
  type CfnCapacityReservation,
  CfnPlacementGroup,
  Connections,
  type IConnectable,
  type ISecurityGroup,
  type ISubnet,
} from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Problems } from '../../core/errors';
import { judged } from '../../core/shapes';
import { POOL_LABEL } from '../../kubernetes/pool';
import { Capacity } from '../capacity/capacity';
import { EfaSecurityGroup } from '../network/efa-security-group';
import { Interconnect } from '../network/interconnect';
import { type AwsMachine, NodeOs } from '../machine/machine';
import { type NetworkInterface, networkLayout } from '../network/network-layout';
import { NewReservation } from '../capacity/new-reservation';
import { checkGroupName, checkNodeGroup, checkStanding } from './node-group-checks';
import { NODE_GROUP } from './node-group-shape';
import { recordNodeGroupFindings } from './node-group-findings';
import { NodeLaunchTemplate } from './node-launch-template';
import { repairConfig } from './node-repair';
import { nodeRole } from './node-role';
import { chooseNodeSubnets } from '../network/node-subnets';
import { acceleratorResource, scaleFromZeroTags } from './node-resources';
import type { EfaNodeGroupProps } from './node-group-options';
import { nodeUserData } from './node-user-data';

const ROOT_VOLUME_GIB = 200;

/** Accelerator nodes of one kind on EKS: one zone, one fabric, every EFA interface wired. */
export class EfaNodeGroup extends Construct implements IConnectable {
  public readonly resource: CfnNodegroup;
  public readonly launchTemplate: NodeLaunchTemplate;
  public readonly role: IRole;
  /** The group of the fabric. */
  public readonly securityGroup: ISecurityGroup;
  public readonly connections: Connections;
  public readonly subnets: readonly ISubnet[];
  public readonly name: string;
  public readonly machine: AwsMachine;
  public readonly nodes: number;
  public readonly capacity: Capacity;
  public readonly os: NodeOs;
  public readonly topologyAware: boolean;
  /** Whether an autoscaler moves the number of nodes. */
  public readonly isElastic: boolean;
  /** The interfaces of each node. */
  public readonly interfaces: readonly NetworkInterface[];
  /** The placement group. @default - none: the machine takes none, or its capacity was reserved outside one */
  public readonly placementGroup?: CfnPlacementGroup;
  /** The reservation made with the nodes. @default - none was asked for */
  public readonly reservation?: CfnCapacityReservation;
  /** The group that takes over when spot capacity runs out. @default - none was asked for */
  public readonly fallback?: EfaNodeGroup;

  constructor(scope: Construct, id: string, props: EfaNodeGroupProps) {
    super(scope, id);
    this.subnets = judged(this, props, NODE_GROUP, (problems) => choose(problems, nameOf(id, props), props));
    const { cluster, machine, nodes, capacity = Capacity.onDemand(), standingNodes = nodes } = props;
    this.name = nameOf(id, props);
    this.machine = machine;
    this.nodes = nodes;
    this.capacity = capacity;
    this.topologyAware = props.topologyAware ?? true;
    this.os = props.os ?? NodeOs.AMAZON_LINUX_2023;
    this.isElastic = capacity.market === 'spot' || standingNodes < nodes;
    this.interfaces = networkLayout(machine, (props.interconnect ?? defaultInterconnect(machine)).efaCards(machine));

    this.securityGroup =
      props.securityGroup ?? new EfaSecurityGroup(this, 'Fabric', { vpc: cluster.vpc }).securityGroup;
    this.connections = new Connections({ securityGroups: [this.securityGroup] });
    this.role = props.role ?? nodeRole(this, 'Role');
    if (capacity.allowsOwnPlacementGroup && machine.spec.clusterPlacement) {
      this.placementGroup = new CfnPlacementGroup(this, 'PlacementGroup', { strategy: 'cluster' });
    }
    if (capacity.createsReservation) {
      const [{ availabilityZone }] = this.subnets as [ISubnet];
      const { placementGroup } = this;
      this.reservation = new NewReservation(this, 'Reservation', {
        machine,
        nodes,
        availabilityZone,
        placementGroup,
        until: capacity.until,
      }).resource;
    }
    this.launchTemplate = this.createLaunchTemplate(props);
    this.resource = this.createNodeGroup(props);
    if (capacity.fallback)
      this.fallback = new EfaNodeGroup(this, 'Fallback', this.fallbackProps(props, capacity.fallback));
    recordNodeGroupFindings(this, props);
  }

  /** EFA interfaces of each node. */
  get efaInterfacesPerNode(): number {
    return this.interfaces.filter(({ interfaceType }) => interfaceType !== 'interface').length;
  }

  // Spot comes when a job is admitted. EKS takes an update of a capacity block only while none of its nodes is wanted.
  private get standingByDefault(): number {
    if (this.capacity.market === 'capacity-block') return this.capacity.desiredNodes;
    return this.capacity.market === 'spot' ? 0 : this.nodes;
  }

  private createLaunchTemplate({ cluster, commands = [], ...props }: EfaNodeGroupProps): NodeLaunchTemplate {
    const scratch = props.scratch ?? (this.machine.spec.localNvmeGB ?? 0) > 0;
    return new NodeLaunchTemplate(this, 'LaunchTemplate', {
      instanceType: this.machine.name,
      interfaces: this.interfaces,
      // A group of its own in the template takes the place of the cluster's, so both are named.
      primaryGroups: [cluster.clusterSecurityGroup, this.securityGroup],
      fabricGroups: [this.securityGroup],
      rootVolumeGiB: props.rootVolumeGiB ?? ROOT_VOLUME_GIB,
      rootDevice: this.os === NodeOs.BOTTLEROCKET ? '/dev/xvdb' : '/dev/xvda',
      encryptionKey: props.volumeKey,
      userData: nodeUserData({ os: this.os, scratch, efa: this.efaInterfacesPerNode > 0, commands }),
      placementGroupName: this.placementGroup?.ref ?? this.capacity.placementGroupName,
      capacityReservationId: this.reservation?.ref ?? this.capacity.reservationId,
      capacityBlock: this.capacity.market === 'capacity-block',
    });
  }

  private createNodeGroup({
    cluster,
    standingNodes = this.standingByDefault,
    ...props
  }: EfaNodeGroupProps): CfnNodegroup {
    // EKS itself empties a capacity block before its end.
    const least = this.isElastic || this.capacity.market === 'capacity-block' ? 0 : this.nodes;
    return new CfnNodegroup(this, 'Resource', {
      clusterName: cluster.clusterName,
      nodegroupName: this.isElastic ? this.elasticName(cluster) : undefined,
      nodeRole: this.role.roleArn,
      subnets: this.subnets.map(({ subnetId }) => subnetId),
      version: props.kubernetesVersion?.version,
      amiType: this.machine.amiType(this.os),
      capacityType: this.capacity.capacityType,
      launchTemplate: this.launchTemplate.specification,
      scalingConfig: { minSize: least, desiredSize: standingNodes, maxSize: this.nodes },
      // Reserved nodes have no spare place to start a replacement in: take one down before its successor comes up.
      updateConfig: {
        maxUnavailable: 1,
        updateStrategy: this.capacity.market === 'on-demand' || this.capacity.market === 'spot' ? 'DEFAULT' : 'MINIMAL',
      },
      nodeRepairConfig: repairConfig(this.machine, props.ignoredXids),
      labels: { [POOL_LABEL]: this.name, ...props.labels },
      tags: this.isElastic ? scaleFromZeroTags(this) : undefined,
      taints: [{ key: acceleratorResource(this.machine), value: 'present', effect: 'NO_SCHEDULE' }],
    });
  }

  /** A name that the autoscaler can tell by its market. What makes a new group, makes a new name. */
  private elasticName({ clusterName }: ICluster): string {
    const replaced = { clusterName, role: this.role.roleArn, subnets: this.subnets.map(({ subnetId }) => subnetId) };
    const hash = createHash('sha256').update(
      JSON.stringify([Stack.of(this).resolve(replaced), this.node.path, this.os, this.machine.name]),
    );
    return `${this.name.slice(0, 40)}-${this.capacity.market}-${hash.digest('hex').slice(0, 8)}`;
  }

  private fallbackProps(props: EfaNodeGroupProps, capacity: Capacity): EfaNodeGroupProps {
    // The same name: to queue and jobs both are one pool, and the autoscaler chooses where nodes come.
    return {
      ...props,
      capacity,
      name: this.name,
      role: this.role,
      securityGroup: this.securityGroup,
      standingNodes: 0,
    };
  }
}

function defaultInterconnect(machine: AwsMachine): Interconnect {
  return machine.hasEfa ? Interconnect.efa() : Interconnect.none();
}

function nameOf(id: string, { name }: EfaNodeGroupProps): string {
  return name ?? id.toLowerCase();
}

function choose(problems: Problems, name: string, props: EfaNodeGroupProps): ISubnet[] {
  const { cluster, capacity = Capacity.onDemand(), standingNodes } = props;
  checkGroupName(problems, name);
  checkNodeGroup(problems, props);
  checkStanding(problems, 'standingNodes', standingNodes, props);
  return chooseNodeSubnets(problems, cluster.vpc, props.subnets, capacity);
}
