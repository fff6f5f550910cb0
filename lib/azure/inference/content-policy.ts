import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { ScreeningStrength } from '../gateway/prompt-screening';
import { CONTENT_POLICY_OPTIONS } from '../prop-schemas';

/** Terms that prompts and answers must not contain. Set `terms`, `patterns`, or both. */
export interface Blocklist {
  /** Terms for an exact match. @default - none */
  readonly terms?: readonly string[];
  /** Regular expressions. @default - none */
  readonly patterns?: readonly string[];
}

/** Options for a new content policy. */
export interface ContentPolicyOptions {
  /**
   * Filter for hate, sexual content, violence and self-harm in prompts and answers. `NONE` only reports them to the caller; Azure allows it to
   * approved customers only.
   *
   * @default ScreeningStrength.MEDIUM
   */
  readonly harmfulContent?: ScreeningStrength;
  /** Whether to block prompts that try to override the instructions of the model (prompt shields). @default true */
  readonly promptAttacks?: boolean;
  /** Whether to block documents in prompts that contain hidden instructions (prompt shields). @default true */
  readonly documentAttacks?: boolean;
  /** Whether to block answers with known text, or known code without its license. @default true */
  readonly protectedMaterial?: boolean;
  /** Blocklists by name. @default - none */
  readonly blocklists?: Readonly<Record<string, Blocklist>>;
}

/** Content filter for the prompts and answers of a model: a responsible AI (RAI) policy of the account. */
export class ContentPolicy {
  /** Creates a policy in the account. */
  static of(options: ContentPolicyOptions = {}): ContentPolicy {
    assertProps(options, CONTENT_POLICY_OPTIONS, { name: 'options' });
    return new ContentPolicy(options);
  }

  /** Uses an existing policy of the account, for example `Microsoft.DefaultV2`. */
  static fromPolicyName(name: string): ContentPolicy {
    assertProps({ name }, { name: required(STRING) });
    return new ContentPolicy(undefined, name);
  }

  private constructor(
    /** Options for the new policy. @default - an existing policy */
    public readonly options?: ContentPolicyOptions,
    /** Name of the existing policy. @default - a new policy */
    public readonly existingName?: string,
  ) {}
}

brand(ContentPolicy, 'azure.ContentPolicy');
