import { TagManager, TagType } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tagSpecifications } from '../template/tag-specifications';

/** Properties for `BatchLaunchTemplate`. */
export interface BatchLaunchTemplateProps {
  readonly rootVolumeGiB: number;
  /** @default - the account's default EBS key */
  readonly volumeKey?: IKey;
}

/**
 * What AWS Batch starts its machines with: an encrypted disk, IMDSv2 that no container on the bridge network reaches, and the cost tags on
 * instances, volumes and network interfaces. Subnets and security group are the compute environment's.
 */
export class BatchLaunchTemplate extends Construct {
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::LaunchTemplate');
  public readonly resource: CfnLaunchTemplate;

  constructor(scope: Construct, id: string, { rootVolumeGiB, volumeKey }: BatchLaunchTemplateProps) {
    super(scope, id);
    this.resource = new CfnLaunchTemplate(this, 'Resource', {
      launchTemplateData: {
        // One hop: containers get their rights from the job role, never those of the machine.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1, httpEndpoint: 'enabled' },
        monitoring: { enabled: true },
        ebsOptimized: true,
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: {
              volumeType: 'gp3',
              volumeSize: rootVolumeGiB,
              encrypted: true,
              kmsKeyId: volumeKey?.keyArn,
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
