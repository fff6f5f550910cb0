import type { ProblemCollector } from '../../core/errors';
import type { ClusterMaintenance, MaintenanceWindow } from './maintenance';

/** Source: google_container_cluster at 6.50.0, maintenance_exclusion. */
const MAX_EXCLUSIONS = 20;

/** Requirements of GKE for a window. @see https://cloud.google.com/kubernetes-engine/docs/how-to/maintenance-windows-and-exclusions */
const LIMITS = { minHours: 4, maxHours: 24, hoursWithin32Days: 48, weeksWithin32Days: 4 };

/** Adds each problem in the maintenance of a cluster. */
export function checkMaintenance(
  problems: ProblemCollector,
  { window, exclusions = [] }: ClusterMaintenance = {},
): void {
  if (window) checkWindow(problems.within('window'), window);
  if (exclusions.length > MAX_EXCLUSIONS) {
    const allowed = `a list of at most ${MAX_EXCLUSIONS} exclusions`;
    const fix = 'Remove exclusions that have ended.';
    problems.add({ code: 'MaintenanceExclusion', prop: 'exclusions', allowed, got: exclusions.length, fix });
  }
  exclusions.forEach(({ from, until, name }, index) => {
    const within = problems.within(`exclusions[${index}]`);
    const timed = [from, until].every((date) => Number.isFinite(date.getTime()));
    if (!timed || from >= until) {
      const got = timed ? `${from.toISOString()} to ${until.toISOString()}` : 'an invalid date';
      const fix = 'Set `until` to a later date.';
      within.add({ code: 'MaintenanceExclusion', prop: 'until', allowed: 'a date after `from`', got, fix });
    }
    if (exclusions.findIndex((other) => other.name === name) < index) {
      const allowed = 'a unique name';
      within.add({
        code: 'MaintenanceExclusion',
        prop: 'name',
        allowed,
        got: name,
        fix: 'Rename one of the exclusions.',
      });
    }
  });
}

function checkWindow(problems: ProblemCollector, { days, hours }: MaintenanceWindow): void {
  const { minHours, maxHours, hoursWithin32Days, weeksWithin32Days } = LIMITS;
  if (!(Number.isInteger(hours) && hours >= minHours && hours <= maxHours)) {
    const allowed = `a whole number from ${minHours} to ${maxHours}`;
    problems.add({
      code: 'MaintenanceWindow',
      prop: 'hours',
      allowed,
      got: hours,
      fix: 'Change the hours, or add days.',
    });
    return;
  }
  const open = new Set(days).size * hours * weeksWithin32Days;
  if (open >= hoursWithin32Days) return;
  problems.add({
    code: 'MaintenanceWindow',
    prop: 'days',
    allowed: `days that open the window for at least ${hoursWithin32Days} hours within 32 days`,
    got: `${days.join(', ') || 'no day'}: ${open} hours`,
    fix: 'Add days or hours.',
  });
}
