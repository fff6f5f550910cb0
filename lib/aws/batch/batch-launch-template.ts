import { type Size, TagManager, TagType } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tagSpecifications } from '../template/tag-specifications';

/** Properties for `BatchLaunchTemplate`. */
export interface BatchLaunchTemplateProps {
  /** Size of the boot disk. */
  readonly bootDisk: Size;
  /** KMS key of the boot disk. @default - the account's default EBS key */
  readonly bootDiskKey?: IKey;
}

/**
 * Launch template for the machines of AWS Batch. Disks are encrypted, and containers on the bridge network cannot reach IMDSv2. Instances,
 * volumes and network interfaces have cost tags. The compute environment sets subnets and security group.
 */
export class BatchLaunchTemplate extends Construct {
  /** Tags of the launch template, which CDK tags apply to. */
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  /** The launch template. */
  public readonly resource: CfnLaunchTemplate;

  constructor(scope: Construct, id: string, { bootDisk, bootDiskKey }: BatchLaunchTemplateProps) {
    super(scope, id);
    this.resource = new CfnLaunchTemplate(this, 'Resource', {
      launchTemplateData: {
        // With a hop limit of 1, containers can use the job role but not the role of the machine.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1, httpEndpoint: 'enabled' },
        monitoring: { enabled: true },
        ebsOptimized: true,
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: {
              volumeType: 'gp3',
              volumeSize: bootDisk.toGibibytes(),
              encrypted: true,
              kmsKeyId: bootDiskKey?.keyArn,
              deleteOnTermination: true,
            },
          },
        ],
        tagSpecifications: tagSpecifications(this.tags, 'instance', 'volume', 'network-interface'),
      },
      tagSpecifications: tagSpecifications(this.tags, 'launch-template'),
    });
  }
}
