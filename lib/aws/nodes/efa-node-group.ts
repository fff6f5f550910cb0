import { createHash } from 'node:crypto';
import { Size, Stack } from 'aws-cdk-lib';
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
import type { ProblemCollector } from '../../core/errors';
import { brand, validated } from '../../core/prop-schema';
import { POOL_LABEL } from '../../kubernetes/pool';
import { Capacity } from '../capacity/capacity';
import { EfaSecurityGroup } from '../network/efa-security-group';
import { Interconnect } from '../network/interconnect';
import { type AwsMachine, NodeOs } from '../machine/machine';
import { type NetworkInterface, networkLayout } from '../network/network-layout';
import { NewReservation } from '../capacity/new-reservation';
import { checkGroupName, checkNodeGroup, checkMinNodes } from './node-group-checks';
import { recordNodeGroupFindings } from './node-group-findings';
import { NodeLaunchTemplate } from './node-launch-template';
import { repairConfig } from './node-repair';
import { nodeRole } from './node-role';
import { chooseNodeSubnets } from '../network/node-subnets';
import { acceleratorResource, scaleFromZeroTags } from './node-resources';
import type { EfaNodeGroupProps } from './node-group-options';
import { nodeUserData } from './node-user-data';
import { EFA_NODE_GROUP_PROPS } from '../prop-schemas';

const BOOT_DISK_GIB = 200;

/**
 * An EKS managed node group of accelerator nodes of one machine type, in one zone, with every EFA interface attached.
 *
 * @example
 * ```ts
 * import { AwsMachine, EfaNodeGroup } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
 *
 * const stack = new Stack(new App(), 'Nodes');
 * const vpc = new Vpc(stack, 'Vpc');
 * const attributes = { clusterName: 'research', vpc, clusterSecurityGroupId: 'sg-0123456789abcdef0' };
 * const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', attributes);
 * new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 4 });
 * ```
 */
export class EfaNodeGroup extends Construct implements IConnectable {
  /** The EKS managed node group. */
  public readonly resource: CfnNodegroup;
  /** Launch template of the nodes. */
  public readonly launchTemplate: NodeLaunchTemplate;
  /** IAM role of the nodes. */
  public readonly role: IRole;
  /** Security group of the fabric. */
  public readonly securityGroup: ISecurityGroup;
  /** Connections of the fabric's security group. */
  public readonly connections: Connections;
  /** Subnets of the nodes, all in one zone. */
  public readonly subnets: readonly ISubnet[];
  /** Name of the group: the value of its pool label. */
  public readonly name: string;
  /** Machine type of each node. */
  public readonly machine: AwsMachine;
  /** Maximum number of nodes. */
  public readonly nodes: number;
  /** Purchase model of the nodes. */
  public readonly capacity: Capacity;
  /** Operating system of the nodes. */
  public readonly os: NodeOs;
  /** Whether the scheduler uses the network topology. */
  public readonly topologyAware: boolean;
  /** Whether an autoscaler changes the number of nodes. */
  public readonly isElastic: boolean;
  /** Network interfaces of each node. */
  public readonly interfaces: readonly NetworkInterface[];
  /** The placement group. @default - the machine does not support one, or the capacity was reserved outside one */
  public readonly placementGroup?: CfnPlacementGroup;
  /** The reservation from `Capacity.newReservation`. @default - no new reservation */
  public readonly reservation?: CfnCapacityReservation;
  /** The group that takes over if spot capacity runs out. @default - the capacity has no fallback */
  public readonly fallback?: EfaNodeGroup;

