import { findingsOf, type Price } from 'ai-infra-constructs';
import { Capacity, Commitment, type CommitmentProps, GoogleMachine } from 'ai-infra-constructs/google';
import fc from 'fast-check';
import { committedCost, costOf, commitmentType } from '../../../lib/google/capacity/commitment';
import { priceMarket } from '../../../lib/google/machine/planned-machine';
import { ProblemCollector } from '../../../lib/core/errors';
import { codesOf, newStack, problemsOf, refusalsOf, resourcesOf, synthPool, theOnly, ZONE } from '../support';

const BOUGHT = { years: 3, confirm: 'this purchase cannot be undone' } as const;
const PROPS: CommitmentProps = {
  ...BOUGHT,
  machine: GoogleMachine.A3_MEGAGPU_8G,
  nodes: 4,
  zone: ZONE,
  reservation: 'research',
};

function synth(props: Partial<CommitmentProps> = {}) {
  const stack = newStack();
  const commitment = new Commitment(stack, 'Commitment', { ...PROPS, ...props });
  return { stack, commitment, resource: theOnly(stack, 'google_compute_region_commitment') };
}

describe('a commitment', () => {
  test('covers all vCPUs, memory, GPUs and local SSDs of its machines, and uses their reservation', () => {
    expect(synth().resource).toMatchObject({
      region: 'us-central1',
      category: 'MACHINE',
      type: 'ACCELERATOR_OPTIMIZED_A3_MEGA',
      plan: 'THIRTY_SIX_MONTH',
      auto_renew: false,
      existing_reservations: expect.stringMatching(/^projects\/\${.*}\/zones\/us-central1-b\/reservations\/research$/),
      resources: [
        { type: 'VCPU', amount: '832' },
        { type: 'MEMORY', amount: String(4 * 1872 * 1024) },
        { type: 'ACCELERATOR', amount: '32', accelerator_type: 'nvidia-h100-mega-80gb' },
        { type: 'LOCAL_SSD', amount: String(4 * 16 * 375) },
      ],
      // The API does not return reservations. A difference would buy another commitment.
      lifecycle: { prevent_destroy: true, ignore_changes: ['existing_reservations'] },
    });
  });

  test('covers no local SSD if the machine has none attached', () => {
    const { resource } = synth({ machine: GoogleMachine.G2_STANDARD_96, years: 1 });
    expect(resource).toMatchObject({ plan: 'TWELVE_MONTH', type: 'GRAPHICS_OPTIMIZED' });
    expect(resource.resources.map(({ type }: { type: string }) => type)).toEqual(['VCPU', 'MEMORY', 'ACCELERATOR']);
  });

  test('records its obligation, and its cost or the reason that the cost is unknown', () => {
    const { commitment } = synth();
    expect(commitment.cost.totalUsd).toBeUndefined();
    expect(findingsOf(commitment)).toEqual([
      expect.objectContaining({
        id: 'cost/commitment',
        level: 'warning',
        message: expect.stringMatching(/^4 a3-megagpu-8g are billed for 3 years, .* the price is unknown: /),
      }),
    ]);
  });

  test.each([
    [GoogleMachine.A2_HIGHGPU_8G, 'ACCELERATOR_OPTIMIZED'],
    [GoogleMachine.A3_HIGHGPU_8G, 'ACCELERATOR_OPTIMIZED_A3'],
    [GoogleMachine.A3_EDGEGPU_8G, 'ACCELERATOR_OPTIMIZED_A3'],
    [GoogleMachine.A3_MEGAGPU_8G, 'ACCELERATOR_OPTIMIZED_A3_MEGA'],
    [GoogleMachine.G2_STANDARD_4, 'GRAPHICS_OPTIMIZED'],
    [GoogleMachine.G4_STANDARD_48, 'GRAPHICS_OPTIMIZED_G4'],
    [GoogleMachine.A3_ULTRAGPU_8G, undefined],
    [GoogleMachine.A4_HIGHGPU_8G, undefined],
    [GoogleMachine.A4X_HIGHGPU_4G, undefined],
    [GoogleMachine.G4_STANDARD_6, undefined],
    [GoogleMachine.CT6E_STANDARD_4T, undefined],
  ])('for %s has type %s', (machine, type) => {
    const problems = new ProblemCollector();
    expect(commitmentType(problems, 'machine', machine)).toBe(type);
    expect(problems.all.map(({ code }) => code)).toEqual(type === undefined ? ['CommitmentMachine'] : []);
  });

  test.each([
    [{ years: 2 }, 'CommitmentTerm', 'years'],
    [{ confirm: 'yes' }, 'CapacityUnconfirmed', 'confirm'],
    [{ machine: GoogleMachine.A4_HIGHGPU_8G }, 'CommitmentMachine', 'machine'],
    [{ nodes: 0 }, 'NodesOutOfRange', 'nodes'],
    [{ zone: 'us-central1' }, 'LocationInvalid', 'zone'],
    [{ reservation: '' }, 'PropType', 'reservation'],
    [{ autoRenew: 'no' }, 'PropType', 'autoRenew'],
    [{ years: undefined }, 'ValueMissing', 'years'],
  ])('rejects %j', (props, code, prop) => {
    expect(problemsOf(() => synth(props as never))).toEqual([expect.objectContaining({ code, prop })]);
  });
});

