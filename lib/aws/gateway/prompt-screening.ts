import {
  branded,
  assertProps,
  type PropType,
  objectOf,
  oneOf,
  recordOf,
  required,
  type PropSchema,
  STRING,
} from '../../core/prop-schema';
import { STRINGS } from '../props/prop-types';
import { PII_TYPES, type PiiType } from './pii-types';

/** Strength of a filter. A high strength also blocks content that is harmful with low confidence. */
export enum ScreeningStrength {
  /** Blocks nothing. */
  NONE = 'NONE',
  /** Blocks content of high confidence. */
  LOW = 'LOW',
  /** Blocks content of medium confidence and above. */
  MEDIUM = 'MEDIUM',
  /** Blocks content of low confidence and above. */
  HIGH = 'HIGH',
}

/** Action on personal data. */
export enum PiiAction {
  /** Refuses the request or the answer. */
  BLOCK = 'BLOCK',
  /** Shows a placeholder in an answer. Refuses a request, and cuts off a streamed answer. */
  MASK_ANSWERS = 'ANONYMIZE',
}

/** A topic that the guardrail blocks. */
export interface DeniedTopic {
  /** Definition of the topic, up to 200 characters. */
  readonly definition: string;
  /** Up to five example prompts, each up to 100 characters. @default - no examples */
  readonly examples?: readonly string[];
}

/** Options for a new guardrail. */
export interface GuardrailOptions {
  /** Filter for prompts that try to override the instructions of the model. @default ScreeningStrength.HIGH */
  readonly promptAttacks?: ScreeningStrength;
  /** Filter for hate, insults, sexual content, violence and misconduct, in prompts and answers. @default ScreeningStrength.MEDIUM */
  readonly harmfulContent?: ScreeningStrength;
  /** Actions on personal data by type. @default - blocks payment cards, bank accounts, social security numbers and credentials */
  readonly pii?: Readonly<Partial<Record<PiiType, PiiAction>>>;
  /** Denied topics by name. @default - no topics */
  readonly deniedTopics?: Readonly<Record<string, DeniedTopic>>;
}

/** An existing guardrail. */
export interface ExistingGuardrail {
  /** ID or ARN of the guardrail. */
  readonly guardrailId: string;
  /** Number of the version, or `DRAFT`, which changes when someone edits the guardrail. */
  readonly version: string;
}

/** Screening of prompts before the model, and of answers before the caller. */
export class PromptScreening {
  /** Screens with a new Bedrock guardrail. It has its own KMS key, and a new version when its policies change. */
  static guardrail(options: GuardrailOptions = {}): PromptScreening {
    assertProps(options, GUARDRAIL, { name: 'options' });
    return new PromptScreening(options);
  }

  /** Screens with an existing Bedrock guardrail of the account and region of the stack. */
  static fromGuardrail(guardrail: ExistingGuardrail): PromptScreening {
    assertProps(guardrail, EXISTING, { name: 'guardrail' });
    return new PromptScreening(undefined, guardrail);
  }

  /** No screening in the gateway. */
  static none(): PromptScreening {
    return new PromptScreening();
  }

  private constructor(
    /** @internal Policies of a new guardrail. */
    public readonly options?: GuardrailOptions,
    /** @internal */
    public readonly existingGuardrail?: ExistingGuardrail,
  ) {}

  /** Whether the gateway screens. */
  get screens(): boolean {
    return this.options !== undefined || this.existingGuardrail !== undefined;
  }
}

/** A `PromptScreening` from any copy of the package. */
export const PROMPT_SCREENING: PropType = branded(
  PromptScreening,
  'PromptScreening',
  'a PromptScreening',
  'Use PromptScreening.guardrail(), fromGuardrail({ guardrailId, version }) or none().',
);

const STRENGTH = oneOf(Object.values(ScreeningStrength));

const TOPIC: PropSchema<DeniedTopic> = { definition: required(STRING), examples: STRINGS };

const PII = Object.fromEntries(PII_TYPES.map((type) => [type, oneOf(Object.values(PiiAction))])) as PropSchema<
  Record<PiiType, PiiAction>
>;

const GUARDRAIL: PropSchema<GuardrailOptions> = {
  promptAttacks: STRENGTH,
  harmfulContent: STRENGTH,
  pii: objectOf(PII, 'an object, each entry a PiiAction'),
  deniedTopics: recordOf(objectOf(TOPIC)),
};

const EXISTING: PropSchema<ExistingGuardrail> = { guardrailId: required(STRING), version: required(STRING) };
