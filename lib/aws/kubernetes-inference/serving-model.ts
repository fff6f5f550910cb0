import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { assertProps, required, brand } from '../../core/prop-schema';
import type { ModelSource } from '../../kubernetes';
import {
  type HubModelOptions,
  hubSource,
  type VolumeModelOptions,
  volumeSource,
} from '../../kubernetes/serving/model-volume';
import type { ModelArtifact } from '../inference/model-artifact';
import { MODEL_ARTIFACT } from '../prop-schemas';

/**
 * Image that downloads from a bucket. It contains `sh`, `sha256sum` and the AWS CLI.
 *
 * @see https://gallery.ecr.aws/aws-cli/aws-cli
 */
export const FETCH_IMAGE = 'public.ecr.aws/aws-cli/aws-cli:2.36.10';

const BYTES_PER_GIB = 2 ** 30;

/** One fixed version of a model to serve. */
export class ServingModel {
  /** Files in a bucket. Requires `ModelArtifact.files` with `sha256`, the digest of the list that each file is checked against. */
  static artifact(artifact: ModelArtifact): ServingModel {
    assertProps({ artifact }, { artifact: required(MODEL_ARTIFACT) });
    return new ServingModel((artifact.sizeGB * 1e9) / BYTES_PER_GIB, undefined, artifact);
  }

  /** A commit of a Hugging Face repository, `organization/name`. Requires vLLM. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder on a persistent volume, for example of an FSx for Lustre file system. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly given?: ModelSource,
    /** The artifact in a bucket. @default - the model is not in a bucket */
    public readonly bucketArtifact?: ModelArtifact,
  ) {}

  /** @internal S3 URI of the artifact without the slash at the end, undefined if the model is not in a bucket. */
  get address(): string | undefined {
    return this.bucketArtifact?.url.replace(/\/$/, '');
  }

  /** @internal Whether the model is on the Hugging Face Hub. Only the image of vLLM has a client for it. */
  get isOfHub(): boolean {
    return this.given?.kind === 'hugging-face';
  }

  /** @internal The model for the Kubernetes layer. @param address S3 URI of the artifact, or the name of a variable */
  source(address = this.address): ModelSource {
    if (this.given) return this.given;
    return {
      kind: 'object-storage',
      address: address ?? '',
      sha256: this.bucketArtifact?.sha256 ?? '',
      image: FETCH_IMAGE,
      copy: 'aws s3 cp --only-show-errors "$from" "$to"',
    };
  }

  /** Allows a principal to read the model in its bucket. Grants nothing for a model outside a bucket. */
  grantRead(grantee: IGrantable): Grant {
    return this.bucketArtifact?.grantRead(grantee) ?? Grant.drop(grantee, 'the model is not in a bucket');
  }
}

brand(ServingModel, 'aws.ServingModel');
