import type { ITerraformDependable } from 'cdktf';
import { assertProps, required, brand } from '../../core/prop-schema';
import { CONTENT_SAFETY, CONTENT_SAFETY_OPTIONS } from '../prop-schemas';

/** Strength of a filter. A high strength also blocks mildly harmful content. */
export enum ScreeningStrength {
  /** Blocks nothing. */
  NONE = 'NONE',
  /** Blocks content of high severity. */
  LOW = 'LOW',
  /** Blocks content of medium severity and above. */
  MEDIUM = 'MEDIUM',
  /** Blocks content of low severity and above. */
  HIGH = 'HIGH',
}

/** An account with Azure AI Content Safety, for example a `FoundryDeployment`. */
export interface IContentSafety {
  /** Address of the account, for example `https://my-account.cognitiveservices.azure.com`. */
  readonly endpoint: string;
  /** Grants a principal the right to call the account. Callers must depend on the result. */
  grantInvoke(id: string, principalId: string): ITerraformDependable;
}

/** Options for screening with Content Safety. */
export interface ContentSafetyOptions {
  /** Filter for hate, sexual content, violence and self-harm. @default ScreeningStrength.MEDIUM */
  readonly harmfulContent?: ScreeningStrength;
  /** Whether to block prompts that try to override the instructions of the model (prompt shields). @default true */
  readonly promptAttacks?: boolean;
  /** Whether to screen answers. A streamed answer is screened in windows, and can be cut off. @default true */
  readonly answers?: boolean;
  /** Names of blocklists of the account. @default - none */
  readonly blocklists?: readonly string[];
}

/** Screening of prompts before the model, and of answers before the caller. */
export class PromptScreening {
  /**
   * Screens with Azure AI Content Safety. Requests that it cannot screen, because of their size or a failure, are rejected.
   *
   * @see https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy
   */
  static contentSafety(account: IContentSafety, options: ContentSafetyOptions = {}): PromptScreening {
    assertProps({ account }, { account: required(CONTENT_SAFETY) });
    assertProps(options, CONTENT_SAFETY_OPTIONS, { name: 'options' });
    return new PromptScreening(account, options);
  }

  /** No screening in the gateway. */
  static none(): PromptScreening {
    return new PromptScreening();
  }

  private constructor(
    /** Account that screens. @default - no screening */
    public readonly account?: IContentSafety,
    /** Options for the screening. */
    public readonly options: ContentSafetyOptions = {},
  ) {}

  /** Whether the gateway screens. */
  get screens(): boolean {
    return this.account !== undefined;
  }
}

brand(PromptScreening, 'azure.PromptScreening');
