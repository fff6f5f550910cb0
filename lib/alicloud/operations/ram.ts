import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import { physicalName, plainText } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { RamPolicy, RamRolePolicyAttachment } from '../provider/alicloud';

/** A statement of a RAM policy or a bucket policy. @see https://www.alibabacloud.com/help/en/ram/user-guide/policy-structure-and-syntax */
export interface PolicyStatement {
  /** `Allow` or `Deny`. */
  readonly Effect: 'Allow' | 'Deny';
  /** Actions, for example `oss:GetObject`. */
  readonly Action: readonly string[];
  /** Resources, for example `acs:oss:*:*:bucket/*`. */
  readonly Resource: readonly string[];
  /** Principals of a bucket policy. @default - none, as in a RAM policy */
  readonly Principal?: readonly string[];
  /** Conditions, by operator and key. @default - none */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The JSON text of a policy. Tokens in it are IDs and names, which need no quotes. */
export function policyText(statements: readonly PolicyStatement[]): string {
  return plainText(JSON.stringify({ Version: '1', Statement: statements }));
}

/** Maximum length of the name of a RAM role. A policy allows 128 characters. @see https://www.alibabacloud.com/help/en/ram/product-overview/limits */
export const LONGEST_ROLE_NAME = 64;

/** Creates a RAM policy and attaches it to a role. The ID is unique in the scope. */
export function grantToRole(
  scope: Construct,
  id: string,
  roleName: string,
  statements: readonly PolicyStatement[],
): RamRolePolicyAttachment {
  checkRoleName(scope, roleName);
  const policy = new RamPolicy(scope, `${id}-Policy`, {
    policyName: policyName(scope, id),
    description: `Access of ${id}`,
    policyDocument: policyText(statements),
  });
  return new RamRolePolicyAttachment(scope, id, { policyName: policy.policyName, policyType: 'Custom', roleName });
}

const LONGEST_POLICY_NAME = 128;

/** The name ends with a hash, because IDs that differ only in case or in other characters would have the same name. */
function policyName(scope: Construct, id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  const readable = `${physicalName(scope)}-${id}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return `${readable.slice(0, LONGEST_POLICY_NAME - hash.length - 1)}-${hash}`;
}

function checkRoleName(scope: Construct, roleName: unknown): void {
  if (typeof roleName === 'string' && (isUnknown(roleName) || ROLE_NAME.test(roleName))) return;
  const allowed = `the name of a RAM role: 1 to ${LONGEST_ROLE_NAME} letters, digits, periods, and hyphens`;
  const fix = 'Use the name of the role, without the part of its ARN before the slash.';
  throw new AiInfraError([{ code: 'ResourceIdInvalid', prop: 'roleName', allowed, got: roleName, fix }], scope);
}

const ROLE_NAME = new RegExp(`^[A-Za-z0-9.-]{1,${LONGEST_ROLE_NAME}}$`);
