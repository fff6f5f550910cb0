import { Fn } from 'cdktf';
import type { IConstruct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { CurrentSubscription } from '../operations/current-subscription';

/** Hexadecimal digits of the hash that tells subscriptions apart: the same app may stand in several. */
const HASH_LENGTH = 6;

/**
 * A name that no other subscription has, for what Azure names in one space for the whole world, such as vaults: made of the path, as
 * `physicalName`, with a hash of the subscription at its end.
 *
 * @param maxLength of the whole name, at least 18
 */
export function globalName(scope: IConstruct, maxLength: number): string {
  return `${physicalName(scope, maxLength - HASH_LENGTH - 1)}-${subscriptionHash(scope)}`;
}

/** The same of letters and digits alone, as storage accounts and registries want it. */
export function compactGlobalName(scope: IConstruct, maxLength: number): string {
  return `${physicalName(scope, maxLength - HASH_LENGTH).replace(/-/g, '')}${subscriptionHash(scope)}`;
}

function subscriptionHash(scope: IConstruct): string {
  return Fn.substr(Fn.sha256(CurrentSubscription.of(scope).subscriptionId), 0, HASH_LENGTH);
}
