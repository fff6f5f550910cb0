import { branded, demand, type Kind, required } from '../../core/shapes';
import type { ModelSource } from '../../kubernetes';
import {
  BUCKET_MODEL,
  type BucketModelOptions,
  type HubModelOptions,
  hubSource,
  type VolumeModelOptions,
  volumeSource,
} from '../../kubernetes/serving/model-options';
import { NAMED_BUCKET } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';

/**
 * Image that fetches from a bucket. It has `sh`, `sha256sum` and the command line of Google Cloud. The tag is one that a public repository pins; read 2026-11.
 *
 * @see https://cloud.google.com/sdk/docs/downloads-docker
 */
export const FETCH_IMAGE = 'gcr.io/google.com/cloudsdktool/google-cloud-cli:562.0.0-slim';

/** Where a served model comes from: each is one fixed version. */
export class ServingModel {
  /** Files of a bucket, of which each is checked against the list that the digest proves. */
  static bucket(bucket: INamedBucket, options: BucketModelOptions): ServingModel {
    demand({ bucket }, { bucket: required(NAMED_BUCKET) });
    demand(options, BUCKET_MODEL, { name: 'options' });
    return new ServingModel(options.sizeGiB, undefined, { bucket, ...options });
  }

  /** A commit of a Hugging Face repository, `organisation/name`; vLLM alone. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder of a volume that the namespace claims, e.g. of Managed Lustre or of a disk that many read. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly given?: ModelSource,
    private readonly files?: BucketModelOptions & { readonly bucket: INamedBucket },
  ) {}

  /** The bucket that holds it. @default - the model is elsewhere */
  get inBucket(): INamedBucket | undefined {
    return this.files?.bucket;
  }

  /** Where it is, `gs://…` without a slash at its end. @default - the model is in no bucket */
  get address(): string | undefined {
    if (!this.files) return undefined;
    return `gs://${this.files.bucket.name}/${this.files.prefix}`.replace(/\/+$/, '');
  }

  /** The model in the words of the Kubernetes layer. @param address of the files: itself, or the name of a variable */
  source(address = this.address): ModelSource {
    if (this.given) return this.given;
    return {
      kind: 'object-storage',
      address: address ?? '',
      sha256: this.files?.sha256 ?? '',
      image: FETCH_IMAGE,
      // Backticks: `$(` would be a variable to the kubelet.
      copy: 'mkdir -p "`dirname "$to"`" && gcloud storage cp --quiet --no-user-output-enabled "$from" "$to"',
    };
  }
}

/** A model to serve, of whichever copy of the package. */
export const SERVING_MODEL: Kind = branded(
  ServingModel,
  'GoogleServingModel',
  'a ServingModel',
  'Use ServingModel.bucket(bucket, { … }) or its like.',
);
