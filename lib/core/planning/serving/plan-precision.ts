import type { Precision } from '../../workload/model-spec';
import type { ServingLoad } from '../../workload/serving-load';
import type { PlanHardware } from '../layout/plan-hardware';
import { bestReplica, machinesFor, placeReplica, type ReplicaInput, type ResolvedReplica } from './plan-replicas';
import { type ServingTerms, weightPrecisions } from './serving-terms';

/** The precision of a plan, and its best replica. */
export interface ChosenPrecision {
  readonly terms: ServingTerms;
  /** @default - no replica fits and is fast enough */
  readonly best?: ResolvedReplica;
}

/**
 * Returns the precision whose best replicas meet the latency targets on the smallest number of machines. Among equals, the precision of the
 * published weights comes first.
 */
export function bestPrecision(
  load: ServingLoad,
  hardware: PlanHardware,
  inputOf: (precision: Precision) => ReplicaInput,
): ChosenPrecision {
  const choices = weightPrecisions(load, hardware.chip).map((precision) => {
    const input = inputOf(precision);
    const best = bestReplica(input);
    return { terms: input.terms, ...(best && { best }), rank: rankOf(best, hardware) };
  });
  return choices.reduce((one, other) => (other.rank < one.rank ? other : one));
}

function rankOf(best: ResolvedReplica | undefined, hardware: PlanHardware): number {
  if (!best) return Infinity;
  const machines = machinesFor(hardware, placeReplica(hardware, best.accelerators, true), best.replicas.count);
  return machines + (best.latency && best.latency.verdict !== 'ok' ? TOO_SLOW : 0);
}

/** More machines than any load needs. */
const TOO_SLOW = 1e12;
