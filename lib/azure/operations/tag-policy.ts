import { Construct } from 'constructs';
import { COST_TAG_KEYS, REQUIRED_COST_PROPS } from '../../core/cost-allocation';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { jsonText } from '../../terraform/json-text';
import { physicalName, plainText } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { checkResourceGroup, type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { PolicyDefinition, ResourceGroupPolicyAssignment, SubscriptionPolicyAssignment } from '../provider/azurerm';
import { CurrentSubscription } from './current-subscription';
import { TAG_POLICY_PROPS } from '../prop-schemas';

/** Effect of the policy on a resource without the required tags. */
export enum TagPolicyEffect {
  /** Azure reports the resource as not compliant. */
  AUDIT = 'audit',
  /** Azure rejects the resource. */
  DENY = 'deny',
}

/** Properties for `TagPolicy`. */
export interface TagPolicyProps {
  /** Resource group that the policy applies to. @default - the whole subscription */
  readonly resourceGroup?: IResourceGroup;
  /** Tag keys that every resource must have. @default - the keys that `CostAllocation` requires */
  readonly requiredTags?: readonly string[];
  /** Effect on a resource without the tags. @default TagPolicyEffect.AUDIT */
  readonly effect?: TagPolicyEffect;
}

/** Maximum length of a policy name. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftauthorization */
const LONGEST_NAME = 64;

/**
 * An Azure Policy that requires tags on all resources, including those that this app does not create.
 *
 * @see https://learn.microsoft.com/en-us/azure/governance/policy/concepts/definition-structure-policy-rule
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { TagPolicy, TagPolicyEffect } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * new TagPolicy(stack, 'Tags', { effect: TagPolicyEffect.AUDIT });
 * ```
 */
export class TagPolicy extends Construct {
  /** The policy definition. */
  public readonly definition: PolicyDefinition;
  /** The policy assignment. */
  public readonly assignment: SubscriptionPolicyAssignment | ResourceGroupPolicyAssignment;

  constructor(scope: Construct, id: string, props: TagPolicyProps = {}) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, TAG_POLICY_PROPS)) check(problems, props);
    problems.throwIfAny(this);
    const { effect = TagPolicyEffect.AUDIT, requiredTags = REQUIRED_TAGS, resourceGroup } = props;
    const name = physicalName(this, LONGEST_NAME);
    const displayName = plainText(`Resources carry ${requiredTags.join(', ')}`.slice(0, LONGEST_DISPLAY_NAME));
    this.definition = new PolicyDefinition(this, 'Definition', {
      name,
      displayName,
      policyType: 'Custom',
      // Only resource types that support tags.
      mode: 'Indexed',
      metadata: jsonText({ category: 'Tags' }),
      policyRule: jsonText(ruleOf(requiredTags, effect)),
    });
    const assignment = { name, displayName, policyDefinitionId: this.definition.id };
    this.assignment = resourceGroup
      ? new ResourceGroupPolicyAssignment(this, 'Resource', {
          ...assignment,
          resourceGroupId: resourceGroupId(this, resourceGroup),
        })
      : new SubscriptionPolicyAssignment(this, 'Resource', {
          ...assignment,
          subscriptionId: CurrentSubscription.of(this).id,
        });
    if (effect === TagPolicyEffect.DENY) record(this, DENIES);
  }
}

const LONGEST_DISPLAY_NAME = 128;

const REQUIRED_TAGS = REQUIRED_COST_PROPS.map((prop) => COST_TAG_KEYS[prop]);

const DENIES = {
  id: 'cost/policy-denies',
  level: 'warning',
  message: 'The policy can also reject resources that Azure services create, such as the machines of AKS.',
  fix: 'Use TagPolicyEffect.AUDIT first, and check the results.',
  evidence: 'https://learn.microsoft.com/en-us/azure/governance/policy/concepts/evaluate-impact',
} as const;

function ruleOf(keys: readonly string[], effect: TagPolicyEffect) {
  const missing = keys.map((key) => ({ field: `tags['${key}']`, exists: 'false' }));
  return { if: { anyOf: missing }, then: { effect } };
}

/** Tag keys that Azure accepts, without quotes, which would end the name in the policy rule. */
const KEY = /^[^<>%&\\?/'\p{Cc}]{1,512}$/u;

function check(problems: ProblemCollector, { resourceGroup, requiredTags }: TagPolicyProps): void {
  if (resourceGroup) checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  if (requiredTags?.length === 0) {
    const fix = 'Remove requiredTags to require the tags of CostAllocation.';
    problems.add({ code: 'TagMissing', prop: 'requiredTags', allowed: 'at least one key', got: requiredTags, fix });
  }
  requiredTags?.forEach((key, index) => {
    const prop = `requiredTags[${index}]`;
    if (!isKnown(problems, prop, key) || KEY.test(key)) return;
    const allowed = '1 to 512 characters without < > % & \\ ? / and quotes';
    problems.add({ code: 'TagKey', prop, allowed, got: key, fix: 'Choose a key that Azure accepts.' });
  });
}
