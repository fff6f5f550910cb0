import { ScreeningStrength } from '../gateway/prompt-screening';
import type { ContentPolicyOptions } from './content-policy';

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
