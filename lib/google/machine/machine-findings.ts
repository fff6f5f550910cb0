import type { IConstruct } from 'constructs';
import { GOOGLE_PLACES } from '../../core/catalog/google-places';
import { findingsAt } from '../../core/findings';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import { isIn, regionOf } from '../props/location';
import type { GoogleMachine } from './machine';

/** Records what is doubtful about a machine where it is to run: what no source confirms of it, and a zone or region that no source lists. */
export function recordMachineFindings(scope: IConstruct, machine: GoogleMachine, zone: string): void {
  recordUnverified(scope, machine);
  const places = placesOf(machine);
  if (!places || isUnknown(zone) || places.some((place) => isIn(zone, place) || isIn(place, zone))) return;
  const message = `No source lists ${machine.name} in ${zone}; it is listed in ${nearest(places, zone).join(', ')}.`;
  if (isTold(scope, message)) return;
  record(scope, {
    id: 'machine/region',
    level: 'warning',
    message,
    fix: 'Move to one of these, or acknowledge this when `gcloud compute machine-types list` or Google shows it there.',
    evidence: `table of places of Google machines, row ${machine.name}`,
  });
}

/** Whether a sibling has said so: slices of one group need it said once. */
function isTold(scope: IConstruct, message: string): boolean {
  const siblings = scope.node.scope?.node.children ?? [];
  return siblings.flatMap(findingsAt).some((finding) => finding.message === message);
}

/** Zones, or whole regions, in which a machine is listed; nothing where no source tells of any. */
function placesOf({ name }: GoogleMachine): readonly string[] | undefined {
  return (GOOGLE_PLACES as Readonly<Record<string, readonly string[]>>)[name];
}

const MOST_NAMED = 12;

/** Those of the region of the zone first, then those of its continent. */
function nearest(places: readonly string[], zone: string): string[] {
  const continent = zone.slice(0, zone.indexOf('-'));
  const distance = (place: string) => (isIn(place, regionOf(zone)) ? 0 : place.startsWith(continent) ? 1 : 2);
  const sorted = [...places].sort((a, b) => distance(a) - distance(b));
  return sorted.length > MOST_NAMED ? [...sorted.slice(0, MOST_NAMED), '…'] : sorted;
}

function recordUnverified(scope: IConstruct, { name, spec: { unverified } }: GoogleMachine): void {
  if (unverified === undefined) return;
  const fix = 'Check them with `gcloud compute machine-types describe` before you rely on them.';
  record(scope, unreadFigures(name, unverified, fix, `table of Google machines, row ${name}`));
}
