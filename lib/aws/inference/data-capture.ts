import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import { type Kind, NUMBER, objectOf, required, TEXT } from '../../core/shapes';
import { DATA_STORE } from '../props/shapes';
import { bucketOf } from '../storage/data-store';
import type { DataStore } from '../storage/data-store';
import { checkBounds } from '../props/bounds';

/**
 * Requests and answers that are kept, in full: what people write to a model is as sensitive as they are.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html
 */
export interface DataCapture {
  readonly bucket: DataStore;
  /** Share of the requests, 1 to 100 percent. @default 10 */
  readonly percent?: number;
  /** What the keys begin with. @default 'captured/' */
  readonly prefix?: string;
}

/** A capture by the kinds of its props. */
export const DATA_CAPTURE: Kind = objectOf<DataCapture>(
  { bucket: required(DATA_STORE), percent: NUMBER, prefix: TEXT },
  'a capture { bucket, percent }',
);

/** What the keys of captured requests begin with. */
export function capturePrefix({ prefix = 'captured/' }: DataCapture): string {
  return prefix;
}

/** A capture as SageMaker takes it. */
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
export function checkCapture(problems: Problems, { percent }: DataCapture): void {
  checkBounds(problems.within('dataCapture'), 'CaptureInvalid', 'percent', percent, SAGEMAKER_HOSTING.capturePercent);
}
