import type { IConstruct } from 'constructs';
import { regionNames, similarRegions } from '../../core/catalog/regions';
import type { ProblemCollector } from '../../core/errors';
import { record } from '../../terraform/findings';
import { isKnown, isUnknown } from '../../terraform/tokens';

const LOCATION = /^[a-z]+[0-9]*(euap|stage)?$/;

/** Availability zones of a region. Each subscription has its own mapping to physical zones. */
export const ZONES = ['1', '2', '3'] as const;

/** Adds a problem if the name of a region is malformed. A token is valid. */
export function checkLocation(problems: ProblemCollector, prop: string, location: string | undefined): void {
  if (location === undefined || isUnknown(location) || LOCATION.test(location)) return;
  // A construct checks a region for each of its parts.
  if (problems.all.some(({ code, got }) => code === 'LocationInvalid' && got === location)) return;
  const plain = location.toLowerCase().replace(/[\s()-]+/g, '');
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'the name of a region, for example swedencentral',
    got: location,
    fix: regionNames('azure').includes(plain) ? `Use ${plain}.` : 'Copy it from `az account list-locations`.',
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

const RECORDED = Symbol.for('ai-infra-constructs.azureLocations');

/** Records a finding for a region that the list of regions does not have, once in an app. It can be new, or a typing error. */
export function recordLocation(scope: IConstruct, location: string): void {
  if (isUnknown(location) || regionNames('azure').includes(location)) return;
  const root = scope.node.root as { [RECORDED]?: Set<string> };
  root[RECORDED] ??= new Set();
  if (root[RECORDED].has(location)) return;
  root[RECORDED].add(location);
  record(scope, {
    id: 'location/unlisted',
    level: 'warning',
    message: `The list of Azure regions does not have ${location}.`,
    fix: `Use one such as ${similarRegions(location, ['azure']).join(', ')}, or acknowledge this finding if \`az account list-locations\` shows the region.`,
    evidence: 'table of Azure regions, and https://learn.microsoft.com/en-us/azure/reliability/regions-list',
  });
}
