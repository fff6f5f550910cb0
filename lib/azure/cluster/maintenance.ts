import type { ProblemCollector } from '../../core/errors';
import type { KubernetesClusterConfig } from '../provider/azurerm';
import { Weekday } from '../props/weekday';
import { type NewClusterOptions, UpgradeChannel } from './control-plane';

/** Weekly hours in which AKS can upgrade a cluster. */
export interface MaintenanceWindow {
  /** Day on which the window opens, in UTC. */
  readonly day: Weekday;
  /** Time at which the window opens, as `HH:MM` in UTC. */
  readonly start: string;
  /** Length of the window in hours: a whole number from 4 to 24. */
  readonly hours: number;
}

/** A period in which AKS upgrades no nodes, for example during a run on all nodes. */
export interface MaintenanceExclusion {
  /** First day of the exclusion. AKS excludes whole days in UTC. */
  readonly from: Date;
  /** Last day of the exclusion. */
  readonly until: Date;
}

/** When AKS can upgrade the cluster and its nodes. An upgrade removes each node from its job. AKS can still run urgent maintenance. */
export interface ClusterMaintenance {
  /** Weekly maintenance window. @default - Saturday, 22:00 to 06:00 UTC */
  readonly window?: MaintenanceWindow;
  /** Periods without upgrades. @default - none */
  readonly exclusions?: readonly MaintenanceExclusion[];
}

/** One night a week, because upgrades interrupt jobs. */
const DEFAULT: MaintenanceWindow = { day: Weekday.SATURDAY, start: '22:00', hours: 8 };

/** A window for automatic upgrades has at least four hours. @see https://learn.microsoft.com/en-us/azure/aks/planned-maintenance */
const [MIN_HOURS, MAX_HOURS] = [4, 24];

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Adds each problem in the maintenance of a cluster. */
export function checkMaintenance(
  problems: ProblemCollector,
  { maintenance, upgradeChannel }: Pick<NewClusterOptions, 'maintenance' | 'upgradeChannel'>,
): void {
  if (!maintenance) return;
  if (upgradeChannel === UpgradeChannel.NONE) {
    problems.add({
      code: 'ClusterOption',
      prop: 'maintenance',
      allowed: 'left out with UpgradeChannel.NONE, because AKS then upgrades nothing',
      got: maintenance,
      fix: 'Remove maintenance, or use another channel.',
    });
    return;
  }
  const within = problems.within('maintenance');
  if (maintenance.window) checkWindow(within.within('window'), maintenance.window);
  maintenance.exclusions?.forEach(({ from, until }, index) => {
    const timed = [from, until].every((date) => Number.isFinite(date.getTime()));
    if (timed && from <= until) return;
    within.add({
      code: 'MaintenanceExclusion',
      prop: `exclusions[${index}].until`,
      allowed: 'a date that is not before `from`',
      got: timed ? `${dayOf(from)} to ${dayOf(until)}` : 'an invalid date',
      fix: 'Set `until` to a later date.',
    });
  });
}

function checkWindow(problems: ProblemCollector, { start, hours }: MaintenanceWindow): void {
  const add = (prop: string, allowed: string, got: unknown, fix: string) => {
    problems.add({ code: 'MaintenanceWindow', prop, allowed, got, fix });
  };
  if (!TIME.test(start)) add('start', 'a time as HH:MM', start, 'Use a value such as 22:00.');
  if (!(Number.isInteger(hours) && hours >= MIN_HOURS && hours <= MAX_HOURS))
    add('hours', `a whole number from ${MIN_HOURS} to ${MAX_HOURS}`, hours, 'Change the hours.');
}

type Window = NonNullable<KubernetesClusterConfig['maintenanceWindowAutoUpgrade']>;

/** The window in Terraform, for upgrades of the cluster and of the node images. */
export function maintenanceWindow({ window = DEFAULT, exclusions = [] }: ClusterMaintenance = {}): Window {
  return {
    frequency: 'Weekly',
    interval: 1,
    dayOfWeek: window.day,
    startTime: window.start,
    utcOffset: '+00:00',
    duration: window.hours,
    ...(exclusions.length > 0 && {
      notAllowed: exclusions.map(({ from, until }) => ({ start: midnight(from), end: midnight(until) })),
    }),
  };
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** The API keeps only the day, so another time would be a change in each plan. */
const midnight = (date: Date) => `${dayOf(date)}T00:00:00Z`;
