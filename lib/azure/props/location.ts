import type { Problems } from '../../core/errors';
import { isKnown, isUnknown } from '../../terraform/tokens';

const LOCATION = /^[a-z]+[0-9]*(euap|stage)?$/;

/** Zones of a region, as a subscription numbers them: the same number is another building in another subscription. */
export const ZONES = ['1', '2', '3'] as const;

/** Adds a problem where a region is malformed: the name as `az account list-locations` has it, e.g. `swedencentral`. A token passes. */
export function checkLocation(problems: Problems, prop: string, location: string | undefined): void {
  if (location === undefined || isUnknown(location) || LOCATION.test(location)) return;
  const plain = location.toLowerCase().replace(/[\s()-]+/g, '');
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'the name of a region, e.g. swedencentral',
    got: location,
    fix: LOCATION.test(plain) ? `Write ${plain}.` : 'Copy it from `az account list-locations`.',
  });
}

/** Adds a problem where an availability zone is none of `1`, `2` and `3`, or not known now. */
export function checkZone(problems: Problems, prop: string, zone: string | undefined): void {
  if (!isKnown(problems, prop, zone) || (ZONES as readonly string[]).includes(zone)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: `an availability zone: one of ${ZONES.join(', ')}`,
    got: zone,
    fix: 'Azure numbers the zones of a region for each subscription: `az vm list-skus --zone` tells which have the machine.',
  });
}
