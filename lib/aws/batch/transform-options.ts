import { Duration, Size } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { AwsMachine } from '../machine/machine';

/** How SageMaker splits a shard into requests. */
export enum TransformSplit {
  /** One request for each shard. */
  NONE = 'None',
  /** Lines of text, as many in a request as `maxPayload` allows. */
  LINE = 'Line',
  /** RecordIO records. */
  RECORD_IO = 'RecordIO',
  /** TFRecord records. */
  TF_RECORD = 'TFRecord',
}

/** Options for `BatchCompute.transform`: SageMaker batch transform with an existing model. */
export interface TransformOptions {
  /** Name of the SageMaker model. */
  readonly modelName: string;
  /** Execution role of the model. The construct grants it access to shards and results. */
  readonly modelRole: IRole;
  /** Machine type, of a family that SageMaker supports for transforms: g4dn, g5, g6, g6e, inf2 or trn1. */
  readonly machine: AwsMachine;
  /** Machines of one job, at most `shardsPerTask`. SageMaker assigns whole shards to machines, and a model runs on one machine. @default 1 */
  readonly instances?: number;
  /** How SageMaker splits a shard into requests. @default TransformSplit.NONE */
  readonly splitBy?: TransformSplit;
  /** MIME type of the input. @default - the default of SageMaker */
  readonly contentType?: string;
  /** MIME type of the output. @default - the type that the model returns */
  readonly accept?: string;
  /** Maximum size of a request, in whole MiB. Multiplied by `concurrentRequests` it is at most 100 MiB. @default Size.mebibytes(6) */
  readonly maxPayload?: Size;
  /** Number of concurrent requests to one machine. @default 1 */
  readonly concurrentRequests?: number;
  /** Time limit of one request, at most 1 hour. @default Duration.minutes(10) */
  readonly requestTimeout?: Duration;
  /** KMS key of the results. The construct grants `modelRole` the use of the key. @default - the key of the bucket */
  readonly outputKey?: IKey;
  /** Price of one machine in USD per hour. The catalog has no prices of transforms. @default - the cost of a run is not recorded */
  readonly usdPerHour?: number;
}

/** Fills in the defaults. */
export function transformDefaults(options: TransformOptions) {
  const { instances = 1, splitBy = TransformSplit.NONE, concurrentRequests = 1 } = options;
  const { maxPayload = Size.mebibytes(6), requestTimeout = Duration.minutes(10) } = options;
  return { ...options, instances, splitBy, maxPayload, concurrentRequests, requestTimeout };
}
