import type { Stack } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';

/** Tag of the serving image. */
export const TAG = '0.20.0-gpu-py312-cu130-ubuntu22.04-sagemaker';

/** An existing network. */
export function network(stack: Stack): IVpc {
  return Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0a', 'subnet-0b'],
    vpcCidrBlock: '10.0.0.0/16',
  });
}
