import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps, required, STRING } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { onceForProvider } from '../../terraform/chosen-provider';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentProject } from '../operations/current-project';
import { ProjectIamCustomRole, ProjectIamMember } from '../provider/google';

// Excludes allUsers and allAuthenticatedUsers: nobody can bill or revoke such callers.
const MEMBER = /^(user|serviceAccount|group|domain|principal|principalSet):\S+$/;

/** Adds a problem for each invalid IAM member, and for everyone. */
export function checkInvokers(problems: ProblemCollector, invokers: readonly string[] = []): void {
  invokers.forEach((member, index) => {
    checkInvoker(problems, `invokers[${index}]`, member);
  });
}

/** Adds a problem if an IAM member is invalid, or is everyone. */
export function checkInvoker(problems: ProblemCollector, prop: string, member: string): void {
  if (isUnknown(member) || MEMBER.test(member)) return;
  problems.add({
    code: 'InvokerInvalid',
    prop,
    allowed: 'an IAM member such as serviceAccount:<email>, but not allUsers or allAuthenticatedUsers',
    got: member,
    fix: 'Name the callers. For public traffic, put your own service in front of the model.',
  });
}

/** Throws if the arguments of a grant are invalid. */
export function assertInvoker(scope: IConstruct, id: string, member: string): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, { id, member }, { id: required(STRING), member: required(STRING) })) {
    checkInvoker(problems, 'member', member);
  }
  problems.throwIfAny(scope);
}

/**
 * A role that only allows sending requests to Vertex AI endpoints, once in each stack. The provider has no resource for the IAM policy of one
 * endpoint, so a grant covers all endpoints of the project.
 *
 * @see https://cloud.google.com/iam/docs/permissions-reference
 */
export class VertexInvokers extends Construct {
  /** Returns the role of the stack of a construct. */
  static of(scope: IConstruct): VertexInvokers {
    return onceForProvider(scope, 'google', ID, (holder) => new VertexInvokers(holder, ID));
  }

  /** The custom role. */
  public readonly role: ProjectIamCustomRole;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    this.role = new ProjectIamCustomRole(this, 'Role', {
      // Role IDs contain letters, digits, periods and underscores, at most 64.
      roleId: physicalName(this).replaceAll('-', '_'),
      title: 'Vertex AI endpoint invoker',
      description: 'Sends requests to endpoints of Vertex AI, and nothing else.',
      permissions: ['aiplatform.endpoints.predict'],
    });
  }

  /** Allows a member to send requests. */
  grant(scope: Construct, id: string, member: string): ProjectIamMember {
    const project = CurrentProject.of(scope).projectId;
    return new ProjectIamMember(scope, id, { project, role: this.role.name, member });
  }
}

const ID = 'AiInfraVertexInvokers';
