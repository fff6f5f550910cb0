import { Construct } from 'constructs';
import { COST_TAG_KEYS, REQUIRED_COST_PROPS } from '../../core/cost-allocation';
import { Problems } from '../../core/errors';
import { fits, listOf, oneOf, type Shape, TEXT } from '../../core/shapes';
import { record } from '../../terraform/findings';
import { jsonText } from '../../terraform/json-text';
import { physicalName } from '../../terraform/names';
import { plainText } from '../../terraform/plain-text';
import { isKnown } from '../../terraform/tokens';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP, resourceGroupId } from '../props/resource-group';
import { PolicyDefinition, ResourceGroupPolicyAssignment, SubscriptionPolicyAssignment } from '../provider/azurerm';
import { CurrentSubscription } from './current-subscription';

/** What becomes of a resource without its tags. */
export enum TagPolicyEffect {
  /** It is reported as not compliant. */
  AUDIT = 'audit',
  /** It is refused. */
  DENY = 'deny',
}

/** Properties for `TagPolicy`. */
export interface TagPolicyProps {
  /** Where the policy holds. @default - in the whole subscription */
  readonly resourceGroup?: IResourceGroup;
  /** Keys that every resource must carry. @default - those that `CostAllocation` demands */
  readonly requiredTags?: readonly string[];
  /** @default TagPolicyEffect.AUDIT */
  readonly effect?: TagPolicyEffect;
}

const SHAPE: Shape<TagPolicyProps> = {
  resourceGroup: RESOURCE_GROUP,
  requiredTags: listOf(TEXT),
  effect: oneOf(Object.values(TagPolicyEffect)),
};

/** As names of policies may be long. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftauthorization */
const LONGEST_NAME = 64;

/**
 * A policy of Azure that demands tags, whoever makes a resource and by whatever means: what `CostAllocation` cannot see.
 *
 * @see https://learn.microsoft.com/en-us/azure/governance/policy/concepts/definition-structure-policy-rule
 */
export class TagPolicy extends Construct {
  public readonly definition: PolicyDefinition;
  public readonly assignment: SubscriptionPolicyAssignment | ResourceGroupPolicyAssignment;

  constructor(scope: Construct, id: string, props: TagPolicyProps = {}) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) check(problems, props);
    problems.throwIfAny(this);
    const { effect = TagPolicyEffect.AUDIT, requiredTags = REQUIRED_TAGS, resourceGroup } = props;
    const name = physicalName(this, LONGEST_NAME);
    const displayName = plainText(`Resources carry ${requiredTags.join(', ')}`.slice(0, LONGEST_DISPLAY_NAME));
    this.definition = new PolicyDefinition(this, 'Definition', {
      name,
      displayName,
      policyType: 'Custom',
      // Only types that take tags.
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
  message: 'Services make resources by themselves, such as the machines of AKS, and a policy may refuse them, too.',
  fix: 'Audit first, and see what would have been refused.',
  evidence: 'https://learn.microsoft.com/en-us/azure/governance/policy/concepts/evaluate-impact',
} as const;

function ruleOf(keys: readonly string[], effect: TagPolicyEffect) {
  const missing = keys.map((key) => ({ field: `tags['${key}']`, exists: 'false' }));
  return { if: { anyOf: missing }, then: { effect } };
}

/** What Azure takes in a key of a tag, but for quotes, which would end the name in the rule. */
const KEY = /^[^<>%&\\?/'\p{Cc}]{1,512}$/u;

function check(problems: Problems, { resourceGroup, requiredTags }: TagPolicyProps): void {
  if (resourceGroup) checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  if (requiredTags?.length === 0) {
    const fix = 'Leave it out for those of CostAllocation.';
    problems.add({ code: 'TagMissing', prop: 'requiredTags', allowed: 'one key or more', got: requiredTags, fix });
  }
  requiredTags?.forEach((key, index) => {
    const prop = `requiredTags[${index}]`;
    if (!isKnown(problems, prop, key) || KEY.test(key)) return;
    const allowed = '1 to 512 characters, without < > % & \\ ? / and quotes';
    problems.add({ code: 'TagKey', prop, allowed, got: key, fix: 'Azure refuses such a key on every resource.' });
  });
}
