import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** A zone such as `us-central1-b`, or an AI zone such as `us-central1-ai1a`. @see https://cloud.google.com/compute/docs/regions-zones/ai-zones */
const ZONE = /^[a-z]+-[a-z]+\d+-([a-z]\d?|ai\d+[a-z]?)$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;

/** Adds a problem if a zone is malformed or unknown at synthesis. */
export function checkZone(problems: ProblemCollector, prop: string, zone: string | undefined): void {
  if (!isKnown(problems, prop, zone) || ZONE.test(zone)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'a zone, for example us-central1-b',
    got: zone,
    fix: REGION.test(zone)
      ? `Use a zone of the region, for example ${zone}-b.`
      : 'Copy it from `gcloud compute zones list`.',
  });
}

/** Adds a problem if a region is malformed or unknown at synthesis. */
export function checkRegion(problems: ProblemCollector, prop: string, region: string | undefined): void {
  if (!isKnown(problems, prop, region) || REGION.test(region)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'a region, for example us-central1',
    got: region,
    fix: ZONE.test(region) ? `Use ${regionOf(region)}.` : 'Copy it from `gcloud compute regions list`.',
  });
}

/** The region of a zone: `us-central1` for `us-central1-b`. */
export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** Whether a zone is in a location, which is a region or a zone. */
export function isIn(zone: string, location: string): boolean {
  return zone === location || regionOf(zone) === location;
}

/** A timestamp in the format that the API returns. Another format would show a change in every plan. */
export function wholeSeconds(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}
