import type { Json } from './expressions';
import { type Resources, resolved } from './template';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** The permissions of a role in a template. */
export class Permissions {
  /** The managed policies of a role, by its logical id. */
  static ofRole(roleId: string, resources: Resources): Permissions {
    const policies = Object.values(resources).filter(
      ({ Type, Properties }) =>
        Type === 'AWS::IAM::ManagedPolicy' && (Properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === roleId),
    );
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Json[]);
    return new Permissions(statements.map((statement) => resolved(statement, resources) as Statement));
  }

  private constructor(private readonly statements: readonly Statement[]) {}

  /** Throws an error if no policy allows the action. */
  require(action: string, resource: string): void {
    const allowed = this.statements.some(
      ({ Effect, Action, Resource }) =>
        Effect === 'Allow' &&
        listOf(Action).some((each) => covers(each, action)) &&
        listOf(Resource).some((each) => covers(each, resource)),
    );
    if (!allowed) throw new Error(`no policy allows ${action} on ${resource}`);
  }
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function covers(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(text);
}
