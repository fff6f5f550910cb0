import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IDataBucket } from './data-bucket';

/** The S3 bucket of a data bucket. A module of its own, so that its users do not load `DataBucket`. */
export function bucketOf(dataBucket: IDataBucket): IBucket {
  return 'bucket' in dataBucket ? dataBucket.bucket : dataBucket;
}
