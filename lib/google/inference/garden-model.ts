import type { Problems } from '../../core/errors';
import { branded, demand, FLAG, type Kind, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';

/** What holds of any model of the garden. */
export interface GardenModelOptions {
  /** Whether its license is accepted: many models are deployed only then. @default false */
  readonly acceptEula?: boolean;
}

/** A model of the Hugging Face hub. */
export interface HuggingFaceOptions extends GardenModelOptions {
  /**
   * A token that opens a gated repository: of a sensitive `TerraformVariable`, or of the data source of a secret, never as plain text. Terraform
   * keeps it in its state.
   *
   * @default - the repository is open
   */
  readonly accessToken?: string;
  /** Whether files come from a copy that Google keeps, and not from the hub: so behind a service perimeter. @default false */
  readonly cached?: boolean;
}

interface State extends HuggingFaceOptions {
  readonly publisherModelName?: string;
  readonly huggingFaceModelId?: string;
}

/**
 * A model of Model Garden: what Vertex AI deploys without an upload.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-garden/explore-models
 */
export class GardenModel {
  /** An open model of a publisher, `publishers/<publisher>/models/<model>@<version>`. */
  static publisher(name: string, options: GardenModelOptions = {}): GardenModel {
    demand({ name }, { name: required(TEXT) });
    demand(options, GARDEN_MODEL_OPTIONS, { name: 'options' });
    return new GardenModel({ ...options, publisherModelName: name });
  }

  /** A repository of Hugging Face, `<organisation>/<name>`, in its latest version: the service takes no other. */
  static huggingFace(repository: string, options: HuggingFaceOptions = {}): GardenModel {
    demand({ repository }, { repository: required(TEXT) });
    demand(options, HUGGING_FACE, { name: 'options' });
    return new GardenModel({ ...options, huggingFaceModelId: repository });
  }

  private constructor(private readonly state: State) {}

  /** `publishers/…`, or the repository. */
  get name(): string {
    return this.state.publisherModelName ?? this.state.huggingFaceModelId!;
  }

  /** Whether the name holds a version, so that a later deployment is of the same files. */
  get isPinned(): boolean {
    return this.state.publisherModelName !== undefined;
  }

  /** @internal As the resource has it. */
  get source(): Pick<State, 'publisherModelName' | 'huggingFaceModelId'> {
    const { publisherModelName, huggingFaceModelId } = this.state;
    return { publisherModelName, huggingFaceModelId };
  }

  /** @internal How it is deployed. */
  get config() {
    const { acceptEula, accessToken, cached } = this.state;
    return { acceptEula, huggingFaceAccessToken: accessToken, huggingFaceCacheEnabled: cached };
  }

  /** @internal Adds what is wrong with it. */
  check(problems: Problems): void {
    const { publisherModelName, huggingFaceModelId, accessToken } = this.state;
    if (publisherModelName !== undefined) checkPublisher(problems, publisherModelName);
    if (huggingFaceModelId !== undefined) checkRepository(problems, huggingFaceModelId);
    if (accessToken === undefined || isUnknown(accessToken)) return;
    problems.add({
      code: 'SecretPlain',
      prop: 'accessToken',
      allowed: 'a value that only the deployment knows',
      got: 'a plain text',
      fix: "Use `new TerraformVariable(stack, 'Token', { sensitive: true }).stringValue`, and revoke the token that stood here.",
    });
  }
}

/** A model of the garden, of whichever copy of the package. */
export const GARDEN_MODEL: Kind = branded(
  GardenModel,
  'GoogleGardenModel',
  'a GardenModel',
  "Use GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it') or GardenModel.huggingFace('<organisation>/<name>').",
);

const GARDEN_MODEL_OPTIONS: Shape<GardenModelOptions> = { acceptEula: FLAG };
const HUGGING_FACE: Shape<HuggingFaceOptions> = { ...GARDEN_MODEL_OPTIONS, accessToken: TEXT, cached: FLAG };

/** Source: documentation of the provider, google 6.50.0, publisher_model_name. */
const PUBLISHER = /^publishers\/[a-z0-9-]+\/models\/[\w.-]+@[\w.-]+$/;

function checkPublisher(problems: Problems, name: string): void {
  if (isUnknown(name) || PUBLISHER.test(name)) return;
  problems.add({
    code: 'ModelSourceInvalid',
    prop: 'publisher',
    allowed: 'publishers/<publisher>/models/<model>@<version>',
    got: name,
    fix: 'Copy it from the card of the model, or use GardenModel.huggingFace.',
  });
}

/** The hub's own rule for names. @see https://huggingface.co/docs/huggingface_hub/package_reference/utilities */
const REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/;

function checkRepository(problems: Problems, repository: string): void {
  if (isUnknown(repository) || REPOSITORY.test(repository)) return;
  problems.add({
    code: 'ModelSourceInvalid',
    prop: 'huggingFace',
    allowed: '<organisation>/<name>',
    got: repository,
    fix: 'Copy it from the page of the model, without the address of the hub.',
  });
}
