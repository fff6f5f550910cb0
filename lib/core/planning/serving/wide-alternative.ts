import { bestPrecision } from './plan-precision';
import { machinesFor, placeReplica } from './plan-replicas';
import { type ServingDraft, servingTerms } from './serving-terms';
import { supportsWideExperts } from './wide-experts';

/** Returns the accelerators that the load of isolated replicas needs with wide expert parallelism, or `undefined` if it is not possible. */
export function wideAlternative(draft: ServingDraft): number | undefined {
  const { load, shape, machine, hardware, replica, throughput } = draft;
  if (replica.prefillAccelerators !== undefined || !supportsWideExperts(shape, hardware)) return undefined;
  const { best } = bestPrecision(load, hardware, (precision) => ({
    terms: servingTerms(load, precision),
    chip: machine.chip,
    hardware,
    derate: throughput.derate,
    wide: true,
  }));
  if (!best || (best.latency && best.latency.verdict !== 'ok')) return undefined;
  const nodes = machinesFor(hardware, placeReplica(hardware, best.accelerators, true), best.replicas.count);
  return nodes * hardware.perNode;
}
