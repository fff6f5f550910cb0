import { Grant, type IGrantable, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { assertProps, required } from '../../core/prop-schema';
import { GRANTABLE } from '../props/prop-types';
import { acknowledge, record } from '../template/findings';

/** Records that the controller of an existing cluster has no permissions yet. `grantExisting` acknowledges the finding. */
export function recordUngranted(scope: IConstruct, effect: string, grant: string, evidence: string): void {
  record(scope, {
    id: 'access/no-grant',
    level: 'warning',
    message: `The controller of the existing cluster has no permissions for this model: ${effect}.`,
    fix: `Call ${grant} with its role. If another policy grants these permissions, acknowledge this finding.`,
    evidence,
  });
}

/** Grants permissions to the controller of an existing cluster. A principal without policies, such as an ARN, keeps the finding. */
export function grantExisting(
  scope: IConstruct,
  controller: IGrantable,
  statements: readonly PolicyStatement[],
): Grant {
  assertProps({ controller }, { controller: required(GRANTABLE) }, { scope });
  const grants = statements.map((statement) => {
    const conditions = statement.conditions as Record<string, Record<string, unknown>>;
    const { actions, resources: resourceArns } = statement;
    return Grant.addToPrincipal({ grantee: controller, actions, resourceArns, conditions });
  });
  if (grants.every(({ success }) => success)) {
    acknowledge(scope, 'access/no-grant', 'The permissions were granted to a role of the app.');
  }
  return grants.reduce((all, one) => all.combine(one));
}
