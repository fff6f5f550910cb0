import fc from 'fast-check';
import {
  type ClusterMaintenance,
  ClusterSource,
  ControlPlane,
  GoogleMachine,
  MaintenanceScope,
  TrainingCluster,
  WeekDay,
} from 'ai-infra-constructs/google';
import { newStack, problemsOf, theOnly } from '../support';

function policyOf(maintenance?: ClusterMaintenance) {
  const stack = newStack();
  new ControlPlane(stack, 'ControlPlane', { region: 'us-central1', maintenance });
  return theOnly(stack, 'google_container_cluster').maintenance_policy;
}

function refused(maintenance: object): string[] {
  return problemsOf(() => policyOf(maintenance as ClusterMaintenance)).map(({ code, prop }) => `${code} ${prop}`);
}

const [from, until] = [new Date('2027-01-01T00:00:00.5Z'), new Date('2027-03-01')];

test('allows upgrades on the nights of Saturday and Sunday by default', () => {
  expect(policyOf()).toEqual({
    maintenance_exclusion: [],
    recurring_window: {
      // A Saturday.
      start_time: '2026-01-10T22:00:00Z',
      end_time: '2026-01-11T06:00:00Z',
      recurrence: 'FREQ=WEEKLY;BYDAY=SA,SU',
    },
  });
});

test('opens the window on the first listed day of the week, in any order', () => {
  const days = [WeekDay.THURSDAY, WeekDay.TUESDAY, WeekDay.THURSDAY];
  expect(policyOf({ window: { days, start: '01:30', hours: 6 } }).recurring_window).toEqual({
    start_time: '2026-01-06T01:30:00Z',
    end_time: '2026-01-06T07:30:00Z',
    recurrence: 'FREQ=WEEKLY;BYDAY=TU,TH',
  });
});

test('excludes node upgrades by default, with whole seconds, or the given scope', () => {
  const exclusions = [
    { name: 'pretraining', from, until },
    { name: 'freeze', from, until, scope: MaintenanceScope.ALL },
  ];
  const [start_time, end_time] = ['2027-01-01T00:00:00Z', '2027-03-01T00:00:00Z'];
  expect(policyOf({ exclusions }).maintenance_exclusion).toEqual([
    { exclusion_name: 'pretraining', start_time, end_time, exclusion_options: { scope: 'NO_MINOR_OR_NODE_UPGRADES' } },
    { exclusion_name: 'freeze', start_time, end_time, exclusion_options: { scope: 'NO_UPGRADES' } },
  ]);
});

test('applies to the new control plane of a training cluster', () => {
  const props = { machine: GoogleMachine.G2_STANDARD_48, nodes: 1, zone: 'us-central1-a' };
  const maintenance = { exclusions: [{ name: 'pretraining', from, until }] };
  const stack = newStack();
  new TrainingCluster(stack, 'Training', { ...props, cluster: ClusterSource.create({ maintenance }) });
  expect(theOnly(stack, 'google_container_cluster').maintenance_policy.maintenance_exclusion).toHaveLength(1);
});

test('is validated by a training cluster before it creates resources', () => {
  const stack = newStack();
  const window = { days: [WeekDay.SUNDAY], start: '22:00', hours: 4 };
  const cluster = ClusterSource.create({ maintenance: { window } });
  const props = { machine: GoogleMachine.G2_STANDARD_48, nodes: 1, zone: 'us-central1-a', cluster };
  const before = stack.node.findAll().length;
  const [problem] = problemsOf(() => new TrainingCluster(stack, 'Training', props));
  expect(problem).toMatchObject({ code: 'MaintenanceWindow', prop: 'cluster.maintenance.window.days' });
  // The construct exists, without children.
  expect(stack.node.findAll()).toHaveLength(before + 1);
});

describe('rejects', () => {
  const window = { days: [WeekDay.SATURDAY, WeekDay.SUNDAY], start: '22:00', hours: 8 };

  test.each([
    ['a window shorter than 4 hours', { hours: 3 }, 'hours'],
    ['a fraction of an hour', { hours: 8.5 }, 'hours'],
    ['a window longer than 24 hours', { hours: 25 }, 'hours'],
    ['NaN hours', { hours: NaN }, 'hours'],
    ['an empty list of days', { days: [] }, 'days'],
    ['fewer than 48 hours in 32 days', { days: [WeekDay.SUNDAY], hours: 11 }, 'days'],
    ['one day that is listed twice', { days: [WeekDay.SUNDAY, WeekDay.SUNDAY] }, 'days'],
    ['an invalid time of day', { start: '24:00' }, 'start'],
  ])('%s', (_, wrong, prop) => {
    expect(refused({ window: { ...window, ...wrong } })).toEqual([`MaintenanceWindow maintenance.window.${prop}`]);
  });

  test('an unknown day', () => {
    expect(refused({ window: { ...window, days: ['SAT'] } })).toEqual(['ChoiceUnknown maintenance.window.days[0]']);
  });

  test('an exclusion that ends before it starts, or has an invalid date', () => {
    const name = 'run';
    const until = 'MaintenanceExclusion maintenance.exclusions[0].until';
    expect(refused({ exclusions: [{ name, from, until: from }] })).toEqual([until]);
    expect(refused({ exclusions: [{ name, from, until: new Date('soon') }] })).toEqual([until]);
  });

  test('two exclusions with one name, and more than GKE supports', () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ name: `run-${index}`, from, until }));
    expect(refused({ exclusions: many })).toEqual(['MaintenanceExclusion maintenance.exclusions']);
    expect(policyOf({ exclusions: many.slice(1) }).maintenance_exclusion).toHaveLength(20);
    expect(refused({ exclusions: [many[0], many[0]] })).toEqual([
      'MaintenanceExclusion maintenance.exclusions[1].name',
    ]);
  });
});

/** The minimum number of open hours within any 32 days, counted hour by hour over a year. */
function minOpenHours(days: readonly WeekDay[], hours: number): number {
  const week = Object.values(WeekDay);
  const open = new Array<boolean>(365 * 24).fill(false);
  for (let day = 0; day < 364; day += 1) {
    if (days.includes(week[day % 7]!)) open.fill(true, day * 24 + 20, day * 24 + 20 + hours);
  }
  const starts = Array.from({ length: 7 * 24 }, (_, start) => start + 14 * 24);
  return Math.min(...starts.map((start) => open.slice(start, start + 32 * 24).filter(Boolean).length));
}

test('rejects a window exactly if it has less than 48 hours within some 32 days, or less than 4 hours at a time', () => {
  const days = fc.uniqueArray(fc.constantFrom(...Object.values(WeekDay)), { minLength: 1 });
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 26 }), (chosen, hours) => {
      const enough = hours >= 4 && hours <= 24 && minOpenHours(chosen, hours) >= 48;
      const maintenance = { window: { days: chosen, start: '20:00', hours } };
      expect(enough ? policyOf(maintenance) : refused(maintenance)).toBeTruthy();
    }),
    { numRuns: 60 },
  );
});
