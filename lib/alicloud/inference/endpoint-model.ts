import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand, required } from '../../core/prop-schema';
import { checkModelSize } from '../../kubernetes/serving/model-files';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { DATA_BUCKET, IMAGE_MODEL_OPTIONS, MOUNTED_MODEL_OPTIONS } from '../prop-schemas';
import type { IDataBucket } from '../storage/data-bucket';

/** Options for a model in a bucket. */
export interface MountedModelOptions {
  /** Prefix of the model files, for example `llama-3.1-8b/v3/`. The files must not change, so put the version in the prefix. */
  readonly prefix: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

/** Options for a model in the server image. */
export interface ImageModelOptions {
  /** Folder in the image, for example `/models/llama`. */
  readonly path: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

interface State {
  readonly sizeGiB: number;
  readonly bucket?: IDataBucket;
  readonly prefix?: string;
  readonly path?: string;
}

/** Mount path of the model files. */
export const MODEL_MOUNT = '/models';

/**
 * The source of a model on PAI-EAS or Function Compute. Each instance reads it when it starts.
 *
 * @example
 * ```ts
 * import { DataBucket, EndpointModel } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const models = DataBucket.fromBucketName(stack, 'Models', 'my-models');
 * EndpointModel.bucket(models, { prefix: 'qwen3-8b/v2/', sizeGiB: 16 });
 * ```
 */
export class EndpointModel {
  /** A model in a bucket, which is mounted read-only. The bucket must be in the region of the endpoint. */
  static bucket(bucket: IDataBucket, options: MountedModelOptions): EndpointModel {
    assertProps({ bucket }, { bucket: required(DATA_BUCKET) });
    assertProps(options, MOUNTED_MODEL_OPTIONS, { name: 'options' });
    return new EndpointModel({ ...options, bucket });
  }

  /** A model in your own server image. */
  static image(options: ImageModelOptions): EndpointModel {
    assertProps(options, IMAGE_MODEL_OPTIONS, { name: 'options' });
    return new EndpointModel(options);
  }

  /** Bucket of the model. @default - the model is in the image */
  public readonly bucket?: IDataBucket;
  /** Size of the weights, in GiB. */
  public readonly sizeGiB: number;

  private constructor(private readonly state: State) {
    this.bucket = state.bucket;
    this.sizeGiB = state.sizeGiB;
  }

  /** Path of the model in the container. */
  get path(): string {
    return this.state.path ?? MODEL_MOUNT;
  }

  /** @internal Prefix in the bucket, without slashes at its ends. */
  get prefix(): string {
    return (this.state.prefix ?? '').replace(/\/+$/, '');
  }

  /** @internal Validates the source. */
  check(problems: ProblemCollector): void {
    const { prefix, path, sizeGiB } = this.state;
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
    if (prefix !== undefined && isKnown(problems, 'prefix', prefix) && !PREFIX.test(prefix))
      wrong('prefix', 'a relative folder without . and .. segments', prefix, 'Write a prefix such as llama/v3/.');
    if (path !== undefined && !isUnknown(path) && !/^\/\S+$/.test(path))
      wrong('path', 'an absolute path', path, 'Use the path inside the image.');
    if (isKnown(problems, 'sizeGiB', sizeGiB)) checkModelSize(problems, sizeGiB);
  }
}

brand(EndpointModel, 'alicloud.EndpointModel');
// Segments of object names, without . and .., which would change the folder.
const PREFIX = /^(?!\.{1,2}\/)[^/\s]+(\/(?!\.{1,2}(\/|$))[^/\s]+)*\/?$/;
