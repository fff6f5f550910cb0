import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Where the shards of a workflow are, and what becomes of them. */
export interface ShardPlacesProps {
  readonly input: IBucket;
  /** Prefix of the shards: empty for the whole bucket, else it ends in a slash. */
  readonly inputPrefix: string;
  readonly results: IBucket;
  /** Prefix of all that the workflow writes: it ends in a slash. */
  readonly resultsPrefix: string;
}

/** One shard as the workflow knows it, in JSONata: an object with `shard` and `etag`. */
type Shard = string;

/**
 * The names of everything that a run reads and writes, as JSONata of the workflow.
 *
 * A shard is an object below the input prefix, named by the rest of its key. Its marker and its checkpoints carry the ETag of the input
 * too: an input that is replaced is a shard that was never done.
 */
export class ShardPlaces {
  public readonly inputBucket: string;
  public readonly inputPrefix: string;
  public readonly resultsBucket: string;
  public readonly resultsPrefix: string;

  constructor({ input, inputPrefix, results, resultsPrefix }: ShardPlacesProps) {
    this.inputBucket = input.bucketName;
    this.inputPrefix = inputPrefix;
    this.resultsBucket = results.bucketName;
    this.resultsPrefix = resultsPrefix;
  }

  /** Bucket and prefix of the shards, as listings of S3 take them. */
  get input(): { readonly Bucket: string; readonly Prefix?: string } {
    return { Bucket: this.inputBucket, ...(this.inputPrefix !== '' && { Prefix: this.inputPrefix }) };
  }

  /** Key of the object that says that a shard is done. It is the last thing that is written. */
  markerKey(shard: Shard): string {
    return `'${this.resultsPrefix}done/' & ${shard}.shard & '.' & ${shard}.etag`;
  }

  /** Key prefix of what a run records of itself. */
  runPrefix(run: string): string {
    return `'${this.resultsPrefix}runs/' & ${run} & '/'`;
  }

  /** All that a container must know of a shard, by the names of its environment variables. */
  variables(shard: Shard): Readonly<Record<string, string>> {
    return {
      SHARD: `${shard}.shard`,
      INPUT_URI: `'s3://${this.inputBucket}/${this.inputPrefix}' & ${shard}.shard`,
      OUTPUT_URI: `${this.uri('output/')} & ${shard}.shard`,
      CHECKPOINT_URI: `${this.uri('checkpoints/')} & ${shard}.shard & '.' & ${shard}.etag & '/'`,
      MARKER_URI: `${this.uri('done/')} & ${shard}.shard & '.' & ${shard}.etag`,
    };
  }

  /** A URI below the results prefix, as JSONata. */
  uri(rest: string): string {
    return `'s3://${this.resultsBucket}/${this.resultsPrefix}${rest}'`;
  }
}
