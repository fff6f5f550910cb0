import { assertProps, required, brand } from '../../core/prop-schema';
import type { ModelSource } from '../../kubernetes';
import {
  type BucketModelOptions,
  type HubModelOptions,
  hubSource,
  type VolumeModelOptions,
  volumeSource,
} from '../../kubernetes/serving/model-options';
import type { IDataBucket } from '../storage/bucket-attributes';
import { DATA_BUCKET } from '../prop-schemas';
import { BUCKET_MODEL_OPTIONS } from '../../kubernetes/prop-schemas';

/**
 * Image that downloads from a bucket, with `sh`, `sha256sum` and the gcloud CLI. A public repository pins the same tag; read 2026-11.
 *
 * @see https://cloud.google.com/sdk/docs/downloads-docker
 */
export const FETCH_IMAGE = 'gcr.io/google.com/cloudsdktool/google-cloud-cli:562.0.0-slim';

/**
 * The source of a served model: one fixed version.
 *
 * @example
 * ```ts
 * import { ServingModel } from 'ai-infra-constructs/google';
 *
 * ServingModel.huggingFace('Qwen/Qwen3-8B', {
 *   revision: '0123456789abcdef0123456789abcdef01234567',
 *   sizeGiB: 15.3,
 * });
 * ```
 */
export class ServingModel {
  /** A model in a bucket. Each file is checked against a list of digests, whose own digest is in the options. */
  static bucket(bucket: IDataBucket, options: BucketModelOptions): ServingModel {
    assertProps({ bucket }, { bucket: required(DATA_BUCKET) });
    assertProps(options, BUCKET_MODEL_OPTIONS, { name: 'options' });
    return new ServingModel(options.sizeGiB, undefined, { bucket, ...options });
  }

  /** A commit of a Hugging Face repository, `<organization>/<name>`. Only for vLLM. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder of a volume with a claim in the namespace, for example Managed Lustre or a disk for many readers. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly fixedSource?: ModelSource,
    private readonly files?: BucketModelOptions & { readonly bucket: IDataBucket },
  ) {}

  /** Bucket of the model. @default - the model is not in a bucket */
  get bucket(): IDataBucket | undefined {
    return this.files?.bucket;
  }

  /** Address of the model: `gs://…` without a trailing slash. @default - the model is not in a bucket */
  get address(): string | undefined {
    if (!this.files) return undefined;
    return `gs://${this.files.bucket.name}/${this.files.prefix}`.replace(/\/+$/, '');
  }

  /** @internal The source for the Kubernetes layer. @param address address of the files, or the name of a variable */
  source(address = this.address): ModelSource {
    if (this.fixedSource) return this.fixedSource;
    return {
      kind: 'object-storage',
      address: address ?? '',
      sha256: this.files?.sha256 ?? '',
      image: FETCH_IMAGE,
      // Backticks, because the kubelet expands `$(`.
      copy: 'mkdir -p "`dirname "$to"`" && gcloud storage cp --quiet --no-user-output-enabled "$from" "$to"',
    };
  }
}

brand(ServingModel, 'google.ServingModel');
