import type { Finding } from './findings';

/** That spot machines have no successor. */
export function nothingTakesOver(machine: string, evidence: string): Finding {
  return {
    id: 'spot/no-fallback',
    level: 'info',
    message: `Nothing takes over when there is no spot capacity of ${machine}.`,
    fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }).',
    evidence,
  };
}

/** That a reservation which is made has an end. @param then what comes of its machines @param fix what to do about it */
export function reservationEnds(machines: string, until: Date, then = '', fix = 'Renew it before.'): Finding {
  return {
    id: 'capacity/expires',
    level: 'info',
    message: `The reservation of ${machines} ends on ${until.toISOString().slice(0, 10)}${then}.`,
    fix,
    evidence: 'until of Capacity.newReservation',
  };
}
