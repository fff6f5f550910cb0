import type { Finding } from './findings';

/** The finding for values of a machine that no documentation confirms. @param fix how to verify them */
export function unreadFigures(machine: string, figures: string, fix: string, evidence: string): Finding {
  return {
    id: 'machine/unverified',
    level: 'info',
    message: `Some values of ${machine} were not read in a source: ${figures}.`,
    fix,
    evidence,
  };
}

/** The finding for containers with unrestricted egress. @param cloud the owner of the network that they use */
export function openContainer(cloud: string, fix: string, evidence: string): Finding {
  return {
    id: 'network/open-container',
    level: 'warning',
    message: `Containers reach the internet through the network of ${cloud}, where you cannot see or filter their traffic.`,
    fix,
    evidence,
  };
}

/** The finding for spot capacity without a fallback. */
export function noFallback(machine: string, evidence: string): Finding {
  return {
    id: 'spot/no-fallback',
    level: 'info',
    message: `There is no fallback when spot capacity for ${machine} is unavailable.`,
    fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }).',
    evidence,
  };
}

/** The finding for a new reservation with an end date. @param then what happens to its machines @param fix what to do about it */
export function reservationEnds(machines: string, until: Date, then = '', fix = 'Renew it before that date.'): Finding {
  return {
    id: 'capacity/expires',
    level: 'info',
    message: `The reservation for ${machines} ends on ${until.toISOString().slice(0, 10)}${then}.`,
    fix,
    evidence: 'until of Capacity.newReservation',
  };
}
