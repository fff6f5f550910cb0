import { Capacity } from 'ai-infra-constructs/google';
import { codesOf, problemsOf } from '../support';

test('flex-start runs for at most a week', () => {
  expect(Capacity.flexStart().maxRunDays).toBe(7);
  for (const maxRunDays of [0, -1, 7.1, Number.NaN]) {
    expect(problemsOf(() => Capacity.flexStart({ maxRunDays }))).toEqual([
      expect.objectContaining({ code: 'CapacityDuration', got: maxRunDays }),
    ]);
  }
});

test('rejects a sub-block without a block', () => {
  expect(problemsOf(() => Capacity.reservation('r', { subBlock: 's' }))).toEqual([
    expect.objectContaining({ code: 'ReservationBlock', prop: 'block' }),
  ]);
});

test('requires confirmation for a new reservation', () => {
  expect(codesOf(() => Capacity.newReservation({ confirm: 'yes' as never }))).toEqual(['CapacityUnconfirmed']);
  expect(codesOf(() => Capacity.newReservation(undefined as never))).toEqual(['ValueMissing']);
  expect(Capacity.newReservation({ confirm: 'costs until deleted' }).createsReservation).toBe(true);
});

test.each([new Date(Number.NaN), new Date('soon'), new Date(1_767_225_600), new Date(1_767_225_600e6)])(
  'rejects the invalid end %s of a reservation',
  (until) => {
    expect(problemsOf(() => Capacity.newReservation({ until, confirm: 'costs until deleted' }))).toEqual([
      expect.objectContaining({ code: 'CapacityDate', prop: 'until' }),
    ]);
  },
);

test.each([
  [() => Capacity.reservation(''), 'PropType'],
  [() => Capacity.reservation(undefined as never), 'ValueMissing'],
  [() => Capacity.flexStart({ queued: 'yes' as never }), 'PropType'],
])('rejects a wrong type: %s', (run, code) => {
  expect(codesOf(run)).toEqual([code]);
});

test.each<[string, Parameters<typeof Capacity.reservation>]>([
  ['name', ['my res/../x']],
  ['name', ['projects/p/reservations/r']],
  ['project', ['r', { project: 'Project P' }]],
  ['block', ['r', { block: 'b/c' }]],
  ['subBlock', ['r', { block: 'b', subBlock: '../s' }]],
])('rejects a %s that is not the name of a resource', (prop, args) => {
  expect(problemsOf(() => Capacity.reservation(...args))).toMatchObject([{ code: 'ResourceIdInvalid', prop }]);
});
