import { Fn } from 'cdktf';
import type { IConstruct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { CurrentSubscription } from '../operations/current-subscription';

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
