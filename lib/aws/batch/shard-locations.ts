import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Buckets and prefixes of a workflow. */
export interface ShardLocationsProps {
  /** Bucket of the shards. */
  readonly input: IBucket;
  /** Prefix of the shards. Ends with a slash, or is empty for the whole bucket. */
  readonly inputPrefix: string;
  /** Bucket of everything that the workflow writes. */
  readonly results: IBucket;
  /** Prefix of everything that the workflow writes. Ends with a slash. */
  readonly resultsPrefix: string;
}

/** A JSONata expression for a shard: an object with `shard` and `etag`. */
type Shard = string;

/**
 * The names of all objects that a run reads and writes, as JSONata expressions.
 *
 * A shard is an object below the input prefix. Its name is the rest of its key. Markers and checkpoints also contain the ETag of the input,
 * so a replaced input is a new shard.
 */
export class ShardLocations {
  public readonly inputBucket: string;
  public readonly inputPrefix: string;
  public readonly resultsBucket: string;
  public readonly resultsPrefix: string;

  constructor({ input, inputPrefix, results, resultsPrefix }: ShardLocationsProps) {
    this.inputBucket = input.bucketName;
    this.inputPrefix = inputPrefix;
    this.resultsBucket = results.bucketName;
    this.resultsPrefix = resultsPrefix;
  }

  /** Arguments of ListObjectsV2 for the shards. */
  get input(): { readonly Bucket: string; readonly Prefix?: string } {
    return { Bucket: this.inputBucket, ...(this.inputPrefix !== '' && { Prefix: this.inputPrefix }) };
  }

  /** Key of the marker, the last object that is written for a shard. It marks the shard as done. */
  markerKey(shard: Shard): string {
    return `'${this.resultsPrefix}done/' & ${shard}.shard & '.' & ${shard}.etag`;
  }

  /** Key prefix of the records of a run. */
  runPrefix(run: string): string {
    return `'${this.resultsPrefix}runs/' & ${run} & '/'`;
  }

  /** Environment variables of a container for one shard. */
  variables(shard: Shard): Readonly<Record<string, string>> {
    return {
      SHARD: `${shard}.shard`,
      INPUT_URI: `'s3://${this.inputBucket}/${this.inputPrefix}' & ${shard}.shard`,
      OUTPUT_URI: `${this.uri('output/')} & ${shard}.shard`,
      CHECKPOINT_URI: `${this.uri('checkpoints/')} & ${shard}.shard & '.' & ${shard}.etag & '/'`,
      MARKER_URI: `${this.uri('done/')} & ${shard}.shard & '.' & ${shard}.etag`,
    };
  }

  /** A URI below the results prefix. */
  uri(rest: string): string {
    return `'s3://${this.resultsBucket}/${this.resultsPrefix}${rest}'`;
  }
}
