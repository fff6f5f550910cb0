import { Token } from 'aws-cdk-lib';
import type { Problems } from '../../core/errors';
import type { Capacity } from './capacity';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import type { AwsMachine } from '../machine/machine';

/** Adds a problem where an UltraServer machine is bought otherwise than it is sold. */
export function checkUltraServer(problems: Problems, { machine, nodes, capacity }: EfaNodeGroupOptions): void {
  const sizes = machine.spec.ultraServerNodes;
  if (!sizes || machine.isNeuron || !Number.isInteger(nodes) || nodes < 1 || nodes > Math.max(...sizes)) return;
  const counts = sizes.join(' or ');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'UltraServerCapacity', prop, allowed, got, fix });
  if (capacity?.market !== 'capacity-block') {
    const got = capacity?.market ?? 'on-demand';
    wrong(
      'capacity',
      `a capacity block: ${machine.name} is sold no other way`,
      got,
      "Use Capacity.capacityBlock('cr-…').",
    );
  }
  if (!sizes.includes(nodes)) {
    wrong(
      'nodes',
      `${counts}: ${machine.name} is sold as whole UltraServers, one a group`,
      nodes,
      `Make nodes ${counts}.`,
    );
  }
}

/** Adds everything in which a capacity contradicts the machine that is bought, or itself. */
export function checkCapacity(problems: Problems, machine: AwsMachine, capacity: Capacity): void {
  if (!machine.markets.includes(capacity.market) && !(machine.isUltraServer && !machine.isNeuron)) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: `one of ${machine.markets.join(', ')} for ${machine.name}`,
      got: capacity.market,
      fix: 'Buy it in a market where it is sold.',
    });
  }
  checkReservation(problems, machine, capacity);
  const { fallback } = capacity;
  if (fallback && fallback.market !== 'on-demand') {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'Capacity.onDemand(): one launch uses one kind of reserved capacity, and never together with spot',
      got: fallback.market,
      fix: 'Put reserved capacity into a group of its own.',
    });
  }
}

const RESERVATION_ID = /^cr-([0-9a-f]{8}|[0-9a-f]{17})$/;

function isReservationId(id: unknown): boolean {
  return typeof id === 'string' && (Token.isUnresolved(id) || RESERVATION_ID.test(id));
}

function checkReservation(
  problems: Problems,
  machine: AwsMachine,
  { usesReservation, reservationId, machine: reserved, until }: Capacity,
): void {
  if (usesReservation && !isReservationId(reservationId)) {
    problems.add({
      code: 'CapacityReservationId',
      prop: 'capacity.reservationId',
      allowed: '"cr-" and 8 or 17 hexadecimal digits',
      got: reservationId,
      fix: 'Copy the id from `aws ec2 describe-capacity-reservations`.',
    });
  }
  if (reserved && reserved.name !== machine.name) {
    problems.add({
      code: 'ReservationMachine',
      prop: 'capacity.machine',
      allowed: `${machine.name}, the machine of the nodes`,
      got: reserved.name,
      fix: `Use a reservation of ${machine.name}, or make the nodes ${reserved.name}.`,
    });
  }
  if (until && !(until.getTime() > Date.now())) {
    problems.add({
      code: 'CapacityDate',
      prop: 'capacity.until',
      allowed: 'a date in the future',
      got: Number.isNaN(until.getTime()) ? 'an invalid date' : until.toISOString(),
      fix: 'Give the day on which the reservation should end, or leave it out.',
    });
  }
}
