import { Construct, type IConstruct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { onlyInStack } from '../../terraform/once-in-stack';
import { isUnknown } from '../../terraform/tokens';
import { CurrentProject } from '../operations/current-project';
import { ProjectIamCustomRole, ProjectIamMember } from '../provider/google';

// Everyone, or whoever has an account of Google, is no caller that anybody can bill or revoke.
const MEMBER = /^(user|serviceAccount|group|domain|principal|principalSet):\S+$/;

/** Adds a problem for each member that IAM does not know, or that is everyone. */
export function checkInvokers(problems: Problems, invokers: readonly string[] = []): void {
  invokers.forEach((member, index) => {
    checkInvoker(problems, `invokers[${index}]`, member);
  });
}

/** Adds a problem where IAM does not know a member, or where it is everyone. */
export function checkInvoker(problems: Problems, prop: string, member: string): void {
  if (isUnknown(member) || MEMBER.test(member)) return;
  problems.add({
    code: 'InvokerInvalid',
    prop,
    allowed: 'a member of IAM, e.g. serviceAccount:<address>, and never everyone',
    got: member,
    fix: 'Name who calls; what the public calls is a service of yours, before the model.',
  });
}

/** Throws where the props of a grant are none. */
export function demandInvoker(scope: IConstruct, id: string, member: string): void {
  const problems = new Problems();
  if (fits(problems, { id, member }, { id: required(TEXT), member: required(TEXT) })) {
    checkInvoker(problems, 'member', member);
  }
  problems.throwIfAny(scope);
}

/**
 * The right to send requests to endpoints of Vertex AI and nothing else, once a stack. IAM has no rights on one endpoint that the provider could
 * give, so it holds for all of the project.
 *
 * @see https://cloud.google.com/iam/docs/permissions-reference
 */
export class VertexInvokers extends Construct {
  /** That of the stack of a construct. */
  static of(scope: IConstruct): VertexInvokers {
    return onlyInStack(scope, ID, (stack) => new VertexInvokers(stack, ID));
  }

  public readonly role: ProjectIamCustomRole;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = new ProjectIamCustomRole(this, 'Role', {
      // Ids of roles have letters, digits, points and underscores, at most 64.
      roleId: physicalName(this).replaceAll('-', '_'),
      title: 'Vertex AI endpoint invoker',
      description: 'Sends requests to endpoints of Vertex AI, and nothing else.',
      permissions: ['aiplatform.endpoints.predict'],
    });
  }

  /** Lets a member send requests. */
  grant(scope: Construct, id: string, member: string): ProjectIamMember {
    const project = CurrentProject.of(scope).projectId;
    return new ProjectIamMember(scope, id, { project, role: this.role.name, member });
  }
}

const ID = 'AiInfraVertexInvokers';
