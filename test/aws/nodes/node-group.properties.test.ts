import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
  EfaNodeGroup,
  type EfaNodeGroupOptions,
  Interconnect,
  NodeOs,
} from 'ai-infra-constructs/aws';
import { STRICT, clusterStack, validated } from '../support';

const SEED = Number(process.env.FC_SEED ?? 20_261_125);

const machine = fc.constantFrom(...AwsMachine.all);
const reservationId = fc.oneof(
  { weight: 4, arbitrary: fc.constant('cr-0123456789abcdef0') },
  { weight: 1, arbitrary: fc.string() },
);
const capacity = fc.oneof(
  fc.constant(Capacity.onDemand()),
  fc.constantFrom(
    Capacity.spot(),
    Capacity.spot({ fallback: Capacity.onDemand() }),
    Capacity.spot({ fallback: Capacity.newReservation() }),
  ),
  fc.date().map((until) => Capacity.newReservation({ until })),
  fc.constant(Capacity.newReservation()),
  reservationId.map((id) => Capacity.capacityBlock(id)),
  fc
    .tuple(reservationId, fc.option(machine, { nil: undefined }))
    .map(([id, reserved]) => Capacity.reservation(id, { machine: reserved })),
);
const interconnect = fc.oneof(
  fc.constantFrom(Interconnect.efa(), Interconnect.none()),
  fc.array(fc.integer({ min: -1, max: 33 }), { maxLength: 4 }).map((cards) => Interconnect.efaOnCards(cards)),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const options: fc.Arbitrary<EfaNodeGroupOptions> = fc.record({
  machine,
  nodes: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(1, 2, 4, 9, 18, 64) }, fc.integer(), fc.double()),
  capacity: maybe(capacity),
  interconnect: maybe(interconnect),
  os: maybe(fc.constantFrom(...Object.values(NodeOs))),
  scratch: maybe(fc.boolean()),
  rootVolumeGiB: maybe(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 20, max: 16_384 }) }, fc.double())),
  ignoredXids: maybe(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 4 })),
  commands: maybe(fc.array(fc.string(), { maxLength: 2 })),
});

function build(each: EfaNodeGroupOptions, app = new App()): EfaNodeGroup {
  const { stack, cluster } = clusterStack({}, app);
  const subnets = { subnets: cluster.vpc.privateSubnets.slice(0, 1) };
  return new EfaNodeGroup(stack, 'Nodes', { ...each, cluster, subnets });
}

test('accepted options wire a legal node, and rejected ones give a coded error that names the option', () => {
  const seen = { accepted: 0, rejected: 0 };
  fc.assert(
    fc.property(options, (each) => {
      let group: EfaNodeGroup;
      try {
        group = build(each);
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        for (const { prop } of error.problems) expect(Object.keys(each)).toContain(prop.split('.')[0]);
        seen.rejected++;
        return;
      }
      seen.accepted++;
      expectLegal(group);
    }),
    { seed: SEED, numRuns: 400 },
  );
  // Neither side may be empty, or the property says nothing.
  expect(seen.accepted).toBeGreaterThan(40);
  expect(seen.rejected).toBeGreaterThan(40);
});

test('whatever is accepted passes the CloudFormation validator', () => {
  validated(() => {
    const samples = fc.sample(options, { seed: SEED, numRuns: 120 });
    const app = new App(STRICT);
    const { stack, cluster } = clusterStack({}, app);
    const subnets = { subnets: cluster.vpc.privateSubnets.slice(0, 1) };
    const accepted = samples.filter((each, index) => {
      try {
        new EfaNodeGroup(stack, `Nodes${index}`, { ...each, cluster, subnets });
        return true;
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        return false;
      }
    });
    expect(accepted.length).toBeGreaterThan(10);
    expect(() => app.synth()).not.toThrow();
  });
});

test('the same options give the same template, and another option moves no logical id', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('p5.48xlarge', 'trn1.32xlarge', 'g6e.48xlarge').map((name) => AwsMachine.fromName(name)),
      fc.integer({ min: 20, max: 999 }),
      (chosen, rootVolumeGiB) => {
        const synth = (change: Partial<EfaNodeGroupOptions>) =>
          Template.fromStack(Stack.of(build({ machine: chosen, nodes: 2, ...change }))).toJSON();
        expect(synth({ rootVolumeGiB })).toEqual(synth({ rootVolumeGiB }));
        expect(Object.keys(synth({ rootVolumeGiB }).Resources)).toEqual(
          Object.keys(synth({ nodes: 3, labels: { a: 'b' } }).Resources),
        );
      },
    ),
    { seed: SEED, numRuns: 15 },
  );
});

function expectLegal(group: EfaNodeGroup): void {
  const { cards, efaInterfaces } = group.machine.spec;
  expect(group.efaInterfacesPerNode).toBeLessThanOrEqual(efaInterfaces);
  const [primary, ...others] = group.interfaces;
  expect(primary).toMatchObject({ networkCardIndex: 0, deviceIndex: 0 });
  expect(others.every(({ networkCardIndex }) => cards[networkCardIndex]?.efa)).toBe(true);
  const places = group.interfaces.map(({ networkCardIndex, deviceIndex }) => `${networkCardIndex}/${deviceIndex}`);
  expect(new Set(places).size).toBe(places.length);
  expect(group.subnets).toHaveLength(1);
}
