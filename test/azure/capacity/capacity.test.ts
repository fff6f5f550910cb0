import { AzureMachine, Capacity, ResourceGroup } from 'ai-infra-constructs/azure';
import { capacityFindings, checkCapacity, NewReservation } from '../../../lib/azure/capacity/capacity';
import { ProblemCollector } from '../../../lib/core/errors';
import { codesOf, newStack, problemsOf, theOnly } from '../support';

const GROUP = '/subscriptions/0000/resourceGroups/mine/providers/Microsoft.Compute/capacityReservationGroups/training';

test('scales from zero only on spot capacity', () => {
  expect(Capacity.onDemand()).toMatchObject({ market: 'on-demand', isElastic: false });
  expect(Capacity.spot({ maxUsdPerHour: 40.5 })).toMatchObject({
    market: 'spot',
    isElastic: true,
    maxUsdPerHour: 40.5,
  });
  expect(Capacity.reservation(GROUP)).toMatchObject({ market: 'reservation', capacityReservationGroupId: GROUP });
});

test('requires a confirmation for a new reservation', () => {
  expect(codesOf(() => Capacity.newReservation({ confirm: 'yes' as never }))).toEqual(['CapacityUnconfirmed']);
  expect(codesOf(() => Capacity.newReservation(undefined as never))).toEqual(['ValueMissing']);
  expect(Capacity.newReservation({ confirm: 'costs until deleted' }).createsReservation).toBe(true);
});

test.each([
  [() => Capacity.spot({ maxUsdPerHour: 0 }), 'PriceInvalid'],
  [() => Capacity.spot({ maxUsdPerHour: 0.000001 }), 'PriceInvalid'],
  [() => Capacity.spot({ maxUsdPerHour: Number.NaN }), 'PriceInvalid'],
  [() => Capacity.spot({ maxUsdPerHour: '40' as never }), 'PropType'],
  [() => Capacity.reservation('training'), 'ResourceIdInvalid'],
  [() => Capacity.reservation(GROUP.replace('Groups', 's')), 'ResourceIdInvalid'],
  [() => Capacity.reservation(null as never), 'ValueMissing'],
])('%s is rejected with %s', (run, code) => {
  expect(codesOf(run)).toEqual([code]);
});

test('rejects reservations of machines with InfiniBand', () => {
  const refused = AzureMachine.all.filter((machine) => {
    const problems = new ProblemCollector();
    checkCapacity(problems, machine, Capacity.reservation(GROUP));
    return problems.all.length > 0;
  });
  expect(refused.filter(({ infiniband }) => infiniband).length).toBe(8);
  expect(refused.map(({ name }) => name)).toContain('Standard_NC40ads_H100_v5');
  expect(refused.map(({ name }) => name)).not.toContain('Standard_NC24ads_A100_v4');
  for (const machine of AzureMachine.all) expect(() => throwing(machine, Capacity.onDemand())).not.toThrow();
  expect(problemsOf(() => throwing(AzureMachine.ND96ISR_H100_V5))).toEqual([
    expect.objectContaining({ code: 'MarketUnsupported', prop: 'capacity', fix: expect.stringContaining('onDemand') }),
  ]);
});

function throwing(machine: AzureMachine, capacity = Capacity.reservation(GROUP)): void {
  const problems = new ProblemCollector();
  checkCapacity(problems, machine, capacity);
  problems.throwIfAny();
}

test('reports that reservations depend on the region', () => {
  const machine = AzureMachine.NC24ADS_A100_V4;
  expect(capacityFindings(machine, Capacity.reservation(GROUP)).map(({ id }) => id)).toEqual([
    'capacity/reservation-region',
  ]);
  expect(capacityFindings(machine, Capacity.spot())).toEqual([]);
  const [unknown] = capacityFindings(
    AzureMachine.NC128DS_XL_RTXPRO6000BSE_V6,
    Capacity.newReservation({ confirm: 'costs until deleted' }),
  );
  expect(unknown?.message).toMatch(/^No source says/);
});

test('creates a reservation in the zone of the machines, in its own group', () => {
  const stack = newStack();
  const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
  const machine = AzureMachine.NC96ADS_A100_V4;
  new NewReservation(stack, 'Reservation', { resourceGroup, machine, nodes: 3, zone: '2' });
  expect(theOnly(stack, 'azurerm_capacity_reservation_group')).toMatchObject({ zones: ['2'] });
  expect(theOnly(stack, 'azurerm_capacity_reservation')).toMatchObject({
    zone: '2',
    sku: { name: 'Standard_NC96ads_A100_v4', capacity: 3 },
    capacity_reservation_group_id: expect.stringContaining('azurerm_capacity_reservation_group.'),
  });
});
