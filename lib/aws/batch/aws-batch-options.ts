import type { Duration, Size } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Prices } from '../../core/catalog/own-prices';
import type { Capacity } from '../capacity/capacity';
import type { AwsMachine } from '../machine/machine';

/** Options for `BatchCompute.awsBatch`: jobs of AWS Batch in your own container. */
export interface AwsBatchOptions {
  /**
   * VPC of the machines. The machines have no public addresses, so their subnets need a route to ECR, ECS, S3 and CloudWatch.
   *
   * @default - a new `MlVpc`
   */
  readonly vpc?: IVpc;
  /** Subnets of `vpc`. @default - the private subnets, or the isolated ones if the VPC has no private subnets */
  readonly subnets?: SubnetSelection;
  /** Machine type: x86 with NVIDIA GPUs. */
  readonly machine: AwsMachine;
  /** Maximum number of machines in each market, 1 to 10,000. AWS Batch can exceed it by one. They scale to zero between runs. */
  readonly maxMachines: number;
  /** On-demand, or spot with or without a fallback to on-demand. @default Capacity.spot({ fallback: Capacity.onDemand() }) */
  readonly capacity?: Capacity;
  /** Time that a job at the head of the spot queue waits for a machine before it moves to the fallback. 10 minutes to 1 day. @default Duration.minutes(30) */
  readonly spotPatience?: Duration;
  /** Container image, preferably with its digest: `…@sha256:…`. The machines can pull from the ECR registry of the account. */
  readonly image: string;
  /**
   * Command of the container.
   *
   * @default - the command of the image
   * @schema LINES
   */
  readonly command?: readonly string[];
  /** Environment variables, in addition to those of the shard. Not for secrets: the console shows them. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** GPUs of one container. Cores and memory are proportional. @default - all GPUs of the machine */
  readonly acceleratorsPerReplica?: number;
  /** Size of /dev/shm in the container. @default - a quarter of the container's memory, at most 64 GiB */
  readonly sharedMemory?: Size;
  /** Boot disk of a machine, for images and scratch data. All containers of the machine share it. @default Size.gibibytes(200) */
  readonly bootDisk?: Size;
  /**
   * KMS key of the boot disks. Its policy must allow `AWSServiceRoleForAutoScaling` to use it. Otherwise no machine starts.
   *
   * @default - the account's default EBS key
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  readonly bootDiskKey?: IKey;
  /** Time limit of one attempt at a shard, from 1 minute to the `timeout` of the run. @default Duration.hours(6) */
  readonly taskTimeout?: Duration;
  /**
   * Maximum attempts at a shard whose machine is reclaimed, including the first one. 1 to 10. A program that fails is not retried.
   *
   * @default 5
   */
  readonly attempts?: number;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
