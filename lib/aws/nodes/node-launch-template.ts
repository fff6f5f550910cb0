import { type Size, TagManager, TagType } from 'aws-cdk-lib';
import { CfnLaunchTemplate, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { NetworkInterface } from '../network/network-layout';
import { checkBootDisk } from './boot-disk';
import { gibOf } from '../props/prop-types';
import { tagSpecifications } from '../template/tag-specifications';
import { NODE_LAUNCH_TEMPLATE_PROPS } from '../prop-schemas';

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