  constructor(scope: Construct, id: string, props: EfaNodeGroupProps) {
    super(scope, id);
    this.subnets = validated(this, props, EFA_NODE_GROUP_PROPS, (problems) =>
      subnetsFor(problems, nameOf(id, props), props),
    );
    const { cluster, machine, nodes, capacity = Capacity.onDemand(), minNodes = nodes, nodeOptions = {} } = props;
    this.name = nameOf(id, props);
    this.machine = machine;
    this.nodes = nodes;
    this.capacity = capacity;
    this.topologyAware = nodeOptions.topologyAware ?? true;
    this.os = nodeOptions.os ?? NodeOs.AMAZON_LINUX_2023;
    this.isElastic = capacity.market === 'spot' || minNodes < nodes;
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

  /** Number of EFA interfaces of each node. */
  get efaInterfacesPerNode(): number {
    return this.interfaces.filter(({ interfaceType }) => interfaceType !== 'interface').length;
  }

  // Spot nodes start when a job is admitted. EKS can update the group of a capacity block only while its desired size is 0.
  private get defaultMinNodes(): number {
    if (this.capacity.market === 'capacity-block') return this.capacity.desiredNodes;
    return this.capacity.market === 'spot' ? 0 : this.nodes;
  }

  private createLaunchTemplate({ cluster, nodeOptions = {} }: EfaNodeGroupProps): NodeLaunchTemplate {
    const { commands = [], bootDisk, bootDiskKey } = nodeOptions;
    const scratch = nodeOptions.scratch ?? (this.machine.spec.localNvmeGB ?? 0) > 0;
    return new NodeLaunchTemplate(this, 'LaunchTemplate', {
      instanceType: this.machine.name,
      interfaces: this.interfaces,
      // Security groups in the template replace the one of the cluster, so both are listed.
      primaryGroups: [cluster.clusterSecurityGroup, this.securityGroup],
      fabricGroups: [this.securityGroup],
      bootDisk: bootDisk ?? Size.gibibytes(BOOT_DISK_GIB),
      bootDiskDevice: this.os === NodeOs.BOTTLEROCKET ? '/dev/xvdb' : '/dev/xvda',
      bootDiskKey,
      userData: nodeUserData({ os: this.os, scratch, efa: this.efaInterfacesPerNode > 0, commands }),
      placementGroupName: this.placementGroup?.ref ?? this.capacity.placementGroupName,
      capacityReservationId: this.reservation?.ref ?? this.capacity.reservationId,
      capacityBlock: this.capacity.market === 'capacity-block',
    });
  }

  private createNodeGroup({
    cluster,
    minNodes = this.defaultMinNodes,
    nodeOptions = {},
    ...props
  }: EfaNodeGroupProps): CfnNodegroup {
    // EKS scales the group of a capacity block to 0 before the block ends.
    const min = this.isElastic || this.capacity.market === 'capacity-block' ? 0 : this.nodes;
    return new CfnNodegroup(this, 'Resource', {
      clusterName: cluster.clusterName,
      nodegroupName: this.isElastic ? this.elasticName(cluster) : undefined,
      nodeRole: this.role.roleArn,
      subnets: this.subnets.map(({ subnetId }) => subnetId),
      version: props.kubernetesVersion?.version,
      amiType: this.machine.amiType(this.os),
      capacityType: this.capacity.capacityType,
      launchTemplate: this.launchTemplate.specification,
      scalingConfig: { minSize: min, desiredSize: minNodes, maxSize: this.nodes },
      // A reservation has no spare capacity: stop a node before its replacement starts.
      updateConfig: {
        maxUnavailable: 1,
        updateStrategy: this.capacity.market === 'on-demand' || this.capacity.market === 'spot' ? 'DEFAULT' : 'MINIMAL',
      },
      nodeRepairConfig: repairConfig(this.machine, nodeOptions.ignoredXids),
      labels: { [POOL_LABEL]: this.name, ...nodeOptions.labels },
      tags: this.isElastic ? scaleFromZeroTags(this) : undefined,
      taints: [{ key: acceleratorResource(this.machine), value: 'present', effect: 'NO_SCHEDULE' }],
    });
  }

  /** A name that shows the market to the autoscaler. A change that replaces the group also changes the name. */
  private elasticName({ clusterName }: ICluster): string {
    const replacing = { clusterName, role: this.role.roleArn, subnets: this.subnets.map(({ subnetId }) => subnetId) };
    const hash = createHash('sha256').update(
      JSON.stringify([Stack.of(this).resolve(replacing), this.node.path, this.os, this.machine.name]),
    );
    return `${this.name.slice(0, 40)}-${this.capacity.market}-${hash.digest('hex').slice(0, 8)}`;
  }

  private fallbackProps(props: EfaNodeGroupProps, capacity: Capacity): EfaNodeGroupProps {
    // The same name: for queues and jobs both groups are one pool, and the autoscaler chooses the group.
    return {
      ...props,
      capacity,
      name: this.name,
      role: this.role,
      securityGroup: this.securityGroup,
      minNodes: 0,
    };
  }
}

brand(EfaNodeGroup, 'aws.EfaNodeGroup');

function defaultInterconnect(machine: AwsMachine): Interconnect {
  return machine.hasEfa ? Interconnect.efa() : Interconnect.none();
}

function nameOf(id: string, { name }: EfaNodeGroupProps): string {
  return name ?? id.toLowerCase();
}

function subnetsFor(problems: ProblemCollector, name: string, props: EfaNodeGroupProps): ISubnet[] {
  const { cluster, capacity = Capacity.onDemand(), minNodes } = props;
  checkGroupName(problems, name);
  checkNodeGroup(problems, props);
  checkMinNodes(problems, 'minNodes', minNodes, props);
  return chooseNodeSubnets(problems, cluster.vpc, props.subnets, capacity);
}
