import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { jsonText } from '../../terraform/json-text';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkRegion } from '../props/location';
import { CONTROL_POLICY_PROPS } from '../prop-schemas';
import { ResourceManagerControlPolicy, ResourceManagerControlPolicyAttachment } from '../provider/alicloud';
import type { PolicyStatement } from './ram';

/** Properties for `ControlPolicy`. */
export interface ControlPolicyProps {
  /** IDs of the folders and member accounts of the resource directory that the policy applies to. */
  readonly targets: readonly string[];
  /** Regions in which nobody can create instances, clusters, and file systems. @default - none */
  readonly deniedRegions?: readonly string[];
  /**
   * Names of the RAM roles that can still stop audits, disable keys, and open buckets. Everybody else cannot. An empty list denies it to all.
   *
   * @default - no rule
   */
  readonly protectedExceptRoles?: readonly string[];
  /** Tags with their allowed values, which new instances and clusters must have. @default - no rule */
  readonly requiredTags?: Readonly<Record<string, readonly string[]>>;
}

/** @see https://www.alibabacloud.com/help/en/doc-detail/179096.html */
const LONGEST_DOCUMENT = 4_096;
const LONGEST_NAME = 128;

/** Services whose resource names contain the region, and the actions that create machines and data. */
const CREATES = ['ecs:RunInstances', 'ecs:CreateInstance', 'nas:CreateFileSystem', 'cs:CreateCluster'];
const REGIONAL_SERVICES = ['ecs', 'nas', 'cs'];

/** Actions that weaken audits, keys, and buckets. */
const WEAKENS = [
  'actiontrail:DeleteTrail',
  'actiontrail:StopLogging',
  'actiontrail:UpdateTrail',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'oss:DeleteBucketEncryption',
  'oss:PutBucketPublicAccessBlock',
];

/** Actions that create resources with their tags. Others, such as `vpc:CreateVSwitch`, add the tags in a second call. */
const TAGGED_CREATES = ['ecs:RunInstances', 'cs:CreateCluster'];

/**
 * A control policy of the resource directory, which limits what member accounts can do. Control policies must be enabled, and the provider must use the
 * management account. They do not apply to that account and to service-linked roles.
 *
 * @see https://www.alibabacloud.com/help/en/doc-detail/179096.html
 * @example
 * ```ts
 * import { ControlPolicy } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new ControlPolicy(stack, 'Controls', {
 *   targets: ['fd-0NAZvDEu0001'],
 *   deniedRegions: ['us-east-1', 'eu-central-1'],
 *   protectedExceptRoles: ['security-admin'],
 * });
 * ```
 */
export class ControlPolicy extends Construct {
  /** The policy in Terraform. */
  public readonly resource: ResourceManagerControlPolicy;
  /** The attachments in Terraform, one for each target. */
  public readonly attachments: readonly ResourceManagerControlPolicyAttachment[];

  constructor(scope: Construct, id: string, props: ControlPolicyProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    const document = validateProps(problems, props, CONTROL_POLICY_PROPS) ? checkedDocument(problems, props) : '';
    problems.throwIfAny(this);
    this.resource = new ResourceManagerControlPolicy(this, 'Resource', {
      controlPolicyName: physicalName(this, LONGEST_NAME),
      description: 'Limits of AI workloads',
      // RAM users and roles.
      effectScope: 'RAM',
      policyDocument: document,
    });
    this.attachments = props.targets.map(
      (targetId) =>
        new ResourceManagerControlPolicyAttachment(this, `Target-${targetId}`, {
          policyId: this.resource.id,
          targetId,
        }),
    );
    if (props.requiredTags) record(this, UNCONFIRMED);
  }
}

const UNCONFIRMED = {
  id: 'policy/unconfirmed-condition',
  level: 'warning',
  message: 'No source says whether the rule also denies a request without the tag, or which creating calls send tags.',
  fix: 'Attach the policy to a test account first, and create an instance with and without the tag.',
  evidence: 'https://www.alibabacloud.com/help/en/doc-detail/179096.html',
} as const;

function statementsOf({ deniedRegions = [], protectedExceptRoles, requiredTags = {} }: ControlPolicyProps) {
  const deny = (Action: readonly string[], Resource: readonly string[], Condition?: PolicyStatement['Condition']) => ({
    Effect: 'Deny',
    Action,
    Resource,
    Condition,
  });
  const regional = (region: string) => REGIONAL_SERVICES.map((service) => `acs:${service}:${region}:*:*`);
  // A role name in a principal is in lower case.
  const exempt = (protectedExceptRoles ?? []).map((role) => `acs:ram:*:*:role/${role.toLowerCase()}`);
  return [
    // No condition key has the region, so the rule lists the resources of each region.
    ...(deniedRegions.length > 0 ? [deny(CREATES, deniedRegions.flatMap(regional))] : []),
    ...(protectedExceptRoles
      ? [deny(WEAKENS, ['*'], exempt.length > 0 ? { StringNotLike: { 'acs:PrincipalARN': exempt } } : undefined)]
      : []),
    ...Object.entries(requiredTags).map(([key, values]) =>
      deny(TAGGED_CREATES, ['*'], { StringNotEquals: { [`acs:RequestTag/${key}`]: values } }),
    ),
  ];
}

const TARGET = /^(r|fd)-[A-Za-z0-9]+$|^\d{16}$/;
const ROLE = /^[A-Za-z0-9.-]{1,64}$/;
const TAG = /^(?!aliyun|acs:)[^\s\p{Cc}]{1,128}$/iu;

/** Adds each problem of a policy, and returns its document. */
function checkedDocument(problems: ProblemCollector, props: ControlPolicyProps): string {
  const { targets, deniedRegions = [], protectedExceptRoles = [], requiredTags = {} } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ControlPolicy', prop, allowed, got, fix });
  if (targets.length === 0) wrong('targets', 'at least one folder or account', targets, 'Add a folder.');
  targets.forEach((target, index) => {
    if (TARGET.test(target) && targets.indexOf(target) === index) return;
    const allowed = 'the ID of a root (r-…), a folder (fd-…), or a member account, once in the list';
    wrong(`targets[${index}]`, allowed, target, 'Copy it from the resource directory.');
  });
  deniedRegions.forEach((region, index) => checkRegion(problems, `deniedRegions[${index}]`, region));
  protectedExceptRoles.forEach((role, index) => {
    if (ROLE.test(role)) return;
    wrong(`protectedExceptRoles[${index}]`, 'the name of a RAM role', role, 'Use the name, not the ARN.');
  });
  for (const [key, values] of Object.entries(requiredTags)) {
    if (TAG.test(key) && values.length > 0) continue;
    wrong(`requiredTags.${key}`, 'a tag key with at least one allowed value', values, 'Add the allowed values.');
  }
  const statements = statementsOf(props);
  if (statements.length === 0) {
    const fix = 'Set deniedRegions, protectedExceptRoles, or requiredTags.';
    wrong('deniedRegions', 'at least one rule in the policy', undefined, fix);
  }
  const document = { Version: '1', Statement: statements };
  const { length } = JSON.stringify(document);
  if (length > LONGEST_DOCUMENT) {
    const allowed = `short enough for a document of ${LONGEST_DOCUMENT} characters`;
    wrong('deniedRegions', allowed, length, 'Divide the rules among several policies.');
  }
  return jsonText(document);
}
