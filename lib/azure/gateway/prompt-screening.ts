import type { ITerraformDependable } from 'cdktf';
import { branded, demand, FLAG, having, type Kind, listOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';

/** How much a filter lets pass: a high strength stops what is only mildly harmful, too. */
export enum ScreeningStrength {
  NONE = 'NONE',
  LOW = 'LOW',
  MEDIUM = 'MEDIUM',
  HIGH = 'HIGH',
}

/** An account with Azure AI Content Safety: a `FoundryDeployment` has one. */
export interface IContentSafety {
  /** Address of the account, e.g. `https://my-account.cognitiveservices.azure.com`. */
  readonly endpoint: string;
  /** Lets a principal call it: nothing calls it before what is returned. */
  grantInvoke(id: string, principalId: string): ITerraformDependable;
}

/** Options for screening by Content Safety. */
export interface ContentSafetyOptions {
  /** Hate, sexual content, violence and self-harm. @default ScreeningStrength.MEDIUM */
  readonly harmfulContent?: ScreeningStrength;
  /** Whether prompts are refused that try to talk the model out of its instructions (prompt shields). @default true */
  readonly promptAttacks?: boolean;
  /** Whether answers are judged, too. A streamed answer is judged piece by piece, and may be cut off. @default true */
  readonly answers?: boolean;
  /** Names of blocklists of the account. @default - none */
  readonly blocklists?: readonly string[];
}

/** What judges prompts before the model reads them, and answers before anybody sees them. */
export class PromptScreening {
  /**
   * Azure AI Content Safety. What it cannot judge, for its size or a failure, is refused.
   *
   * @see https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy
   */
  static contentSafety(account: IContentSafety, options: ContentSafetyOptions = {}): PromptScreening {
    demand({ account }, { account: required(CONTENT_SAFETY) });
    demand(options, OPTIONS, { name: 'options' });
    return new PromptScreening(account, options);
  }

  /** Nothing in the gateway does. */
  static none(): PromptScreening {
    return new PromptScreening();
  }

  private constructor(
    /** The account that judges. @default - none does */
    public readonly account?: IContentSafety,
    public readonly options: ContentSafetyOptions = {},
  ) {}

  get screens(): boolean {
    return this.account !== undefined;
  }
}

/** A screening, of whichever copy of the package. */
export const PROMPT_SCREENING: Kind = branded(
  PromptScreening,
  'AzurePromptScreening',
  'a PromptScreening',
  'Use PromptScreening.contentSafety(account) or PromptScreening.none().',
);

const CONTENT_SAFETY: Kind = having(
  'an account with Content Safety',
  ['endpoint', 'grantInvoke'],
  'Pass a FoundryDeployment, or an AiAccount.',
);

const OPTIONS: Shape<ContentSafetyOptions> = {
  harmfulContent: oneOf(Object.values(ScreeningStrength)),
  promptAttacks: FLAG,
  answers: FLAG,
  blocklists: listOf(TEXT),
};
