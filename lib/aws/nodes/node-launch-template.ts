import { TagManager, TagType } from 'aws-cdk-lib';
import { CfnLaunchTemplate, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { FLAG, fits, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import type { NetworkInterface } from '../network/network-layout';
import { checkVolume } from './node-group-checks';
import { KEY, SECURITY_GROUP } from '../props/shapes';
import { tagSpecifications } from '../template/tag-specifications';

/** Properties for `NodeLaunchTemplate`. */
export interface NodeLaunchTemplateProps {
  /** EC2 instance type. @default - the node group states it */
  readonly instanceType?: string;
  /** Interfaces of one node, the first with the IP address. */
  readonly interfaces: readonly NetworkInterface[];
  /** Groups of the first interface. */
  readonly primaryGroups: readonly ISecurityGroup[];
  /** Groups of the interfaces that carry only the fabric. */
  readonly fabricGroups: readonly ISecurityGroup[];
  readonly rootVolumeGiB: number;
  /** Device of the volume that holds images and pods: Bottlerocket keeps them apart from its own. @default '/dev/xvda' */
  readonly rootDevice?: string;
  /** @default - the account's default EBS key */
  readonly encryptionKey?: IKey;
  /** In base64. @default - none */
  readonly userData?: string;
  /** @default - no placement group */
  readonly placementGroupName?: string;
  /** A reservation to target, by id. @default - none */
  readonly capacityReservationId?: string;
  /** Whether that reservation is a capacity block. @default false */
  readonly capacityBlock?: boolean;
}

const TEMPLATE: Shape<NodeLaunchTemplateProps> = {
  instanceType: TEXT,
  interfaces: required(
    listOf(
      objectOf<NetworkInterface>({
        networkCardIndex: required(NUMBER),
        deviceIndex: required(NUMBER),
        interfaceType: required(oneOf(['interface', 'efa-only', 'efa'])),
      }),
    ),
  ),
  primaryGroups: required(listOf(SECURITY_GROUP)),
  fabricGroups: required(listOf(SECURITY_GROUP)),
  rootVolumeGiB: required(NUMBER),
  rootDevice: TEXT,
  encryptionKey: KEY,
  userData: TEXT,
  placementGroupName: TEXT,
  capacityReservationId: TEXT,
  capacityBlock: FLAG,
};

/**
 * What every node of a group is launched from: IMDSv2, encrypted volumes, no public address, all interfaces, and the tags of the tree
 * on instances, volumes and network interfaces, which no other tag reaches.
 */
export class NodeLaunchTemplate extends Construct {
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  public readonly resource: CfnLaunchTemplate;

  constructor(scope: Construct, id: string, props: NodeLaunchTemplateProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, TEMPLATE)) checkVolume(problems, props.rootVolumeGiB);
    problems.throwIfAny(this);
    this.resource = new CfnLaunchTemplate(this, 'Resource', {
      launchTemplateData: {
        instanceType: props.instanceType,
        // Pods behind the node's network reach IMDS with one hop more.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
        monitoring: { enabled: true },
        ebsOptimized: true,
        blockDeviceMappings: [rootVolume(props)],
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

  /** Id and version for a node group; a change of the template makes a new version, and so a rolling update. */
  get specification(): { readonly id: string; readonly version: string } {
    return { id: this.resource.ref, version: this.resource.attrLatestVersionNumber };
  }
}

function rootVolume({ rootVolumeGiB, encryptionKey, rootDevice = '/dev/xvda' }: NodeLaunchTemplateProps) {
  return {
    deviceName: rootDevice,
    ebs: {
      volumeType: 'gp3',
      volumeSize: rootVolumeGiB,
      encrypted: true,
      kmsKeyId: encryptionKey?.keyArn,
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
    // EC2 refuses the field, whatever its value, on a launch with several interfaces; such nodes never get a public address.
    associatePublicIpAddress: props.interfaces.length === 1 ? false : undefined,
    groups: groups.map((group) => group.securityGroupId),
  };
}
