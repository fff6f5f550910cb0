import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { GARDEN_MODEL_OPTIONS, HUGGING_FACE_OPTIONS } from '../prop-schemas';

/** Options for any Model Garden model. */
export interface GardenModelOptions {
  /** Whether you accept the license (EULA). Many models require it. @default false */
  readonly acceptEula?: boolean;
}

/** Options for a model from Hugging Face. */
export interface HuggingFaceOptions extends GardenModelOptions {
  /**
   * Access token for a gated repository. Use a sensitive `TerraformVariable` or the data source of a secret, not a plain string. Terraform
   * stores it in its state.
   *
   * @default - no token: the repository must be public
   */
  readonly accessToken?: string;
  /** Whether the files come from Google's copy instead of the hub. Use it inside a service perimeter. @default false */
  readonly cached?: boolean;
}

interface State extends HuggingFaceOptions {
  readonly publisherModelName?: string;
  readonly huggingFaceModelId?: string;
}

/**
 * A model that Vertex AI deploys without an upload: from Model Garden or Hugging Face.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-garden/explore-models
 * @example
 * ```ts
 * import { GardenModel } from 'ai-infra-constructs/google';
 *
 * GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it', { acceptEula: true });
 * ```
 */
export class GardenModel {
  /** An open model of a publisher: `publishers/<publisher>/models/<model>@<version>`. */
  static publisher(name: string, options: GardenModelOptions = {}): GardenModel {
    assertProps({ name }, { name: required(STRING) });
    assertProps(options, GARDEN_MODEL_OPTIONS, { name: 'options' });
    return new GardenModel({ ...options, publisherModelName: name });
  }

  /** A Hugging Face repository, `<organization>/<name>`. Vertex AI always deploys its latest commit. */
  static huggingFace(repository: string, options: HuggingFaceOptions = {}): GardenModel {
    assertProps({ repository }, { repository: required(STRING) });
    assertProps(options, HUGGING_FACE_OPTIONS, { name: 'options' });
    return new GardenModel({ ...options, huggingFaceModelId: repository });
  }

  private constructor(private readonly state: State) {}

  /** Name of the publisher model, or of the repository. */
  get name(): string {
    return this.state.publisherModelName ?? this.state.huggingFaceModelId!;
  }

  /** Whether the name contains a version, so that later deployments use the same files. */
  get isPinned(): boolean {
    return this.state.publisherModelName !== undefined;
  }

  /** @internal The source, as arguments of the resource. */
  get source(): Pick<State, 'publisherModelName' | 'huggingFaceModelId'> {
    const { publisherModelName, huggingFaceModelId } = this.state;
    return { publisherModelName, huggingFaceModelId };
  }

  /** @internal The model settings, as arguments of the resource. */
  get config() {
    const { acceptEula, accessToken, cached } = this.state;
    return { acceptEula, huggingFaceAccessToken: accessToken, huggingFaceCacheEnabled: cached };
  }

  /** @internal Validates the model. */
  check(problems: ProblemCollector): void {
    const { publisherModelName, huggingFaceModelId, accessToken } = this.state;
    if (publisherModelName !== undefined) checkPublisher(problems, publisherModelName);
    if (huggingFaceModelId !== undefined) checkRepository(problems, huggingFaceModelId);
    if (accessToken === undefined || isUnknown(accessToken)) return;
    problems.add({
      code: 'SecretInCode',
      prop: 'accessToken',
      allowed: 'a token that is known only at deployment',
      got: 'a plain string',
      fix: "Use `new TerraformVariable(stack, 'Token', { sensitive: true }).stringValue`, and revoke this token.",
    });
  }
}

brand(GardenModel, 'google.GardenModel');
/** Source: documentation of the provider, google 6.50.0, publisher_model_name. */
const PUBLISHER = /^publishers\/[a-z0-9-]+\/models\/[\w.-]+@[\w.-]+$/;

function checkPublisher(problems: ProblemCollector, name: string): void {
  if (isUnknown(name) || PUBLISHER.test(name)) return;
  problems.add({
    code: 'ModelSourceInvalid',
    prop: 'publisher',
    allowed: 'publishers/<publisher>/models/<model>@<version>',
    got: name,
    fix: 'Copy the name from the model card, or use GardenModel.huggingFace.',
  });
}

/** Naming rule of the hub. @see https://huggingface.co/docs/huggingface_hub/package_reference/utilities */
const REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/;

function checkRepository(problems: ProblemCollector, repository: string): void {
  if (isUnknown(repository) || REPOSITORY.test(repository)) return;
  problems.add({
    code: 'ModelSourceInvalid',
    prop: 'huggingFace',
    allowed: '<organization>/<name>',
    got: repository,
    fix: 'Copy the name from the page of the model, without the address of the hub.',
  });
}
