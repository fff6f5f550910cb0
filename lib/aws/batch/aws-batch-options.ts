import type { Duration } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { listOf, NUMBER, recordOf, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { type Capacity, CAPACITY } from '../capacity/capacity';
import { AWS_MACHINE, type AwsMachine } from '../machine/machine';
import { DURATION, KEY, SUBNET_SELECTION, VPC } from '../props/shapes';

/** Jobs of AWS Batch in a container of your own. */
export interface AwsBatchOptions {
  /**
   * The VPC of the machines. They get no public address, so their subnets need a way to ECR, ECS, S3 and CloudWatch.
   *
   * @default - a new `MlVpc`
   */
  readonly vpc?: IVpc;
  /** Subnets of a VPC that was given. @default - the private ones; the isolated ones where it has no other */
  readonly subnets?: SubnetSelection;
  /** The machine, x86 with NVIDIA GPUs. */
  readonly machine: AwsMachine;
  /** Most machines at once, in each market; AWS Batch may start one more. None stands while there is no work. */
  readonly mostMachines: number;
  /** On demand, or spot with or without a fallback to on-demand. @default Capacity.spot({ fallback: Capacity.onDemand() }) */
  readonly capacity?: Capacity;
  /** Time that a job at the head of the spot queue waits for a machine before the fallback gets it. 10 minutes to a day. @default Duration.minutes(30) */
  readonly spotPatience?: Duration;
  /** The container image, best by its digest: `…@sha256:…`. Machines may pull from the ECR of the account. */
  readonly image: string;
  /** @default - that of the image */
  readonly command?: readonly string[];
  /** Variables beside those of the shard. Not for secrets: they show in the console. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** GPUs that one shard takes; cores and memory follow. @default - all of the machine */
  readonly gpusPerShard?: number;
  /** Size of /dev/shm. @default - a quarter of the container's memory, at most 64 GiB */
  readonly sharedMemoryGiB?: number;
  /** Disk of a machine, for images and scratch, shared by its containers. @default 200 */
  readonly rootVolumeGiB?: number;
  /**
   * Key of the disks. Its policy must let `AWSServiceRoleForAutoScaling` use it, else no machine starts.
   *
   * @default - the account's default EBS key
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  readonly volumeKey?: IKey;
  /** Time that one attempt at a shard may take. At least a minute, at most the run's. @default Duration.hours(6) */
  readonly shardTimeout?: Duration;
  /** Attempts at a shard, the first among them, where its machine is taken away. What its own program got wrong is not tried again. 1 to 10. @default 5 */
  readonly attempts?: number;
  /** Prices of your own, which come before the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day that prices are for: their age counts from it. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** The kinds of its options. */
export const AWS_BATCH: Shape<AwsBatchOptions> = {
  vpc: VPC,
  subnets: SUBNET_SELECTION,
  machine: required(AWS_MACHINE),
  mostMachines: required(NUMBER),
  capacity: CAPACITY,
  spotPatience: DURATION,
  image: required(TEXT),
  command: listOf(TEXT_OR_EMPTY),
  environment: recordOf(TEXT_OR_EMPTY),
  gpusPerShard: NUMBER,
  sharedMemoryGiB: NUMBER,
  rootVolumeGiB: NUMBER,
  volumeKey: KEY,
  shardTimeout: DURATION,
  attempts: NUMBER,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
