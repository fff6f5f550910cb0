import { Size } from 'aws-cdk-lib';
import fc from 'fast-check';
import { AwsMachine, Capacity, type EfaNodeGroupOptions, Interconnect, NodeOs } from 'ai-infra-constructs/aws';

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
    Capacity.spot({ fallback: Capacity.newReservation({ confirm: 'costs until deleted' }) }),
  ),
  fc.date().map((until) => Capacity.newReservation({ confirm: 'costs until deleted', until })),
  fc.constant(Capacity.newReservation({ confirm: 'costs until deleted' })),
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

/** Options of a node group. Many of them are invalid. */
export const options: fc.Arbitrary<EfaNodeGroupOptions> = fc.record({
  machine,
  nodes: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(1, 2, 4, 9, 18, 64) }, fc.integer(), fc.double()),
  capacity: maybe(capacity),
  interconnect: maybe(interconnect),
  nodeOptions: fc.record({
    os: maybe(fc.constantFrom(...Object.values(NodeOs))),
    scratch: maybe(fc.boolean()),
    bootDisk: maybe(
      fc
        .oneof({ weight: 4, arbitrary: fc.integer({ min: 20, max: 16_384 }) }, fc.double({ min: 0, noNaN: true }))
        .map((gib) => Size.gibibytes(gib)),
    ),
    ignoredXids: maybe(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 4 })),
    commands: maybe(fc.array(fc.string(), { maxLength: 2 })),
    taints: maybe(fc.constantFrom([], [{ key: 'example.com/team', effect: 'NoExecute' as const }])),
    maxPodsPerNode: maybe(fc.constantFrom(110, 250)),
    kubelet: maybe(fc.record({ cpuManagerPolicy: maybe(fc.constantFrom('none' as const, 'static' as const)) })),
    sysctls: maybe(fc.constantFrom<Record<string, string>[]>({}, { 'net.core.rmem_max': '16777216' })),
  }),
});
