import { Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import type { Capacity } from './capacity';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import type { AwsMachine } from '../machine/machine';

/** Adds a problem if AWS does not sell an UltraServer machine with this capacity or in this number. */
export function checkUltraServer(problems: ProblemCollector, { machine, nodes, capacity }: EfaNodeGroupOptions): void {
  const sizes = machine.spec.ultraServerNodes;
  if (!sizes || machine.isNeuron || !Number.isInteger(nodes) || nodes < 1 || nodes > Math.max(...sizes)) return;
  const counts = sizes.join(' or ');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'UltraServerCapacity', prop, allowed, got, fix });
  if (capacity?.market !== 'capacity-block') {
    const got = capacity?.market ?? 'on-demand';
    wrong(
      'capacity',
      `a capacity block, the only purchase option for ${machine.name}`,
      got,
      "Use Capacity.capacityBlock('cr-…').",
    );
  }
  if (!sizes.includes(nodes)) {
    wrong(
      'nodes',
      `${counts} for ${machine.name}, the size of one UltraServer`,
      nodes,
      'Create one group for each UltraServer.',
    );
  }
}

/** Adds each problem with a capacity for a machine. */
export function checkCapacity(problems: ProblemCollector, machine: AwsMachine, capacity: Capacity): void {
  if (!machine.markets.includes(capacity.market) && !(machine.isUltraServer && !machine.isNeuron)) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: `one of ${machine.markets.join(', ')} for ${machine.name}`,
      got: capacity.market,
      fix: 'Use a capacity with one of these markets.',
    });
  }
  checkReservation(problems, machine, capacity);
  const { fallback } = capacity;
  if (fallback && fallback.market !== 'on-demand') {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'Capacity.onDemand()',
      got: fallback.market,
      fix: 'Use a separate group for reserved capacity.',
    });
  }
}

const RESERVATION_ID = /^cr-([0-9a-f]{8}|[0-9a-f]{17})$/;

function isReservationId(id: unknown): boolean {
  return typeof id === 'string' && (Token.isUnresolved(id) || RESERVATION_ID.test(id));
}

function checkReservation(
  problems: ProblemCollector,
  machine: AwsMachine,
  { usesReservation, reservationId, machine: reserved, until }: Capacity,
): void {
  if (usesReservation && !isReservationId(reservationId)) {
    problems.add({
      code: 'CapacityReservationId',
      prop: 'capacity.reservationId',
      allowed: '"cr-" followed by 8 or 17 hexadecimal digits',
      got: reservationId,
      fix: 'Copy the ID from `aws ec2 describe-capacity-reservations`.',
    });
  }
  if (reserved && reserved.name !== machine.name) {
    problems.add({
      code: 'ReservationMachine',
      prop: 'capacity.machine',
      allowed: `${machine.name}, the machine of the nodes`,
      got: reserved.name,
      fix: `Use a reservation for ${machine.name}, or set machine to ${reserved.name}.`,
    });
  }
  if (until && !(until.getTime() > Date.now())) {
    problems.add({
      code: 'CapacityDate',
      prop: 'capacity.until',
      allowed: 'a date in the future',
      got: Number.isNaN(until.getTime()) ? 'an invalid date' : until.toISOString(),
      fix: 'Use a later date, or remove until.',
    });
  }
}
