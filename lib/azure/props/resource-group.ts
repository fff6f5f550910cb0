import type { IConstruct } from 'constructs';
import type { Problems } from '../../core/errors';
import type { Kind } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { CurrentSubscription } from '../operations/current-subscription';
import { checkLocation } from './location';
import { withMembers } from '../../core/member-kinds';

/** A resource group, made here or elsewhere: everything in it goes with it. */
export interface IResourceGroup {
  readonly name: string;
  /** The region of what is made in it, e.g. `swedencentral`. */
  readonly location: string;
  /** Its resource id. @default - that of the group of this name in the subscription of the stack */
  readonly id?: string;
}

/** A resource group, of whichever copy of the package. */
export const RESOURCE_GROUP: Kind = withMembers(
  'a resource group',
  { name: 'string', location: 'string' },
  "Use new ResourceGroup(scope, id, { location }), or { name: 'my-group', location: 'swedencentral' } of one that stands.",
);

// @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftresources
const NAME = /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u;

/** Adds a problem where the name of a resource group is one that Azure refuses. */
export function checkGroupName(problems: Problems, prop: string, name: unknown): void {
  if (name === undefined || isUnknown(name) || (typeof name === 'string' && NAME.test(name))) return;
  problems.add({
    code: 'AzureName',
    prop,
    allowed: '1 to 90 letters, digits, underscores, hyphens, periods and parentheses, with no period at its end',
    got: name,
    fix: 'Write the name alone, without the path before it.',
  });
}

/** Adds what is wrong with a resource group, of the right kind, that a construct is to stand in. */
export function checkResourceGroup(problems: Problems, prop: string, { name, location }: IResourceGroup): void {
  checkGroupName(problems, `${prop}.name`, name);
  checkLocation(problems, `${prop}.location`, location);
}

/** The resource id of a group: stated, or built of the subscription of the stack. */
export function resourceGroupId(scope: IConstruct, { id, name }: IResourceGroup): string {
  return id ?? `${CurrentSubscription.of(scope).id}/resourceGroups/${name}`;
}
