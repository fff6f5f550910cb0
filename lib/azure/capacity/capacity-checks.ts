import type { Problems } from '../../core/errors';
import type { Finding } from '../../core/findings';
import type { AzureMachine } from '../machine/machine';
import type { Capacity } from './capacity';

const PAGE = 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview';

/** Adds a problem where a machine is not sold that way: capacity reservation groups take no ND and no NCads_H100_v5. */
export function checkCapacity(problems: Problems, machine: AzureMachine, { market }: Capacity): void {
  if (market !== 'reservation' || machine.spec.capacityReservationGroup !== false) return;
  problems.add({
    code: 'MarketUnsupported',
    prop: 'capacity',
    allowed: `on-demand or spot for ${machine.name}: capacity reservation groups do not take it`,
    got: market,
    fix: 'Use Capacity.onDemand(), and ask Azure to hold quota and machines for you.',
  });
}

/** What is doubtful in a capacity: whether a reservation takes the machine is a matter of the region. */
export function capacityFindings(machine: AzureMachine, { market }: Capacity): Finding[] {
  if (market !== 'reservation') return [];
  const { capacityReservationGroup: taken } = machine.spec;
  const told = taken === undefined ? 'No source tells whether' : 'Not in every region do';
  return [
    {
      id: 'capacity/reservation-region',
      level: 'warning',
      message: `${told} capacity reservation groups take ${machine.name}.`,
      fix: `Look for CapacityReservationSupported in \`az vm list-skus --size ${machine.name}\`.`,
      evidence: PAGE,
    },
  ];
}
