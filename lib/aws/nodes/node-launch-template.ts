import { type Size, TagManager, TagType } from 'aws-cdk-lib';
import { CfnLaunchTemplate, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { NetworkInterface } from '../network/network-layout';
import { gibOf } from '../props/prop-types';
import { record } from '../template/findings';
import { tagSpecifications } from '../template/template-checks';
import { NODE_LAUNCH_TEMPLATE_PROPS } from '../prop-schemas';
import { isKnown } from '../props/tokens';
import type { EfaNodeGroup } from './efa-node-group';
import type { AwsMachine } from '../machine/machine';
import { hugePagesOf } from './node-user-data';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/** Properties for `NodeLaunchTemplate`. */
export interface NodeLaunchTemplateProps {
  /** EC2 instance type. @default - the instance type of the node group */
  readonly instanceType?: string;
  /** Network interfaces of one node. The first one has the IP address. */
  readonly interfaces: readonly NetworkInterface[];
  /** Security groups of the first interface. */
  readonly primaryGroups: readonly ISecurityGroup[];
  /** Security groups of the other interfaces, which carry only EFA traffic. */
  readonly fabricGroups: readonly ISecurityGroup[];
  /** Size of the boot disk, 20 to 16384 GiB. */
  readonly bootDisk: Size;
  /** Device name of the volume that holds images and pods. Bottlerocket uses '/dev/xvdb'. @default '/dev/xvda' */
  readonly bootDiskDevice?: string;
  /** KMS key of the boot disk. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
  /** User data in base64. @default - none */
  readonly userData?: string;
  /** ID of the AMI. @default - the AMI that EKS chooses for the node group */
  readonly imageId?: string;
  /** Name of the placement group. @default - no placement group */
  readonly placementGroupName?: string;
  /** ID of the capacity reservation to use. @default - none */
  readonly capacityReservationId?: string;
  /** Whether the reservation is a capacity block. @default false */
  readonly capacityBlock?: boolean;
}

/**
 * The launch template of a node group: IMDSv2, encrypted volumes, no public address, and all network interfaces. It copies the tags of its
 * construct tree to instances, volumes, and network interfaces, which other tags do not reach.
 *
 * @example
 * ```ts
 * import { AwsMachine, networkLayout, NodeLaunchTemplate } from 'ai-infra-constructs/aws';
 * import { App, Size, Stack } from 'aws-cdk-lib';
 *
 * new NodeLaunchTemplate(new Stack(new App(), 'Nodes'), 'LaunchTemplate', {
 *   instanceType: AwsMachine.P5_48XLARGE.name,
 *   interfaces: networkLayout(AwsMachine.P5_48XLARGE),
 *   primaryGroups: [],
 *   fabricGroups: [],
 *   bootDisk: Size.gibibytes(200),
 * });
 * ```
 */
export class NodeLaunchTemplate extends Construct {
  /** Tags of the launch template. */
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  /** The EC2 launch template. */
  public readonly resource: CfnLaunchTemplate;

  constructor(scope: Construct, id: string, props: NodeLaunchTemplateProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, NODE_LAUNCH_TEMPLATE_PROPS)) checkBootDisk(problems, 'bootDisk', props.bootDisk);
    problems.throwIfAny(this);
    this.resource = new CfnLaunchTemplate(this, 'Resource', {
      launchTemplateData: {
        instanceType: props.instanceType,
        imageId: props.imageId,
        // Pods in the network of the node need one more hop to reach IMDS.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
        monitoring: { enabled: true },
        ebsOptimized: true,
        blockDeviceMappings: [bootDiskOf(props)],
        networkInterfaces: props.interfaces.map((nic, index) => networkInterface(nic, index === 0, props)),
        placement: props.placementGroupName === undefined ? undefined : { groupName: props.placementGroupName },
        capacityReservationSpecification: props.capacityReservationId
          ? { capacityReservationTarget: { capacityReservationId: props.capacityReservationId } }
          : undefined,
        instanceMarketOptions: props.capacityBlock ? { marketType: 'capacity-block' } : undefined,
        userData: props.userData,
        tagSpecifications: tagSpecifications(this.tags, 'instance', 'volume', 'network-interface'),
      },
      tagSpecifications: tagSpecifications(this.tags, 'launch-template'),
    });
  }

  /** ID and version for a node group. A change of the template creates a new version, and with it a rolling update. */
  get specification(): { readonly id: string; readonly version: string } {
    return { id: this.resource.ref, version: this.resource.attrLatestVersionNumber };
  }
}

