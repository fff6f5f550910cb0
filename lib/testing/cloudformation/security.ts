import type { Part, Sections } from '../architecture';
import { list, record, records } from '../json';
import { details, type Reader, type Readers, type Resource, type View } from '../view';
import { openToEveryone, wildcardsOf } from './policies';
import { onDelete } from './storage';

/** Readers of keys and of the permissions of identities. */
export const SECURITY_READERS: Readers = {
  'AWS::KMS::Key': (resource, view) => {
    const { name, props } = resource;
    const why = openToEveryone(view, props.KeyPolicy);
    return {
      keys: [
        {
          name,
          kind: 'KMS key',
          ...details({
            rotation: view.flag(props.EnableKeyRotation) === true ? 'rotates' : 'does not rotate',
            deletion: `${onDelete(resource) ?? ''} with the stack`.replace('kept with', 'outlives'),
          }),
        },
      ],
      ...(why !== undefined && { exposure: [{ name, kind: 'KMS key', why }] }),
    };
  },
  'AWS::IAM::Role': identity('role'),
  'AWS::IAM::User': identity('user'),
  'AWS::IAM::Group': identity('group'),
  'AWS::IAM::Policy': attached,
  'AWS::IAM::ManagedPolicy': attached,
};

function identity(kind: string): Reader {
  return ({ name, props }, view) => {
    const inline = records(props.Policies).flatMap((policy) => wildcardsOf(view, policy.PolicyDocument));
    const administrator = list(props.ManagedPolicyArns).some((arn) =>
      view.joined(arn).endsWith('/AdministratorAccess'),
    );
    const open = openToEveryone(view, props.AssumeRolePolicyDocument);
    const permissions = broadPermissions(name, kind, [...inline, ...(administrator ? ['AdministratorAccess'] : [])]);
    if (permissions.length === 0 && open === undefined) return undefined;
    return { permissions, ...(open !== undefined && { exposure: [{ name, kind, why: `trust ${open}` }] }) };
  };
}

function attached(resource: Resource, view: View): Partial<Sections> | undefined {
  const { Roles, PolicyDocument } = record(resource.props);
  const wildcards = wildcardsOf(view, PolicyDocument);
  const roles = list(Roles).map((role) => view.find(role)?.name ?? resource.name);
  const permissions = (roles.length > 0 ? roles : [resource.name]).flatMap((name) =>
    broadPermissions(name, 'role', wildcards),
  );
  return permissions.length > 0 ? { permissions } : undefined;
}

function broadPermissions(name: string, kind: string, wildcards: readonly string[]): Part[] {
  if (wildcards.length === 0) return [];
  return [{ name, kind, ...details({ may: [...new Set(wildcards)].sort().join(', ') }) }];
}
