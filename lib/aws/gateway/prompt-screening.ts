import { assertProps, brand } from '../../core/prop-schema';
import type { PiiType } from './pii-types';
import { EXISTING_GUARDRAIL, GUARDRAIL_OPTIONS } from '../prop-schemas';

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
    assertProps(options, GUARDRAIL_OPTIONS, { name: 'options' });
    return new PromptScreening(options);
  }

  /** Screens with an existing Bedrock guardrail of the account and region of the stack. */
  static fromGuardrail(guardrail: ExistingGuardrail): PromptScreening {
    assertProps(guardrail, EXISTING_GUARDRAIL, { name: 'guardrail' });
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

brand(PromptScreening, 'aws.PromptScreening');