function bootDiskOf({ bootDisk, bootDiskKey, bootDiskDevice = '/dev/xvda' }: NodeLaunchTemplateProps) {
  return {
    deviceName: bootDiskDevice,
    ebs: {
      volumeType: 'gp3',
      volumeSize: gibOf(bootDisk),
      encrypted: true,
      kmsKeyId: bootDiskKey?.keyArn,
      deleteOnTermination: true,
    },
  };
}

function networkInterface(
  nic: NetworkInterface,
  primary: boolean,
  props: NodeLaunchTemplateProps,
): CfnLaunchTemplate.NetworkInterfaceProperty {
  const groups = primary ? props.primaryGroups : props.fabricGroups;
  return {
    ...nic,
    deleteOnTermination: true,
    description: primary ? 'IP' : `EFA on card ${nic.networkCardIndex}`,
    // EC2 rejects this field on a launch with several interfaces. Such nodes never get a public address.
    associatePublicIpAddress: props.interfaces.length === 1 ? false : undefined,
    groups: groups.map((group) => group.securityGroupId),
  };
}

/** Records that the policy of a disk key must allow Auto Scaling, which starts the nodes. A fallback has the key of its group. */
export function recordDiskKey(scope: Construct, bootDiskKey: IKey | undefined): void {
  if (!bootDiskKey) return;
  record(scope, {
    id: 'encryption/disk-key',
    level: 'warning',
    message:
      'No node starts unless the policy of bootDiskKey allows the service role AWSServiceRoleForAutoScaling to use the key.',
    fix: 'Add the statements of the AWS guide to the key policy, and acknowledge this finding.',
    evidence: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html',
  });
}

// EBS user guide, "General Purpose SSD volumes": a gp3 volume has up to 16,384 GiB. The default size of the EKS images is 20 GiB.
const BOOT_DISK_GIB = { min: 20, max: 16_384 };

/** Adds a problem if EBS does not support the size of a boot disk. */
export function checkBootDisk(problems: ProblemCollector, prop: string, bootDisk: Size | undefined): void {
  checkBootDiskGiB(problems, prop, gibOf(bootDisk));
}

/** Adds a problem if EBS does not support a size in GiB. */
export function checkBootDiskGiB(problems: ProblemCollector, prop: string, gib: number | undefined): void {
  if (!isKnown(problems, prop, gib)) return;
  const { min, max } = BOOT_DISK_GIB;
  if (Number.isInteger(gib) && gib >= min && gib <= max) return;
  problems.add({
    code: 'VolumeOutOfRange',
    prop,
    allowed: `a whole number of GiB from ${min} to ${max}`,
    got: `${gib} GiB`,
    fix: 'Use a size in that range. Keep datasets and checkpoints on the file system: the boot disk holds images and logs.',
  });
}

/** The resource that pods request for an EFA interface. */
export const EFA_RESOURCE = 'vpc.amazonaws.com/efa';

/** The resource that pods request for an accelerator. Also the key of the taint that keeps other pods away. */
export function acceleratorResource(machine: AwsMachine): 'nvidia.com/gpu' | 'aws.amazon.com/neuron' {
  return machine.isNeuron ? 'aws.amazon.com/neuron' : 'nvidia.com/gpu';
}

const NODE_TEMPLATE = 'k8s.io/cluster-autoscaler/node-template/resources';

/**
 * Tags with the resources of a node, for a group without nodes. The autoscaler cannot derive EFA and huge pages from the machine type.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export function scaleFromZeroTags(group: EfaNodeGroup): Record<string, string> {
  const efa = group.efaInterfacesPerNode;
  const resources = {
    [acceleratorResource(group.machine)]: Math.ceil(group.machine.spec.accelerators),
    ...(efa > 0 && { [EFA_RESOURCE]: efa, 'hugepages-2Mi': `${2 * hugePagesOf(group)}Mi` }),
  };
  return Object.fromEntries(
    Object.entries(resources).map(([resource, quantity]) => [`${NODE_TEMPLATE}/${resource}`, String(quantity)]),
  );
}

/** Properties for `nodeRole`. */
export interface NodeRoleProps {
  /**
   * Whether the VPC CNI uses the rights of the node. Set false for a cluster that gives the CNI its rights by Pod Identity, so that no
   * other pod inherits them.
   *
   * @default true
   */
  readonly cniPolicy?: boolean;
}

/** Creates the IAM role of nodes. It can join the cluster and pull images. Pods get their rights from their own roles. */
export function nodeRole(scope: Construct, id: string, { cniPolicy = true }: NodeRoleProps = {}): Role {
  const policies = [
    'AmazonEKSWorkerNodePolicy',
    'AmazonEC2ContainerRegistryPullOnly',
    ...(cniPolicy ? ['AmazonEKS_CNI_Policy'] : []),
  ];
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });
}
