import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { NUMBER, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { AWS_MACHINE, type AwsMachine } from '../machine/machine';
import { DURATION, KEY, ROLE } from '../props/shapes';

/** How SageMaker cuts a shard into requests. */
export type TransformSplit = 'None' | 'Line' | 'RecordIO' | 'TFRecord';

/** SageMaker batch transform with a model that exists. */
export interface TransformOptions {
  /** Name of the SageMaker model. */
  readonly modelName: string;
  /** Its execution role, which reads shards and writes results: it is granted both. */
  readonly modelRole: IRole;
  /** The machine, of the families that SageMaker offers for transforms; without `ml.`. */
  readonly machine: AwsMachine;
  /** Machines of one job. SageMaker deals out whole shards, and a model never spans machines. @default 1 */
  readonly instances?: number;
  /** How a shard becomes requests. @default 'None': one request a shard */
  readonly splitBy?: TransformSplit;
  /** MIME type of the input. @default - SageMaker's own */
  readonly contentType?: string;
  /** MIME type of the output. @default - what the model answers */
  readonly accept?: string;
  /** Largest request. With `concurrentRequests` it makes at most 100 MB. @default 6 */
  readonly payloadMB?: number;
  /** Requests to one machine at once. @default 1 */
  readonly concurrentRequests?: number;
  /** Time for one request, at most an hour. @default Duration.minutes(10) */
  readonly requestTimeout?: Duration;
  /** Key of the results, which `modelRole` is granted. @default - that of the bucket */
  readonly outputKey?: IKey;
  /** USD for one machine for an hour. The table has no prices of transforms. @default - the cost of a run is not recorded */
  readonly usdPerHour?: number;
}

const SPLITS: readonly TransformSplit[] = ['None', 'Line', 'RecordIO', 'TFRecord'];

/** The kinds of its options. */
export const TRANSFORM: Shape<TransformOptions> = {
  modelName: required(TEXT),
  modelRole: required(ROLE),
  machine: required(AWS_MACHINE),
  instances: NUMBER,
  splitBy: oneOf(SPLITS),
  contentType: TEXT,
  accept: TEXT,
  payloadMB: NUMBER,
  concurrentRequests: NUMBER,
  requestTimeout: DURATION,
  outputKey: KEY,
  usdPerHour: NUMBER,
};

/** Its options with what is taken where nothing is said. */
export function transformDefaults(options: TransformOptions) {
  const { instances = 1, splitBy = 'None', payloadMB = 6, concurrentRequests = 1 } = options;
  const { requestTimeout = Duration.minutes(10) } = options;
  return { ...options, instances, splitBy, payloadMB, concurrentRequests, requestTimeout };
}
