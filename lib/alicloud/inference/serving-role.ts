import type { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { CurrentAccount } from '../operations/current-account';
import { LONGEST_ROLE_NAME } from '../operations/ram';
import { RamRole } from '../provider/alicloud';
import { jsonText } from '../../terraform/json-text';

/** The RAM role of containers. */
export interface ServingRole {
  readonly name: string;
  readonly arn: string;
}

/** Creates a role that a service can assume, or refers to an existing one. @param service for example `fc.aliyuncs.com` */
export function servingRole(scope: Construct, service: string, existing: string | undefined): ServingRole {
  if (existing !== undefined) {
    const { accountId } = CurrentAccount.of(scope);
    return { name: existing, arn: `acs:ram::${accountId}:role/${existing}` };
  }
  const role = new RamRole(scope, 'Role', {
    roleName: physicalName(scope, LONGEST_ROLE_NAME),
    description: 'Containers of a model server',
    assumeRolePolicyDocument: jsonText({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: [service] } }],
    }),
  });
  return { name: role.roleName, arn: role.arn };
}
