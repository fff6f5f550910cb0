import { wholeSeconds } from '../props/moment';
import type { ContainerClusterConfig } from '../provider/google';
import { type ClusterMaintenance, MaintenanceScope, type MaintenanceWindow, WeekDay } from './maintenance';

const WEEKEND: MaintenanceWindow = { days: [WeekDay.SATURDAY, WeekDay.SUNDAY], start: '22:00', hours: 8 };
/** A Monday. The window starts in this fixed week, so that a later synthesis does not change the cluster. */
const FIRST_WEEK = '2026-01-05';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The maintenance policy in Terraform. */
export function maintenancePolicy(maintenance: ClusterMaintenance = {}): ContainerClusterConfig['maintenancePolicy'] {
  const { window: { days, start, hours } = WEEKEND, exclusions = [] } = maintenance;
  const inOrder = Object.values(WeekDay).filter((day) => days.includes(day));
  const firstDay = Object.values(WeekDay).indexOf(inOrder[0]!);
  const opens = new Date(Date.parse(`${FIRST_WEEK}T${start}:00Z`) + firstDay * DAY_MS);
  return {
    recurringWindow: {
      startTime: wholeSeconds(opens),
      endTime: wholeSeconds(new Date(opens.getTime() + hours * HOUR_MS)),
      recurrence: `FREQ=WEEKLY;BYDAY=${inOrder.join(',')}`,
    },
    maintenanceExclusion: exclusions.map(({ name, from, until, scope }) => ({
      exclusionName: name,
      startTime: wholeSeconds(from),
      endTime: wholeSeconds(until),
      exclusionOptions: { scope: scope ?? MaintenanceScope.NODES_AND_MINOR_VERSIONS },
    })),
  };
}
