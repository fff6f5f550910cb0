import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { Fn } from 'cdktf';
import type { IConstruct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { CurrentSubscription } from '../operations/current-subscription';

const IN_GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+(?:\/[^/]+)+)$/i;

/**
 * Adds a problem if a resource id is malformed or has another type. A token is valid.
 *
 * @param type resource type, for example `Microsoft.Network/virtualNetworks/subnets`
 *
 * @see https://learn.microsoft.com/en-us/rest/api/resources/resources/get-by-id
 */
export function checkResourceId(problems: ProblemCollector, prop: string, id: string | undefined, type: string): void {
  if (id === undefined || isUnknown(id) || typeOf(id)?.toLowerCase() === type.toLowerCase()) return;
  problems.add({
    code: 'ResourceIdInvalid',
    prop,
    allowed: `the resource id of a ${type}`,
    got: id,
    fix: `Use the form ${exampleOf(type)}. \`az resource show --query id\` prints it.`,
  });
}

/** The resource type in an id: every second part after the provider. */
function typeOf(id: string): string | undefined {
  const [namespace, ...parts] = IN_GROUP.exec(id)?.[1]?.split('/') ?? [];
  if (namespace === undefined || parts.length % 2 !== 0) return undefined;
  return [namespace, ...parts.filter((_, index) => index % 2 === 0)].join('/');
}

function exampleOf(type: string): string {
  const [namespace = '', ...types] = type.split('/');
  return `/subscriptions/<id>/resourceGroups/<name>/providers/${namespace}/${types.map((one) => `${one}/<name>`).join('/')}`;
}

/** Length of the subscription hash. It makes names unique if the same app is deployed to several subscriptions. */
const HASH_LENGTH = 6;

/**
 * Returns a globally unique name, for resources such as key vaults. The name is the `physicalName` with a hash of the subscription at the end.
 *
 * @param maxLength maximum length of the name, at least 18
 */
export function globalName(scope: IConstruct, maxLength: number): string {
  return `${physicalName(scope, maxLength - HASH_LENGTH - 1)}-${subscriptionHash(scope)}`;
}

/** Returns a globally unique name of only letters and digits, for storage accounts and registries. */
export function compactGlobalName(scope: IConstruct, maxLength: number): string {
  return `${physicalName(scope, maxLength - HASH_LENGTH).replace(/-/g, '')}${subscriptionHash(scope)}`;
}

function subscriptionHash(scope: IConstruct): string {
  return Fn.substr(Fn.sha256(CurrentSubscription.of(scope).subscriptionId), 0, HASH_LENGTH);
}
