import { hasMembers, type PropType } from '../core/prop-schema';

/*
 * Types of CDK for Terraform, tested by their members and never by `instanceof`: most are interfaces, and a user's own class can implement them.
 */

export const TERRAFORM_DEPENDABLE: PropType = hasMembers(
  'a resource or another dependency',
  ['fqn'],
  'Pass the resource or the data source itself.',
);
