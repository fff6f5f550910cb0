import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { branded, demand, type Kind, required } from '../../core/shapes';
import type { ModelSource } from '../../kubernetes';
import {
  type HubModelOptions,
  hubSource,
  type VolumeModelOptions,
  volumeSource,
} from '../../kubernetes/serving/model-options';
import { MODEL_ARTIFACT, type ModelArtifact } from '../inference/model-artifact';

/**
 * Image that fetches from a bucket. It has `sh`, `sha256sum` and the AWS command line.
 *
 * @see https://gallery.ecr.aws/aws-cli/aws-cli
 */
export const FETCH_IMAGE = 'public.ecr.aws/aws-cli/aws-cli:2.36.10';

const BYTES_PER_GIB = 2 ** 30;

/** Where a served model comes from: each is one fixed version. */
export class ServingModel {
  /** Files of a bucket, of which each is checked against the list that the artefact's digest proves: `ModelArtifact.files` with `sha256`. */
  static artifact(artifact: ModelArtifact): ServingModel {
    demand({ artifact }, { artifact: required(MODEL_ARTIFACT) });
    return new ServingModel((artifact.sizeGB * 1e9) / BYTES_PER_GIB, undefined, artifact);
  }

  /** A commit of a Hugging Face repository, `organisation/name`; vLLM alone. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder of a volume that the namespace claims, e.g. of an FSx for Lustre file system. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly given?: ModelSource,
    /** The artefact in a bucket. @default - the model is elsewhere */
    public readonly bucketArtifact?: ModelArtifact,
  ) {}

  /** Where the artefact is, without the slash at its end. @default - the model is in no bucket */
  get address(): string | undefined {
    return this.bucketArtifact?.url.replace(/\/$/, '');
  }

  /** Whether it is of the hub, whose client only vLLM's image has. */
  get isOfHub(): boolean {
    return this.given?.kind === 'hugging-face';
  }

  /** The model in the words of the Kubernetes layer. @param address of the artefact: itself, or the name of a variable */
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

  /** Lets someone read its bucket; nothing for a model that lies elsewhere. */
  grantRead(grantee: IGrantable): void {
    this.bucketArtifact?.grantRead(grantee);
  }
}

/** A model to serve, of whichever copy of the package. */
export const SERVING_MODEL: Kind = branded(
  ServingModel,
  'ServingModel',
  'a ServingModel',
  'Use ServingModel.artifact(ModelArtifact.files(…)) or its like.',
);
