import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { record } from '../template/findings';

// AWS::Budgets::Budget is in the commercial partition only: aws-cloudformation/cfn-lint, per-region schemas.
const WITHOUT_BUDGETS = /^(us-gov|cn|us-iso|us-isob|eu-isoe)-/;

/** Whether the region of a construct may have AWS Budgets; where it is known to have none, that is recorded. */
export function hasBudgets(scope: Construct): boolean {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || !WITHOUT_BUDGETS.test(region)) return true;
  record(scope, {
    id: 'cost/no-budget',
    level: 'warning',
    message: `${region} has no AWS Budgets: nobody is warned before the money is gone.`,
    fix: 'Watch the bill in the commercial account that pays, and acknowledge this.',
    evidence: 'per-region schemas of aws-cloudformation/cfn-lint',
  });
  return false;
}
