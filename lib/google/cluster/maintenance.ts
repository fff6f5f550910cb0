import type { ProblemCollector } from '../../core/errors';

/** A day of the week, as in iCalendar. */
export enum WeekDay {
  /** Monday. */
  MONDAY = 'MO',
  /** Tuesday. */
  TUESDAY = 'TU',
  /** Wednesday. */
  WEDNESDAY = 'WE',
  /** Thursday. */
  THURSDAY = 'TH',
  /** Friday. */
  FRIDAY = 'FR',
  /** Saturday. */
  SATURDAY = 'SA',
  /** Sunday. */
  SUNDAY = 'SU',
}

/** Upgrades that an exclusion prevents. */
export enum MaintenanceScope {
  /** Node upgrades and minor versions of the control plane. The control plane still gets patches. */
  NODES_AND_MINOR_VERSIONS = 'NO_MINOR_OR_NODE_UPGRADES',
  /** Minor versions. Nodes still get patches. */
  MINOR_VERSIONS = 'NO_MINOR_UPGRADES',
  /** All upgrades. GKE allows it for the shortest time. */
  ALL = 'NO_UPGRADES',
}

/** Weekly hours in which GKE can upgrade a cluster. */
export interface MaintenanceWindow {
  /** Days on which the window opens, in UTC. */
  readonly days: readonly WeekDay[];
  /**
   * Time at which the window opens, as `HH:MM` in UTC.
   * @schema TIME_OF_DAY
   */
  readonly start: string;
  /** Length of the window in hours: a whole number from 4 to 24. GKE requires 48 hours within any 32 days. */
  readonly hours: number;
}

/** A period in which GKE upgrades no nodes, for example during a run on all nodes. */
export interface MaintenanceExclusion {
  /** Name of the exclusion, unique in the cluster, for example `pretraining`. */
  readonly name: string;
  /** Start of the exclusion. */
  readonly from: Date;
  /** End of the exclusion. */
  readonly until: Date;
  /** Upgrades that the exclusion prevents. @default MaintenanceScope.NODES_AND_MINOR_VERSIONS */
  readonly scope?: MaintenanceScope;
}

/** When GKE can upgrade the cluster and its nodes. An upgrade removes each node from its job. */
export interface ClusterMaintenance {
  /** Weekly maintenance window. @default - the nights after Saturday and Sunday, 22:00 to 06:00 UTC */
  readonly window?: MaintenanceWindow;
  /** Periods without upgrades. GKE limits their length by scope and by the end of support of the minor version. @default - none */
  readonly exclusions?: readonly MaintenanceExclusion[];
}

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
