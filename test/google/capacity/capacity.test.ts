import { findingsOf } from 'ai-infra-constructs';
import { AcceleratorNodePool, Capacity, GoogleMachine } from 'ai-infra-constructs/google';
import { CLUSTER, codesOf, newStack, problemsOf, refusalsOf, resourcesOf, theOnly, ZONE } from '../support';

test('flex-start runs for at most a week', () => {
  expect(Capacity.flexStart().maxRunDays).toBe(7);
  for (const maxRunDays of [0, -1, 7.1, Number.NaN]) {
    expect(problemsOf(() => Capacity.flexStart({ maxRunDays }))).toEqual([
      expect.objectContaining({ code: 'CapacityDuration', got: maxRunDays }),
    ]);
  }
});

describe('a future reservation in calendar mode', () => {
  const until = new Date('2027-02-01');
  const capacity = Capacity.calendarReservation('jan-run', { until, block: 'block-1' });

  test('is consumed by the name of its reservation, and reports its end', () => {
    const stack = newStack();
    const props = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.A2_ULTRAGPU_8G, nodes: 2, capacity };
    const pool = new AcceleratorNodePool(stack, 'Nodes', props);
    expect(theOnly(stack, 'google_container_node_pool').node_config.reservation_affinity).toEqual({
      consume_reservation_type: 'SPECIFIC_RESERVATION',
      key: 'compute.googleapis.com/reservation-name',
      values: ['jan-run/reservationBlocks/block-1'],
    });
    expect(Object.keys(resourcesOf(stack, 'google_compute_reservation'))).toEqual([]);
    expect(findingsOf(pool)).toContainEqual(
      expect.objectContaining({
        id: 'capacity/expires',
        message: 'The reservation for 2 a2-ultragpu-8g ends on 2027-02-01. Google then deletes the machines.',
      }),
    );
  });

  test.each([
    [{ until: new Date('x') }, 'CapacityDate until'],
    [{ until, subBlock: 'sub-1' }, 'ReservationBlock block'],
    [{ until, project: 'a b' }, 'ResourceIdInvalid project'],
    [{}, 'ValueMissing until'],
  ])('rejects %j', (options, problem) => {
    expect(refusalsOf(() => Capacity.calendarReservation('jan-run', options as never))).toEqual([problem]);
  });
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
  ['name', ['1-research']],
  ['project', ['r', { project: 'Project P' }]],
  ['block', ['r', { block: 'b/c' }]],
  ['subBlock', ['r', { block: 'b', subBlock: '../s' }]],
])('rejects a %s that is not the name of a resource', (prop, args) => {
  expect(problemsOf(() => Capacity.reservation(...args))).toMatchObject([{ code: 'ResourceIdInvalid', prop }]);
});
