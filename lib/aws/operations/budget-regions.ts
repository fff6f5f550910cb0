import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { record } from '../template/findings';

// AWS::Budgets::Budget exists only in the commercial partition: aws-cloudformation/cfn-lint, per-region schemas.
const WITHOUT_BUDGETS = /^(us-gov|cn|us-iso|us-isob|eu-isoe)-/;

/** Returns whether the region of a construct can have AWS Budgets. Records a finding if it has none. */
export function hasBudgets(scope: Construct): boolean {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || !WITHOUT_BUDGETS.test(region)) return true;
  record(scope, {
    id: 'cost/no-budget',
    level: 'warning',
    message: `${region} has no AWS Budgets, so there is no alert when costs exceed the budget.`,
    fix: 'Monitor the bill in the commercial account that pays, and acknowledge this finding.',
    evidence: 'per-region schemas of aws-cloudformation/cfn-lint',
  });
  return false;
}
