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

/** API types that azurerm does not fully support, in the newest stable version that azapi 2.12.0 supports. */
export const FOUNDRY_TYPES = {
  policy: 'Microsoft.CognitiveServices/accounts/raiPolicies@2026-05-01',
  blocklistItem: 'Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems@2026-05-01',
} as const;

/** The API body of a responsible AI policy. */
export interface RaiPolicyBody {
  readonly properties: {
    readonly mode: 'Blocking';
    readonly basePolicyName: string;
    readonly contentFilters: readonly RaiContentFilter[];
    readonly customBlocklists: readonly {
      readonly blocklistName: string;
      readonly source: Side;
      readonly blocking: boolean;
    }[];
  };
}

type Side = 'Prompt' | 'Completion';

interface RaiContentFilter {
  readonly name: string;
  readonly source: Side;
  readonly enabled: boolean;
  readonly blocking: boolean;
  readonly severityThreshold?: 'Low' | 'Medium' | 'High';
}

const SIDES: readonly Side[] = ['Prompt', 'Completion'];

/** Minimum severity that each strength blocks. */
const THRESHOLDS = {
  [ScreeningStrength.HIGH]: 'Low',
  [ScreeningStrength.MEDIUM]: 'Medium',
  [ScreeningStrength.LOW]: 'High',
  [ScreeningStrength.NONE]: 'High',
} as const;

const HARMS = ['Hate', 'Sexual', 'Violence', 'Selfharm'];

/**
 * The API body of a policy. azurerm 4.55 requires a severity for each filter, even for filters without one (prompt shields, protected
 * material), and does not support blocklists.
 *
 * @see https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter
 */
export function policyBody(options: ContentPolicyOptions): RaiPolicyBody {
  const { harmfulContent = ScreeningStrength.MEDIUM, blocklists = {} } = options;
  const { promptAttacks = true, documentAttacks = true, protectedMaterial = true } = options;
  const plain = (name: string, source: Side, on: boolean) => ({ name, source, enabled: on, blocking: on });
  return {
    properties: {
      mode: 'Blocking',
      basePolicyName: 'Microsoft.DefaultV2',
      contentFilters: [
        ...HARMS.flatMap((name) =>
          SIDES.map((source) => ({
            name,
            source,
            enabled: true,
            blocking: harmfulContent !== ScreeningStrength.NONE,
            severityThreshold: THRESHOLDS[harmfulContent],
          })),
        ),
        plain('Jailbreak', 'Prompt', promptAttacks),
        plain('Indirect Attack', 'Prompt', documentAttacks),
        plain('Protected Material Text', 'Completion', protectedMaterial),
        plain('Protected Material Code', 'Completion', protectedMaterial),
      ],
      customBlocklists: Object.keys(blocklists).flatMap((blocklistName) =>
        SIDES.map((source) => ({ blocklistName, source, blocking: true })),
      ),
    },
  };
}
