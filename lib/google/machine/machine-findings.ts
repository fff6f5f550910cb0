import type { IConstruct } from 'constructs';
import { GOOGLE_PLACES } from '../../core/catalog/google-places';
import { findingsAt } from '../../core/findings';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import { isIn, regionOf } from '../props/location';
import type { GoogleMachine } from './machine';

/** Records the findings of a machine in a zone: unverified figures, and a zone that no source lists. */
export function recordMachineFindings(scope: IConstruct, machine: GoogleMachine, zone: string): void {
  recordUnverified(scope, machine);
  const places = placesOf(machine);
  if (!places || isUnknown(zone) || places.some((place) => isIn(zone, place) || isIn(place, zone))) return;
  const message = `No source lists ${machine.name} in ${zone}. Sources list it in ${nearest(places, zone).join(', ')}.`;
  if (isKnown(scope, message)) return;
  record(scope, {
    id: 'machine/region',
    level: 'warning',
    message,
    fix: 'Use one of these zones, or acknowledge this finding if `gcloud compute machine-types list` shows the machine in the zone.',
    evidence: `table of places of Google machines, row ${machine.name}`,
  });
}

/** Whether a sibling has recorded the message: it is recorded once for all slices of a group. */
function isKnown(scope: IConstruct, message: string): boolean {
  const siblings = scope.node.scope?.node.children ?? [];
  return siblings.flatMap(findingsAt).some((finding) => finding.message === message);
}

/** Zones or regions that list a machine. @returns nothing if no source lists any */
function placesOf({ name }: GoogleMachine): readonly string[] | undefined {
  return (GOOGLE_PLACES as Readonly<Record<string, readonly string[]>>)[name];
}

const MAX_NAMED = 12;

/** Places sorted by distance: the same region first, then the same continent. */
function nearest(places: readonly string[], zone: string): string[] {
  const continent = zone.slice(0, zone.indexOf('-'));
  const distance = (place: string) => (isIn(place, regionOf(zone)) ? 0 : place.startsWith(continent) ? 1 : 2);
  const sorted = [...places].sort((a, b) => distance(a) - distance(b));
  return sorted.length > MAX_NAMED ? [...sorted.slice(0, MAX_NAMED), '…'] : sorted;
}

function recordUnverified(scope: IConstruct, { name, spec: { unverified } }: GoogleMachine): void {
  if (unverified === undefined) return;
  const fix = 'Check them with `gcloud compute machine-types describe` before you rely on them.';
  record(scope, unreadFigures(name, unverified, fix, `table of Google machines, row ${name}`));
}
