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
import { DATA_BUCKET, type IDataBucket } from '../storage/bucket-attributes';

/**
 * Image that fetches from a bucket. It has `sh`, `sha256sum`, `install` and the Azure command line. The tag is one that public repositories
 * use; nobody has pulled it here.
 *
 * @see https://mcr.microsoft.com/artifact/mar/azure-cli/tags
 */
export const FETCH_IMAGE = 'mcr.microsoft.com/azure-cli:2.80.0';

/** Signs in by the token of the pod, which the kubelet renews, and so for each file: a large model outlasts one token. */
const COPY = [
  'az login --service-principal -u "$AZURE_CLIENT_ID" -t "$AZURE_TENANT_ID" --federated-token "`cat $AZURE_FEDERATED_TOKEN_FILE`" --output none',
  'install -D /dev/null "$to"',
  'az storage blob download --auth-mode login --only-show-errors --blob-url "$from" --file "$to" --output none',
].join(' && ');

/** Where a served model comes from: each is one fixed version. */
export class ServingModel {
  /** Files of a bucket, read by the identity of the servers, each checked against the list that the digest proves. */
  static bucket(bucket: IDataBucket, options: BucketModelOptions): ServingModel {
    demand({ bucket }, { bucket: required(DATA_BUCKET) });
    demand(options, BUCKET_MODEL, { name: 'options' });
    return new ServingModel(options.sizeGiB, undefined, bucket, options);
  }

  /** A commit of a Hugging Face repository, `organisation/name`; vLLM alone. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder of a volume that the namespace claims, e.g. of a Managed Lustre file system. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly given?: ModelSource,
    /** The bucket that it is in. @default - it is elsewhere */
    public readonly dataBucket?: IDataBucket,
    private readonly inBucket?: BucketModelOptions,
  ) {}

  /** Where it is in its bucket, without a slash at the end. @default - the model is in no bucket */
  get address(): string | undefined {
    const { dataBucket, inBucket } = this;
    if (!dataBucket || !inBucket) return undefined;
    const { accountName, containerName } = dataBucket;
    const prefix = inBucket.prefix.replace(/^\/+|\/+$/g, '');
    return `https://${accountName}.blob.core.windows.net/${containerName}/${prefix}`;
  }

  /** The model in the words of the Kubernetes layer. @param address of the model: itself, or the name of a variable */
  source(address = this.address): ModelSource {
    if (this.given) return this.given;
    const { sha256 = '' } = this.inBucket ?? {};
    return { kind: 'object-storage', address: address ?? '', sha256, image: FETCH_IMAGE, copy: COPY };
  }
}

/** A model to serve, of whichever copy of the package. */
export const SERVING_MODEL: Kind = branded(
  ServingModel,
  'AzureServingModel',
  'a ServingModel',
  'Use ServingModel.bucket(bucket, { … }) or its like.',
);
