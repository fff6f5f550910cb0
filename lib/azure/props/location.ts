import type { ProblemCollector } from '../../core/errors';
import { isKnown, isUnknown } from '../../terraform/tokens';

const LOCATION = /^[a-z]+[0-9]*(euap|stage)?$/;

/** Availability zones of a region. Each subscription has its own mapping to physical zones. */
export const ZONES = ['1', '2', '3'] as const;

/** Adds a problem if the name of a region is malformed. A token is valid. */
export function checkLocation(problems: ProblemCollector, prop: string, location: string | undefined): void {
  if (location === undefined || isUnknown(location) || LOCATION.test(location)) return;
  const plain = location.toLowerCase().replace(/[\s()-]+/g, '');
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'the name of a region, for example swedencentral',
    got: location,
    fix: LOCATION.test(plain) ? `Use ${plain}.` : 'Copy it from `az account list-locations`.',
  });
}

/** Adds a problem if an availability zone is not `1`, `2`, or `3`. A token is invalid. */
export function checkZone(problems: ProblemCollector, prop: string, zone: string | undefined): void {
  if (!isKnown(problems, prop, zone) || (ZONES as readonly string[]).includes(zone)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: `one of the availability zones ${ZONES.join(', ')}`,
    got: zone,
    fix: 'Use `az vm list-skus --zone` to find the zones that have the machine.',
  });
}
