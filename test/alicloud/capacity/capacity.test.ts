import { Capacity } from 'ai-infra-constructs/alicloud';
import { codesOf } from '../support';

test.each<[string, () => Capacity, string]>([
  ['a spot fallback that is not on-demand', () => Capacity.spot({ fallback: Capacity.spot() }), 'CapacityFallback'],
  ['a price of 0', () => Capacity.spot({ maxPricePerHour: 0 }), 'PriceInvalid'],
  ['the name of a private pool', () => Capacity.reservation('pretraining'), 'ResourceIdInvalid'],
  ['an unconfirmed reservation', () => Capacity.newReservation({ confirm: 'yes' as never }), 'CapacityUnconfirmed'],
  [
    'an end in 1970',
    () => Capacity.newReservation({ confirm: 'costs until deleted', until: new Date(1_800_000) }),
    'CapacityDate',
  ],
  ['an unconfirmed assurance', () => Capacity.assurance({ months: 1, confirm: 'yes' as never }), 'CapacityUnconfirmed'],
  [
    'an assurance of 10 months',
    () => Capacity.assurance({ months: 10, confirm: 'costs for the whole period' }),
    'CommitmentTerm',
  ],
  [
    'Lingjun nodes without bandwidth',
    () => Capacity.lingjun({ clusterId: 'c', nodeGroupId: 'g', fabricGbps: 0 }),
    'BandwidthInvalid',
  ],
])('rejects %s', (_, create, code) => {
  expect(codesOf(create)).toEqual([code]);
});

test('marks the capacity whose nodes follow the work', () => {
  expect(Capacity.spot().isElastic).toBe(true);
  expect(Capacity.onDemand().isElastic).toBe(false);
  expect(Capacity.reservation('eap-bp67acfmxazb4wxyz').privatePoolId).toBe('eap-bp67acfmxazb4wxyz');
});
