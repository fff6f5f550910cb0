import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { checkModelSize } from '../../kubernetes/serving/model-files';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { NAMED_BUCKET } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';

/** Files of a model in a bucket. */
export interface MountedModelOptions {
  /** What the names of all files begin with, e.g. `llama-3.1-8b/v3/`: a folder that never changes, so name the version in it. */
  readonly prefix: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

/** Files of a model in the image of its server. */
export interface ImageModelOptions {
  /** Folder in the image, e.g. `/models/llama`. */
  readonly path: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

interface State {
  readonly sizeGiB: number;
  readonly bucket?: INamedBucket;
  readonly prefix?: string;
  readonly path?: string;
}

/** Where the bucket is mounted. */
export const MODEL_MOUNT = '/models';

/** Where a model on Cloud Run comes from. Each start of an instance reads it. */
export class CloudRunModel {
  /** Files of a bucket, which is mounted for reading alone. Best in the region of the service. */
  static bucket(bucket: INamedBucket, options: MountedModelOptions): CloudRunModel {
    demand({ bucket }, { bucket: required(NAMED_BUCKET) });
    demand(options, BUCKET_MODEL, { name: 'options' });
    return new CloudRunModel({ ...options, bucket });
  }

  /** Files in the image of the server, which must be one of your own. */
  static image(options: ImageModelOptions): CloudRunModel {
    demand(options, IMAGE_MODEL, { name: 'options' });
    return new CloudRunModel(options);
  }

  /** The bucket of its files. @default - they are in the image */
  public readonly bucket?: INamedBucket;
  /** Size of the weights, in GiB. */
  public readonly sizeGiB: number;

  private constructor(private readonly state: State) {
    this.bucket = state.bucket;
    this.sizeGiB = state.sizeGiB;
  }

  /** Where the server finds it. */
  get path(): string {
    const { path, prefix = '' } = this.state;
    return path ?? `${MODEL_MOUNT}/${prefix.replace(/\/+$/, '')}`;
  }

  /** @internal Adds what is wrong with it. */
  check(problems: Problems): void {
    const { prefix, path, sizeGiB } = this.state;
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
    if (prefix !== undefined && !isUnknown(prefix) && !PREFIX.test(prefix)) {
      wrong(
        'prefix',
        'a folder, without / before it and without . and .. in it',
        prefix,
        'Write it as e.g. llama/v3/.',
      );
    }
    if (path !== undefined && !isUnknown(path) && !/^\/\S+$/.test(path)) {
      wrong('path', 'an absolute path', path, 'Write it as the image has it.');
    }
    if (isKnown(problems, 'sizeGiB', sizeGiB)) checkModelSize(problems, sizeGiB);
  }
}

/** A model on Cloud Run, of whichever copy of the package. */
export const CLOUD_RUN_MODEL: Kind = branded(
  CloudRunModel,
  'GoogleCloudRunModel',
  'a CloudRunModel',
  'Use CloudRunModel.bucket(bucket, { prefix, sizeGiB }) or CloudRunModel.image({ path, sizeGiB }).',
);

const BUCKET_MODEL: Shape<MountedModelOptions> = { prefix: required(TEXT), sizeGiB: required(NUMBER) };
const IMAGE_MODEL: Shape<ImageModelOptions> = { path: required(TEXT), sizeGiB: required(NUMBER) };

// Segments of names of objects, none of which means another folder.
const PREFIX = /^(?!\.{1,2}\/)[^/\s]+(\/(?!\.{1,2}(\/|$))[^/\s]+)*\/?$/;
