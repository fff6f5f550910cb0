import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** A letter, as in `us-central1-b`, or an AI zone, as `us-central1-ai1a`. @see https://cloud.google.com/compute/docs/regions-zones/ai-zones */
const ZONE = /^[a-z]+-[a-z]+\d+-([a-z]\d?|ai\d+[a-z]?)$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;

/** Adds a problem where a zone, e.g. `us-central1-b`, is malformed or not known now. */
export function checkZone(problems: Problems, prop: string, zone: string | undefined): void {
  if (!isKnown(problems, prop, zone) || ZONE.test(zone)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'a zone, e.g. us-central1-b',
    got: zone,
    fix: REGION.test(zone) ? `Name a zone of the region, e.g. ${zone}-b.` : 'Copy it from `gcloud compute zones list`.',
  });
}

/** Adds a problem where a region, e.g. `us-central1`, is malformed or not known now. */
export function checkRegion(problems: Problems, prop: string, region: string | undefined): void {
  if (!isKnown(problems, prop, region) || REGION.test(region)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'a region, e.g. us-central1',
    got: region,
    fix: ZONE.test(region) ? `Write ${regionOf(region)}.` : 'Copy it from `gcloud compute regions list`.',
  });
}

/** The region that a zone is in: `us-central1-b` is in `us-central1`. */
export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** Whether a zone lies in a location, be it a region or a zone itself. */
export function isIn(zone: string, location: string): boolean {
  return zone === location || regionOf(zone) === location;
}
