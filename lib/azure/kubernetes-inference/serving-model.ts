import { assertProps, required, brand } from '../../core/prop-schema';
import type { ModelSource } from '../../kubernetes';
import {
  type BucketModelOptions,
  type HubModelOptions,
  hubSource,
  type VolumeModelOptions,
  volumeSource,
} from '../../kubernetes/serving/model-volume';
import type { IDataBucket } from '../storage/data-bucket';
import { DATA_BUCKET } from '../prop-schemas';
import { BUCKET_MODEL_OPTIONS } from '../../kubernetes/prop-schemas';

/**
 * Image that downloads from a bucket. It has `sh`, `sha256sum`, `install` and the Azure CLI. Public repositories use this tag. It was not
 * pulled in a test of this library.
 *
 * @see https://mcr.microsoft.com/artifact/mar/azure-cli/tags
 */
export const FETCH_IMAGE = 'mcr.microsoft.com/azure-cli:2.80.0';

/** Signs in for each file: the kubelet renews the token of the pod, and the download of a large model can outlast one token. */
const COPY = [
  'az login --service-principal -u "$AZURE_CLIENT_ID" -t "$AZURE_TENANT_ID" --federated-token "`cat $AZURE_FEDERATED_TOKEN_FILE`" --output none',
  'install -D /dev/null "$to"',
  'az storage blob download --auth-mode login --only-show-errors --blob-url "$from" --file "$to" --output none',
].join(' && ');

/** Source of a served model. Each source is one fixed version. */
export class ServingModel {
  /** Files of a bucket, which the identity of the servers reads. Each file is verified against the list with the digest. */
  static bucket(bucket: IDataBucket, options: BucketModelOptions): ServingModel {
    assertProps({ bucket }, { bucket: required(DATA_BUCKET) });
    assertProps(options, BUCKET_MODEL_OPTIONS, { name: 'options' });
    return new ServingModel(options.sizeGiB, undefined, bucket, options);
  }

  /** A commit of a Hugging Face repository, `organization/name`. Supports only vLLM. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder of a volume claim in the namespace, for example of a Managed Lustre file system. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly fixedSource?: ModelSource,
    /** Bucket of the model. @default - the model is not in a bucket */
    public readonly dataBucket?: IDataBucket,
    private readonly inBucket?: BucketModelOptions,
  ) {}

  /** Address of the model in its bucket, without a trailing slash. @default - the model is not in a bucket */
  get address(): string | undefined {
    const { dataBucket, inBucket } = this;
    if (!dataBucket || !inBucket) return undefined;
    const { accountName, containerName } = dataBucket;
    const prefix = inBucket.prefix.replace(/^\/+|\/+$/g, '');
    return `https://${accountName}.blob.core.windows.net/${containerName}/${prefix}`;
  }

  /** @internal The source for the Kubernetes layer. @param address address of the model, or a variable for it */
  source(address = this.address): ModelSource {
    if (this.fixedSource) return this.fixedSource;
    const { sha256 = '' } = this.inBucket ?? {};
    return { kind: 'object-storage', address: address ?? '', sha256, image: FETCH_IMAGE, copy: COPY };
  }
}

brand(ServingModel, 'azure.ServingModel');
