import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import { bucketOf } from '../storage/bucket-of';
import type { IDataBucket } from '../storage/data-bucket';
import { checkBounds } from '../props/bounds';

/**
 * Capture of requests and answers in a bucket, in full. Protect the bucket as you protect the most sensitive prompt.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html
 */
export interface DataCapture {
  /** Bucket that receives the requests and answers. */
  readonly bucket: IDataBucket;
  /** Percentage of the requests to capture, from 1 to 100. @default 10 */
  readonly percent?: number;
  /** Prefix of the object keys. @default 'captured/' */
  readonly prefix?: string;
}

/** Prefix of the keys of captured requests. */
export function capturePrefix({ prefix = 'captured/' }: DataCapture): string {
  return prefix;
}

/** The capture configuration of SageMaker. */
export function captureConfig(capture: DataCapture): CfnEndpointConfig.DataCaptureConfigProperty {
  const bucket = bucketOf(capture.bucket);
  return {
    enableCapture: true,
    initialSamplingPercentage: capture.percent ?? 10,
    destinationS3Uri: bucket.s3UrlForObject(capturePrefix(capture)),
    kmsKeyId: bucket.encryptionKey?.keyArn,
    captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
  };
}

/** Adds what is wrong with a capture. */
export function checkCapture(problems: ProblemCollector, { percent }: DataCapture): void {
  checkBounds(problems.within('dataCapture'), 'CaptureInvalid', 'percent', percent, SAGEMAKER_HOSTING.capturePercent);
}
