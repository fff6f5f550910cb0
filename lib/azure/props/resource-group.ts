import type { IConstruct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { CurrentSubscription } from '../operations/current-subscription';
import { checkLocation } from './location';

/** A resource group. */
export interface IResourceGroup {
  /** Name of the resource group. */
  readonly name: string;
  /** Region of the resources in the group, for example `swedencentral`. */
  readonly location: string;
  /** Resource id. @default - derived from the name and the subscription of the stack */
  readonly id?: string;
}

// @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftresources
const NAME = /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u;

/** Adds a problem if Azure does not accept the name of a resource group. */
export function checkGroupName(problems: ProblemCollector, prop: string, name: unknown): void {
  if (name === undefined || isUnknown(name) || (typeof name === 'string' && NAME.test(name))) return;
  problems.add({
    code: 'AzureName',
    prop,
    allowed: '1 to 90 letters, digits, underscores, hyphens, periods, and parentheses, without a final period',
    got: name,
    fix: 'Use only the name, without the resource path.',
  });
}

/** Adds each problem of a resource group. The resource group must have the right type. */
export function checkResourceGroup(problems: ProblemCollector, prop: string, { name, location }: IResourceGroup): void {
  checkGroupName(problems, `${prop}.name`, name);
  checkLocation(problems, `${prop}.location`, location);
}

/** Returns the resource id of a group, derived from the subscription of the stack if the group has no id. */
export function resourceGroupId(scope: IConstruct, { id, name }: IResourceGroup): string {
  return id ?? `${CurrentSubscription.of(scope).id}/resourceGroups/${name}`;
}
