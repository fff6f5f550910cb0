import type { ProblemCollector } from '../../core/errors';
import type { KubernetesManifest } from '../../kubernetes';
import { isUnknown } from '../../terraform/tokens';

// Google groups have permissions in a cluster only after Google Groups for RBAC is set up.
const MEMBER = /^(user|serviceAccount):\S+@\S+$/;
// RBAC identifies a principal by its email only. The type is removed at synthesis, so it cannot be part of a token.
const TYPE = /^(user|serviceAccount):/;

/** Adds a problem for each administrator that Kubernetes RBAC cannot identify. */
export function checkAdmins(problems: ProblemCollector, admins: readonly string[]): void {
  admins.forEach((member, index) => {
    if (isUnknown(member) ? TYPE.test(member) : MEMBER.test(member)) return;
    problems.add({
      code: 'AdminInvalid',
      prop: `admins[${index}]`,
      allowed: 'user:<email> or serviceAccount:<email>',
      got: member,
      fix: isUnknown(member)
        ? 'Put the type before the token, for example `serviceAccount:${account.email}`.'
        : 'List each principal, or grant a group roles/container.admin on the project.',
    });
  });
}

/**
 * The binding that makes IAM principals administrators of a cluster.
 *
 * @param name name of the `ClusterRoleBinding`
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control
 */
export function adminBinding(name: string, admins: readonly string[]): KubernetesManifest[] {
  if (admins.length === 0) return [];
  const subjects = admins.map((member) => ({
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'User',
    name: member.slice(member.indexOf(':') + 1),
  }));
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects,
    },
  ];
}
