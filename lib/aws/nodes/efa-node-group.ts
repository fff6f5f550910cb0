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
import { POOL_LABEL, type Taint } from '../../kubernetes/pool';
import { Capacity, NewReservation, recordScarce, SPOT } from '../capacity/capacity';
import { EfaSecurityGroup } from '../network/efa-security-group';
import { Interconnect } from '../network/interconnect';
import { type AwsMachine, NodeOs, NODES_PER_GROUP, recordMachineFindings } from '../machine/machine';
import { type NetworkInterface, networkLayout, efaCardsOf } from '../network/network-layout';
import { checkGroupName, checkNodeGroup, checkMinNodes } from './node-group-checks';
import { NodeLaunchTemplate, recordDiskKey, scaleFromZeroTags, nodeRole } from './node-launch-template';
import { eksEffect, taintsOf } from './node-settings';
import { nodeUserData, type NodeJoin } from './node-user-data';
import { chooseNodeSubnets } from '../network/node-subnets';
import type { EfaNodeGroupProps, EfaNodeGroupOptions, NodeOptions } from './node-group-options';
import { EFA_NODE_GROUP_PROPS } from '../prop-schemas';
import { noFallback, reservationEnds } from '../../core/machine-findings';
import { record } from '../template/findings';

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
  /** Taints of the nodes. The pods of the library tolerate them. */
  public readonly taints: readonly Taint[];
  /** Maximum number of pods on a node. @default - the IP addresses of the machine */
  public readonly maxPodsPerNode?: number;
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
    this.taints = taintsOf(machine, nodeOptions);
    this.os = nodeOptions.os ?? NodeOs.AMAZON_LINUX_2023;
    this.maxPodsPerNode = nodeOptions.maxPodsPerNode;
    // A capacity block is paid for, and EKS scales its group itself.
    this.isElastic = capacity.market === 'spot' || (minNodes < nodes && capacity.market !== 'capacity-block');
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
    const { commands = [], bootDisk, bootDiskKey, image, kubelet, maxPodsPerNode: maxPods, sysctls } = nodeOptions;
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
      imageId: image?.own?.imageId,
      userData: nodeUserData({
        ...{ os: this.os, scratch, efa: this.efaInterfacesPerNode > 0, commands, kubelet, maxPods, sysctls },
        join: image?.own && this.joinOf(cluster, image.own.serviceCidr, nodeOptions),
      }),
      placementGroupName: this.placementGroup?.ref ?? this.capacity.placementGroupName,
      capacityReservationId: this.reservation?.ref ?? this.capacity.reservationId,
      capacityBlock: this.capacity.market === 'capacity-block',
    });
  }

  private get labels(): Record<string, string> {
    return { [POOL_LABEL]: this.name };
  }

  /** EKS adds this to the user data of its own images only. */
  private joinOf(cluster: ICluster, serviceCidr: string, { labels = {} }: NodeOptions): NodeJoin {
    const { clusterName, clusterEndpoint: endpoint, clusterCertificateAuthorityData: certificate } = cluster;
    const { taints } = this;
    return { clusterName, endpoint, certificate, serviceCidr, labels: { ...this.labels, ...labels }, taints };
  }

  private createNodeGroup({
    cluster,
    minNodes = this.defaultMinNodes,
    nodeOptions = {},
    ...props
  }: EfaNodeGroupProps): CfnNodegroup {
    const { image } = nodeOptions;
    // EKS scales the group of a capacity block to 0 before the block ends.
    const min = this.isElastic || this.capacity.market === 'capacity-block' ? 0 : this.nodes;
    return new CfnNodegroup(this, 'Resource', {
      clusterName: cluster.clusterName,
      nodegroupName: this.isElastic ? this.elasticName(cluster, image?.own !== undefined) : undefined,
      nodeRole: this.role.roleArn,
      subnets: this.subnets.map(({ subnetId }) => subnetId),
      // With an AMI of your own, EKS rejects its own versions and the type of its image.
      version: image?.own ? undefined : props.kubernetesVersion?.version,
      releaseVersion: image?.releaseVersion,
      amiType: image?.own ? undefined : this.machine.amiType(this.os),
      capacityType: this.capacity.capacityType,
      launchTemplate: this.launchTemplate.specification,
      scalingConfig: { minSize: min, desiredSize: minNodes, maxSize: this.nodes },
      // A reservation has no spare capacity: stop a node before its replacement starts.
      updateConfig: {
        maxUnavailable: 1,
        updateStrategy: this.capacity.market === 'on-demand' || this.capacity.market === 'spot' ? 'DEFAULT' : 'MINIMAL',
      },
      nodeRepairConfig: repairConfig(this.machine, nodeOptions.ignoredXids),
      labels: { ...this.labels, ...nodeOptions.labels },
      tags: this.isElastic ? scaleFromZeroTags(this) : undefined,
      taints: this.taints.map((taint) => ({ key: taint.key, value: taint.value, effect: eksEffect(taint) })),
    });
  }

  /** A name that shows the market to the autoscaler. A change that replaces the group also changes the name. */
  private elasticName({ clusterName }: ICluster, hasOwnImage: boolean): string {
    const replacing = { clusterName, role: this.role.roleArn, subnets: this.subnets.map(({ subnetId }) => subnetId) };
    const image = hasOwnImage ? ['own image'] : [];
    const hash = createHash('sha256').update(
      JSON.stringify([Stack.of(this).resolve(replacing), this.node.path, this.os, this.machine.name, ...image]),
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
  const { cluster, capacity = Capacity.onDemand(), minNodes, nodeOptions = {} } = props;
  checkGroupName(problems, name);
  checkNodeGroup(problems, props, props.kubernetesVersion);
  if (nodeOptions.image?.own) checkJoinable(problems, cluster);
  checkMinNodes(problems, 'minNodes', minNodes, props);
  return chooseNodeSubnets(problems, cluster.vpc, props.subnets, capacity);
}

/** Adds a problem if the app does not know what a node with its own AMI needs to join an imported cluster. */
function checkJoinable(problems: ProblemCollector, cluster: ICluster): void {
  try {
    if (cluster.clusterEndpoint && cluster.clusterCertificateAuthorityData) return;
  } catch {
    // The attributes of an imported cluster throw if they were not given.
  }
  problems.add({
    code: 'ClusterOption',
    prop: 'cluster',
    allowed: 'a cluster with a known endpoint and certificate, because nodes with their own AMI need them',
    got: cluster,
    fix: 'Pass clusterEndpoint and clusterCertificateAuthorityData to Cluster.fromClusterAttributes.',
  });
}

/** XIDs that a faulty program raises: 13 is a graphics engine exception, 31 a memory page fault. */
const PROGRAM_XIDS = [13, 31];

const MIN_WAIT_MINUTES = 10;

/**
 * Node auto repair: EKS replaces or restarts a node if its accelerator, kernel, or network fails. It ignores errors that a faulty program
 * raises. Otherwise the crash of one job restarts the node of the next job.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-repair.html
 */
export function repairConfig(
  machine: AwsMachine,
  ignoredXids: readonly number[] = PROGRAM_XIDS,
): CfnNodegroup.NodeRepairConfigProperty {
  if (machine.chip.vendor !== 'NVIDIA' || ignoredXids.length === 0) return { enabled: true };
  return {
    enabled: true,
    nodeRepairConfigOverrides: ignoredXids.map((xid) => ({
      nodeMonitoringCondition: 'AcceleratedHardwareReady',
      nodeUnhealthyReason: `NvidiaXID${xid}Error`,
      minRepairWaitTimeMins: MIN_WAIT_MINUTES,
      repairAction: 'NoAction',
    })),
  };
}

/** Records the findings of a group of accelerator nodes. */
export function recordNodeGroupFindings(group: EfaNodeGroup, options: EfaNodeGroupOptions): void {
  recordMachineFindings(group, group.machine);
  recordFabric(group, options);
  recordDiskKey(group, options.nodeOptions?.bootDiskKey);
  recordCapacity(group);
}

function recordFabric(group: EfaNodeGroup, { nodeOptions = {} }: EfaNodeGroupOptions): void {
  const { nodeQuota = NODES_PER_GROUP } = nodeOptions;
  const { machine, nodes, efaInterfacesPerNode: wired } = group;
  const offered = efaCardsOf(machine).length;
  if (nodes > 1 && wired === 0) {
    record(group, {
      id: 'fabric/no-efa',
      level: 'warning',
      message: `${nodes} ${machine.name} nodes communicate over TCP: ${machine.hasEfa ? 'EFA is switched off' : 'the machine has no EFA'}.`,
      fix: machine.hasEfa
        ? 'Remove interconnect.'
        : 'Use a machine with EFA for jobs on several nodes, or acknowledge this finding.',
      evidence: `efaInterfaces ${machine.spec.efaInterfaces} in AWS_MACHINES['${machine.name}']`,
    });
  } else if (wired > 0 && wired < offered) {
    record(group, {
      id: 'fabric/not-full',
      level: 'warning',
      message: `${machine.name} uses ${wired} of its ${offered} EFA interfaces: about ${Math.round((machine.spec.networkGbps * wired) / offered)} of ${machine.spec.networkGbps} Gbps.`,
      fix: 'Use Interconnect.efa(), or acknowledge this finding.',
      evidence: `efaInterfaces ${machine.spec.efaInterfaces} in AWS_MACHINES['${machine.name}']`,
    });
  }
  if (nodes > NODES_PER_GROUP && nodeQuota > NODES_PER_GROUP) {
    record(group, {
      id: 'quota/nodes-per-group',
      level: 'info',
      message: `${nodes} nodes need a higher quota of nodes in a managed node group.`,
      fix: 'Raise quota L-BD136A63 before the deployment.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html',
    });
  }
}

function recordCapacity(group: EfaNodeGroup): void {
  const { machine, nodes, capacity } = group;
  const [smallest = 1] = machine.spec.ultraServerNodes ?? [];
  if (nodes % smallest !== 0) {
    record(group, {
      id: 'fabric/partial-ultraserver',
      level: 'warning',
      message: `${nodes} nodes of ${machine.name} do not fill whole UltraServers of ${smallest}.`,
      fix: `Set nodes to a multiple of ${smallest}.`,
      evidence: `ultraServerNodes in AWS_MACHINES['${machine.name}']`,
    });
  }
  recordScarce(group, machine, capacity);
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(group, noFallback(machine.name, SPOT));
  }
  if (capacity.market === 'capacity-block' && capacity.desiredNodes === 0) {
    record(group, {
      id: 'capacity/scaled-to-zero',
      level: 'info',
      message:
        'The node group for the capacity block has a desired size of 0. EKS can create and update it only in this state.',
      fix: 'Set desiredNodes when the block has started. Set it to 0 before each change of the group.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html',
    });
  }
  if (capacity.until) {
    const fix = 'Renew the reservation before that day, or scale the group to zero.';
    const then = '; the nodes then run without it';
    record(group, reservationEnds(`${nodes} ${machine.name}`, capacity.until, then, fix));
  }
}