test('a commitment for any machine covers whole amounts, memory in steps of 256 MB, and all reserved GPUs', () => {
  const sold = GoogleMachine.all.filter(
    (machine) => commitmentType(new ProblemCollector(), 'machine', machine) !== undefined,
  );
  expect(sold.length).toBeGreaterThan(20);
  fc.assert(
    fc.property(fc.constantFrom(...sold), fc.integer({ min: 1, max: 1000 }), (machine, nodes) => {
      const { resource } = synth({ machine, nodes });
      const amounts = Object.fromEntries(
        (resource.resources as { type: string; amount: string }[]).map(({ type, amount }) => [type, Number(amount)]),
      );
      expect(Object.values(amounts).every((amount) => Number.isSafeInteger(amount) && amount > 0)).toBe(true);
      expect(amounts.MEMORY! % 256).toBe(0);
      expect(amounts.ACCELERATOR).toBe(machine.spec.accelerators * nodes);
    }),
    { numRuns: 40 },
  );
});

describe('the cost of a commitment', () => {
  test('is the catalog price until the end of the term, if the catalog has a price for the term', () => {
    const price = { usdPerHour: 40, termYears: 3, source: 'the list' } as Price;
    expect(costOf({ price }, { nodes: 2, years: 3 })).toEqual({
      totalUsd: 40 * 2 * 3 * 8760,
      text: '2102400 USD in total, at 40 USD per hour (the list)',
    });
    expect(costOf({ price }, { nodes: 2, years: 1 }).totalUsd).toBeUndefined();
    const undated = { usdPerHour: 40, source: 'the list' } as Price;
    expect(costOf({ price: undated }, { nodes: 2, years: 1 }).text).toMatch(/a price for unknown years$/);
    expect(committedCost('a3-megagpu-8g', 'us', { nodes: 1, years: 3 }).text).toMatch(/only the accelerators/);
  });

  test('uses the committed market for three years, and the on-demand market for one year', () => {
    const buy = (years: 1 | 3) =>
      Capacity.newReservation({ confirm: 'costs until deleted', commitment: { ...BOUGHT, years } });
    expect([priceMarket(buy(3)), priceMarket(buy(1))]).toEqual(['committed', 'on-demand']);
  });
});

/** Attributes that the API returns, for which the provider would replace the reservation. */
const IGNORED = [
  'specific_reservation[0].instance_properties[0].guest_accelerators',
  'specific_reservation[0].instance_properties[0].local_ssds',
];

describe('a new reservation with a commitment', () => {
  const capacity = Capacity.newReservation({ confirm: 'costs until deleted', commitment: BOUGHT });

  test('is created before the commitment and protected from deletion', () => {
    const { stack, pool, resource } = synthPool({ machine: GoogleMachine.A3_HIGHGPU_8G, nodes: 2, capacity });
    const [[id, reservation]] = Object.entries(resourcesOf(stack, 'google_compute_reservation')) as [[string, never]];
    expect(reservation).toMatchObject({ lifecycle: { prevent_destroy: true, ignore_changes: IGNORED } });
    const bought = theOnly(stack, 'google_compute_region_commitment');
    expect(bought.existing_reservations).toContain(`\${google_compute_reservation.${id}.name}`);
    expect(bought.resources[0]).toEqual({ type: 'VCPU', amount: '416' });
    expect(resource.node_config.reservation_affinity.values).toEqual([`\${google_compute_reservation.${id}.name}`]);
    expect(pool.reservation!.commitment).toBeDefined();
  });

  test('is rejected for a machine without commitments in the API', () => {
    expect(codesOf(() => synthPool({ machine: GoogleMachine.A3_ULTRAGPU_8G, capacity }))).toEqual([
      'MarketUnsupported',
      'CommitmentMachine',
    ]);
  });

  test('has no commitment by default', () => {
    const { stack } = synthPool({
      machine: GoogleMachine.A3_MEGAGPU_8G,
      capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
    });
    expect(resourcesOf(stack, 'google_compute_region_commitment')).toEqual({});
    expect(theOnly(stack, 'google_compute_reservation').lifecycle).toEqual({ ignore_changes: IGNORED });
  });

  test('rejects an end and a wrong confirmation, and reports all problems', () => {
    const ask = () =>
      Capacity.newReservation({
        confirm: 'yes' as never,
        until: new Date('2031-01-01'),
        commitment: { years: 5 as never, confirm: 'costs until deleted' as never },
      });
    expect(refusalsOf(ask)).toEqual([
      'CapacityUnconfirmed confirm',
      'CommitmentTerm commitment.years',
      'CapacityUnconfirmed commitment.confirm',
      'CommitmentTerm until',
    ]);
  });
});
