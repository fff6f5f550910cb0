import { Construct } from 'constructs';
import { COST_TAG_KEYS, REQUIRED_COST_PROPS } from '../../core/cost-allocation';
import { ProblemCollector } from '../../core/errors';
import { assertProps, brand, required, STRING, validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { jsonText } from '../../terraform/json-text';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isKnown } from '../../terraform/tokens';
import { TAG_POLICY_PROPS } from '../prop-schemas';
import { TagPolicy as TagPolicyResource, TagPolicyAttachment } from '../provider/alicloud';
import { CurrentAccount } from './current-account';

/**
 * What a tag policy applies to.
 *
 * @example
 * ```ts
 * import { TagPolicyTarget } from 'ai-infra-constructs/alicloud';
 *
 * const target = TagPolicyTarget.folder('fd-0NAZvDEu0001');
 * ```
 */
export class TagPolicyTarget {
  /** The account of the stack. */
  static account(): TagPolicyTarget {
    return new TagPolicyTarget('USER');
  }

  /** A folder of the resource directory, from its management account. */
  static folder(id: string): TagPolicyTarget {
    assertProps({ id }, { id: required(STRING) });
    return new TagPolicyTarget('FOLDER', id);
  }

  /** A member account of the resource directory, from its management account. */
  static member(accountId: string): TagPolicyTarget {
    assertProps({ accountId }, { accountId: required(STRING) });
    return new TagPolicyTarget('ACCOUNT', accountId);
  }

  private constructor(
    /** @internal Type of the target. */
    public readonly type: 'USER' | 'FOLDER' | 'ACCOUNT',
    /** @internal ID of the target. */
    public readonly id?: string,
  ) {}
}

brand(TagPolicyTarget, 'alicloud.TagPolicyTarget');

/** Properties for `TagPolicy`. */
export interface TagPolicyProps {
  /** What the policy applies to. @default TagPolicyTarget.account() */
  readonly target?: TagPolicyTarget;
  /** Tag keys that the policy checks. @default - the keys that `CostAllocation` requires */
  readonly requiredTags?: readonly string[];
  /** Allowed values of tags by key. @default - any value */
  readonly allowedValues?: Readonly<Record<string, readonly string[]>>;
  /**
   * Resource types whose tags with other values are rejected, for example `ecs:instance`. Missing tags are only reported.
   *
   * @default - none: the policy only reports
   */
  readonly enforcedFor?: readonly string[];
}

/**
 * A tag policy that requires cost tags with allowed values, also on resources that this app does not create. The tag policy feature must be enabled in the
 * account first.
 *
 * @see https://www.alibabacloud.com/help/en/resource-management/tag/user-guide/syntax-of-a-tag-policy
 * @example
 * ```ts
 * import { TagPolicy } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new TagPolicy(stack, 'Tags', { allowedValues: { environment: ['dev', 'prod'] } });
 * ```
 */
export class TagPolicy extends Construct {
  /** The policy in Terraform. */
  public readonly definition: TagPolicyResource;
  /** The attachment of the policy in Terraform. */
  public readonly assignment: TagPolicyAttachment;

  constructor(scope: Construct, id: string, props: TagPolicyProps = {}) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, TAG_POLICY_PROPS)) check(problems, props);
    problems.throwIfAny(this);
    const { target = TagPolicyTarget.account(), enforcedFor = [] } = props;
    this.definition = new TagPolicyResource(this, 'Definition', {
      policyName: physicalName(this).replaceAll('-', '_'),
      policyDesc: 'Cost tags of AI workloads',
      policyContent: jsonText({ tags: rulesOf(props) }),
      userType: target.type === 'USER' ? 'USER' : 'RD',
    });
    this.assignment = new TagPolicyAttachment(this, 'Resource', {
      policyId: this.definition.id,
      targetId: target.id ?? CurrentAccount.of(this).accountId,
      targetType: target.type,
    });
    if (enforcedFor.length > 0) record(this, DENIES);
  }
}

const REQUIRED_TAGS = REQUIRED_COST_PROPS.map((prop) => COST_TAG_KEYS[prop]);
/** Any value. */
const ANY = ['*'];

const DENIES = {
  id: 'cost/policy-denies',
  level: 'warning',
  message: 'The policy can also reject resources that services create, such as the instances of ACK node pools.',
  fix: 'Leave out enforcedFor first, and check the results in the console.',
  evidence: 'https://www.alibabacloud.com/help/en/resource-management/tag/user-guide/syntax-of-a-tag-policy',
} as const;

function rulesOf({ requiredTags = REQUIRED_TAGS, allowedValues = {}, enforcedFor = [] }: TagPolicyProps) {
  const rule = (key: string) => ({
    tag_key: { '@@assign': key },
    tag_value: { '@@assign': allowedValues[key] ?? ANY },
    ...(enforcedFor.length > 0 && { enforced_for: { '@@assign': enforcedFor } }),
  });
  // The name of a rule is the key in lower case.
  return Object.fromEntries(requiredTags.map((key) => [key.toLowerCase(), rule(key)]));
}

/** @see https://www.alibabacloud.com/help/en/resource-management/tag/product-overview/limits */
const KEY = /^(?!aliyun|acs:|https?:\/\/)[^\s\p{Cc}]{1,128}$/iu;
const RESOURCE_TYPE = /^[a-z0-9-]+:[a-z0-9_-]+$/i;

function check(
  problems: ProblemCollector,
  { requiredTags, allowedValues = {}, enforcedFor = [] }: TagPolicyProps,
): void {
  const keys = requiredTags ?? REQUIRED_TAGS;
  if (keys.length === 0) {
    const fix = 'Remove requiredTags to require the tags of CostAllocation.';
    problems.add({ code: 'TagMissing', prop: 'requiredTags', allowed: 'at least one key', got: requiredTags, fix });
  }
  keys.forEach((key, index) => {
    const prop = `requiredTags[${index}]`;
    if (!isKnown(problems, prop, key) || (KEY.test(key) && keys.findIndex((one) => sameKey(one, key)) === index))
      return;
    const allowed = '1 to 128 characters without spaces, not starting with aliyun or acs:, once in the list';
    problems.add({ code: 'TagKey', prop, allowed, got: key, fix: 'Choose another key.' });
  });
  for (const [key, values] of Object.entries(allowedValues)) {
    const prop = `allowedValues.${key}`;
    if (!keys.includes(key)) {
      const allowed = `one of ${keys.join(', ')}`;
      problems.add({ code: 'TagKey', prop, allowed, got: key, fix: 'Add the key to requiredTags.' });
    }
    if (values.length > 0 && values.every((value) => value.length > 0 && value.length <= 128)) continue;
    const allowed = 'at least one value of 1 to 128 characters';
    problems.add({ code: 'TagValue', prop, allowed, got: values, fix: 'Leave the key out to allow any value.' });
  }
  enforcedFor.forEach((type, index) => {
    if (RESOURCE_TYPE.test(type)) return;
    const allowed = 'a resource type such as ecs:instance';
    problems.add({ code: 'TagValue', prop: `enforcedFor[${index}]`, allowed, got: type, fix: 'Use <product>:<type>.' });
  });
}

function sameKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
