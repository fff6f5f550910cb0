import type { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { demand, required } from '../../core/shapes';
import { GRANTEE } from '../props/shapes';
import { acknowledge, record } from '../template/findings';

/** Records that a controller which a cluster runs already has no right yet: `grantExisting` takes the doubt away. */
export function recordUngranted(scope: IConstruct, without: string, grant: string, evidence: string): void {
  record(scope, {
    id: 'access/no-grant',
    level: 'warning',
    message: `The cluster runs the controller already, and nothing grants it the right to work here: ${without}.`,
    fix: `Call ${grant} with its role, or acknowledge this where it has these rights from elsewhere.`,
    evidence,
  });
}

/** Grants rights to such a controller. What has no policies to add to, a principal that is only an ARN, keeps the doubt. */
export function grantExisting(scope: IConstruct, controller: IGrantable, statements: readonly PolicyStatement[]): void {
  demand({ controller }, { controller: required(GRANTEE) }, { scope });
  const { grantPrincipal } = controller;
  const added = statements.map((statement) => grantPrincipal.addToPrincipalPolicy(statement).statementAdded);
  if (added.every(Boolean)) acknowledge(scope, 'access/no-grant', 'The rights were granted to a role of the app.');
}
