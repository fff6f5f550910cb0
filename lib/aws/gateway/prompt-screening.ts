import { branded, demand, type Kind, objectOf, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { TEXTS } from '../props/shapes';
import { PII_TYPES, type PiiType } from './pii-types';

/** How much a filter lets pass: a high strength stops what is only likely, too. */
export enum ScreeningStrength {
  NONE = 'NONE',
  LOW = 'LOW',
  MEDIUM = 'MEDIUM',
  HIGH = 'HIGH',
}

/** What is done about personal data. */
export enum PiiAction {
  /** The request or answer is refused. */
  BLOCK = 'BLOCK',
  /** An answer shows a placeholder in its place. A request is refused all the same, and so is the rest of a stream. */
  MASK_ANSWERS = 'ANONYMIZE',
}

/** A topic that the model must not be talked into. */
export interface DeniedTopic {
  /** What the topic is, in up to 200 characters. */
  readonly definition: string;
  /** Up to five prompts of it, of up to 100 characters. @default - none */
  readonly examples?: readonly string[];
}

/** Options for a new guardrail. */
export interface GuardrailOptions {
  /** Prompts that try to talk the model out of its instructions. @default ScreeningStrength.HIGH */
  readonly promptAttacks?: ScreeningStrength;
  /** Hate, insults, sexual content, violence and misconduct, in prompts and answers. @default ScreeningStrength.MEDIUM */
  readonly harmfulContent?: ScreeningStrength;
  /** Personal data by type. @default - payment cards, bank accounts, social security numbers and credentials are blocked */
  readonly pii?: Readonly<Partial<Record<PiiType, PiiAction>>>;
  /** Topics by name. @default - none */
  readonly deniedTopics?: Readonly<Record<string, DeniedTopic>>;
}

/** A guardrail that exists. */
export interface ExistingGuardrail {
  /** Its id or ARN. */
  readonly guardrailId: string;
  /** Its version, a number. `DRAFT` changes whenever somebody edits it. */
  readonly version: string;
}

/** What judges prompts before the model reads them, and answers before anybody sees them. */
export class PromptScreening {
  /** A new Bedrock guardrail, under a key of its own, at a version that changes with its policies. */
  static guardrail(options: GuardrailOptions = {}): PromptScreening {
    demand(options, GUARDRAIL, { name: 'options' });
    return new PromptScreening(options);
  }

  /** A Bedrock guardrail of this account and region that exists. */
  static existing(guardrail: ExistingGuardrail): PromptScreening {
    demand(guardrail, EXISTING, { name: 'guardrail' });
    return new PromptScreening(undefined, guardrail);
  }

  /** Nothing does. */
  static none(): PromptScreening {
    return new PromptScreening();
  }

  private constructor(
    /** The policies of a guardrail to create. @default - none is created */
    public readonly options?: GuardrailOptions,
    /** The guardrail that exists. @default - none is used */
    public readonly existingGuardrail?: ExistingGuardrail,
  ) {}

  get screens(): boolean {
    return this.options !== undefined || this.existingGuardrail !== undefined;
  }
}

/** A screening, of whichever copy of the package. */
export const PROMPT_SCREENING: Kind = branded(
  PromptScreening,
  'PromptScreening',
  'a PromptScreening',
  'Use PromptScreening.guardrail() or its like.',
);

const STRENGTH = oneOf(Object.values(ScreeningStrength));

const TOPIC: Shape<DeniedTopic> = { definition: required(TEXT), examples: TEXTS };

const PII = Object.fromEntries(PII_TYPES.map((type) => [type, oneOf(Object.values(PiiAction))])) as Shape<
  Record<PiiType, PiiAction>
>;

const GUARDRAIL: Shape<GuardrailOptions> = {
  promptAttacks: STRENGTH,
  harmfulContent: STRENGTH,
  pii: objectOf(PII, 'an object, each entry a PiiAction'),
  deniedTopics: recordOf(objectOf(TOPIC)),
};

const EXISTING: Shape<ExistingGuardrail> = { guardrailId: required(TEXT), version: required(TEXT) };
