import type { Problems } from '../../core/errors';
import { DATE, kind, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import {
  type ClusterMaintenance,
  type MaintenanceExclusion,
  MaintenanceScope,
  type MaintenanceWindow,
  WeekDay,
} from './maintenance';

const START = /^([01]\d|2[0-3]):[0-5]\d$/;

const WINDOW: Shape<MaintenanceWindow> = {
  days: required(listOf(oneOf(Object.values(WeekDay)))),
  start: required(
    kind(
      'HH:MM in UTC',
      (value) => typeof value === 'string' && START.test(value),
      'Write e.g. 22:00.',
      'MaintenanceWindow',
    ),
  ),
  hours: required(NUMBER),
};

const EXCLUSION: Shape<MaintenanceExclusion> = {
  name: required(TEXT),
  from: required(DATE),
  until: required(DATE),
  scope: oneOf(Object.values(MaintenanceScope)),
};

/** The kind of what says when a cluster is upgraded. */
export const CLUSTER_MAINTENANCE = objectOf<ClusterMaintenance>({
  window: objectOf(WINDOW, 'a window { days, start, hours }'),
  exclusions: listOf(objectOf(EXCLUSION, 'an exclusion { name, from, until }')),
});

/** Source: google_container_cluster at 6.50.0, maintenance_exclusion. */
const MOST_EXCLUSIONS = 20;

/** What GKE demands of a window. @see https://cloud.google.com/kubernetes-engine/docs/how-to/maintenance-windows-and-exclusions */
const LIMITS = { fewestHours: 4, mostHours: 24, hoursWithin32Days: 48, weeksWithin32Days: 4 };

/** Adds what is wrong in the maintenance of a cluster. */
export function checkMaintenance(problems: Problems, { window, exclusions = [] }: ClusterMaintenance = {}): void {
  if (window) checkWindow(problems.within('window'), window);
  if (exclusions.length > MOST_EXCLUSIONS) {
    const allowed = `at most ${MOST_EXCLUSIONS}`;
    const fix = 'Leave out those that are over.';
    problems.add({ code: 'MaintenanceExclusion', prop: 'exclusions', allowed, got: exclusions.length, fix });
  }
  exclusions.forEach(({ from, until, name }, index) => {
    const within = problems.within(`exclusions[${index}]`);
    const timed = [from, until].every((date) => Number.isFinite(date.getTime()));
    if (!timed || from >= until) {
      const got = timed ? `${from.toISOString()} to ${until.toISOString()}` : 'an invalid date';
      const fix = 'Let it end later than it begins.';
      within.add({ code: 'MaintenanceExclusion', prop: 'until', allowed: 'a date behind from', got, fix });
    }
    if (exclusions.findIndex((other) => other.name === name) < index) {
      const allowed = 'a name that no other exclusion has';
      within.add({ code: 'MaintenanceExclusion', prop: 'name', allowed, got: name, fix: 'Name each otherwise.' });
    }
  });
}

function checkWindow(problems: Problems, { days, hours }: MaintenanceWindow): void {
  const { fewestHours, mostHours, hoursWithin32Days, weeksWithin32Days } = LIMITS;
  if (!(Number.isInteger(hours) && hours >= fewestHours && hours <= mostHours)) {
    const allowed = `a whole number from ${fewestHours} to ${mostHours}`;
    problems.add({ code: 'MaintenanceWindow', prop: 'hours', allowed, got: hours, fix: 'Take more days instead.' });
    return;
  }
  const open = new Set(days).size * hours * weeksWithin32Days;
  if (open >= hoursWithin32Days) return;
  problems.add({
    code: 'MaintenanceWindow',
    prop: 'days',
    allowed: `enough for ${hoursWithin32Days} hours within 32 days`,
    got: `${days.join(', ') || 'no day'}: ${open} hours`,
    fix: 'Add a day, or hours.',
  });
}
