import type { ProblemCollector } from '../../core/errors';
import type { Finding } from '../../core/findings';
import type { AzureMachine } from '../machine/machine';
import { AzureMarket, type Capacity } from './capacity';

const PAGE = 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview';

/** Adds a problem if the machine does not support capacity reservations: ND and NCads_H100_v5 do not. */
export function checkCapacity(problems: ProblemCollector, machine: AzureMachine, { market }: Capacity): void {
  if (market !== AzureMarket.RESERVATION || machine.spec.capacityReservationGroup !== false) return;
  problems.add({
    code: 'MarketUnsupported',
    prop: 'capacity',
    allowed: `on-demand or spot for ${machine.name}, which does not support capacity reservations`,
    got: market,
    fix: 'Use Capacity.onDemand(), and ask Azure to reserve quota and machines.',
  });
}

/** Findings of a capacity. Support for capacity reservations depends on the region. */
export function capacityFindings(machine: AzureMachine, { market }: Capacity): Finding[] {
  if (market !== AzureMarket.RESERVATION) return [];
  const { capacityReservationGroup: supported } = machine.spec;
  return [
    {
      id: 'capacity/reservation-region',
      level: 'warning',
      message:
        supported === undefined
          ? `No source says whether capacity reservations support ${machine.name}.`
          : `Capacity reservations do not support ${machine.name} in every region.`,
      fix: `Check CapacityReservationSupported in \`az vm list-skus --size ${machine.name}\`.`,
      evidence: PAGE,
    },
  ];
}
