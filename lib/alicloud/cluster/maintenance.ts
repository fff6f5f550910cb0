import type { ProblemCollector } from '../../core/errors';
import type { CsManagedKubernetesConfig } from '../provider/alicloud';

/** A day of the week, as ACK names it. */
export enum WeekDay {
  /** Monday. */
  MONDAY = 'Monday',
  /** Tuesday. */
  TUESDAY = 'Tuesday',
  /** Wednesday. */
  WEDNESDAY = 'Wednesday',
  /** Thursday. */
  THURSDAY = 'Thursday',
  /** Friday. */
  FRIDAY = 'Friday',
  /** Saturday. */
  SATURDAY = 'Saturday',
  /** Sunday. */
  SUNDAY = 'Sunday',
}

/** Weekly hours in which ACK can upgrade a cluster. */
export interface MaintenanceWindow {
  /** Days on which the window opens, in UTC. */
  readonly days: readonly WeekDay[];
  /**
   * Time at which the window opens, as `HH:MM` in UTC.
   * @schema TIME_OF_DAY
   */
  readonly start: string;
  /** Length of the window in hours: a whole number from 1 to 24. */
  readonly hours: number;
}

/** When ACK can upgrade the cluster. ACK has no periods without upgrades: use `UpgradeChannel.NONE` during a run that must not stop. */
export interface ClusterMaintenance {
  /** Weekly maintenance window. @default - Saturday, 16:00 to 24:00 UTC, which is the night to Sunday in China */
  readonly window?: MaintenanceWindow;
}

/** @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cs_managed_kubernetes */
const HOURS = { min: 1, max: 24 };

/** Adds each problem in the maintenance of a cluster. */
export function checkMaintenance(problems: ProblemCollector, { window }: ClusterMaintenance = {}): void {
  if (!window) return;
  const within = problems.within('window');
  const { days, hours } = window;
  const add = (prop: string, allowed: string, got: unknown, fix: string) =>
    within.add({ code: 'MaintenanceWindow', prop, allowed, got, fix });
  if (days.length === 0) add('days', 'a list of at least one day', days, 'Add a day.');
  if (!(Number.isInteger(hours) && hours >= HOURS.min && hours <= HOURS.max))
    add('hours', `a whole number from ${HOURS.min} to ${HOURS.max}`, hours, 'Change the hours.');
}

const DEFAULT: MaintenanceWindow = { days: [WeekDay.SATURDAY], start: '16:00', hours: 8 };

/** A Monday. The window starts in this fixed week, so that a later synthesis does not change the cluster. */
const FIRST_WEEK = Date.parse('2026-01-05T00:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [CHINA_HOURS, CHINA_OFFSET] = [8, '+08:00'];

/** The window in Terraform, in the time zone of China as in every example of the provider. A day in UTC can be the next day there. */
export function maintenanceWindow({ window = DEFAULT }: ClusterMaintenance = {}): NonNullable<
  CsManagedKubernetesConfig['maintenanceWindow']
> {
  const week = Object.values(WeekDay);
  const [hours = 0, minutes = 0] = window.start.split(':').map(Number);
  const local = week
    .filter((day) => window.days.includes(day))
    .map((day) => FIRST_WEEK + week.indexOf(day) * DAY_MS + (hours + CHINA_HOURS + minutes / 60) * HOUR_MS);
  const days = local.map((time) => week[Math.floor((time - FIRST_WEEK) / DAY_MS) % week.length]!);
  return {
    enable: true,
    maintenanceTime: new Date(local[0]!).toISOString().replace('Z', CHINA_OFFSET),
    duration: `${window.hours}h`,
    weeklyPeriod: week.filter((day) => days.includes(day)).join(','),
  };
}
