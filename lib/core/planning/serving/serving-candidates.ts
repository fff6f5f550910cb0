import type { Machine } from '../../catalog/machines';
import { number } from '../../format';
import type { Precision } from '../../workload/model-spec';
import type { ServingLoad } from '../../workload/serving-load';
import { monthlyCost } from '../cost/plan-costs';
import { hardwareKey, hardwareOf, type PlanHardware } from '../layout/plan-hardware';
import type { Candidate, CandidateFinder } from '../options';
import { shapeOf } from '../plan';
import { DEFAULT_DERATE, largestReplica, machinesFor, placeReplica, type ReplicaInput } from './plan-replicas';
import { bestPrecision } from './plan-precision';
import { replicaMemory, servedFormats, servingTerms, type ServingTerms } from './serving-terms';
import { supportsWideExperts } from './wide-experts';

/** Returns a function that finds the smallest number of accelerators for a load on a machine. */
export function servingCandidates(load: ServingLoad): CandidateFinder {
  const terms = new Map<Precision, ServingTerms>();
  const termsFor = (precision: Precision) => {
    const known = terms.get(precision) ?? servingTerms(load, precision);
    terms.set(precision, known);
    return known;
  };
  const found = new Map<string, readonly Candidate[] | string>();
  return (machine) => {
    const hardware = hardwareOf(machine);
    const key = hardwareKey(machine.chip, hardware);
    let one = found.get(key);
    if (one === undefined) found.set(key, (one = candidatesOn(load, termsFor, machine, hardware)));
    return one;
  };
}

/** Returns the isolated replicas on a machine, and those with wide expert parallelism if they need fewer machines. */
function candidatesOn(
  load: ServingLoad,
  termsFor: (precision: Precision) => ServingTerms,
  machine: Machine,
  hardware: PlanHardware,
): readonly Candidate[] | string {
  const isolated = candidate(load, termsFor, machine, hardware, false);
  if (!supportsWideExperts(shapeOf(load.model), hardware)) return typeof isolated === 'string' ? isolated : [isolated];
  const wide = candidate(load, termsFor, machine, hardware, true);
  if (typeof isolated === 'string') return typeof wide === 'string' ? isolated : [wide];
  return typeof wide === 'string' || wide.nodes >= isolated.nodes ? [isolated] : [isolated, wide];
}

function candidate(
  load: ServingLoad,
  termsFor: (precision: Precision) => ServingTerms,
  machine: Machine,
  hardware: PlanHardware,
  wide: boolean,
): Candidate | string {
  const inputOf = (terms: ServingTerms): ReplicaInput => ({
    terms,
    chip: machine.chip,
    hardware,
    derate: DEFAULT_DERATE,
    ...(wide && { wide }),
  });
  const { terms, best } = bestPrecision(load, hardware, (precision) => inputOf(termsFor(precision)));
  if (!best) return noReplicaReason(terms, hardware, wide);
  if (best.latency?.verdict === 'doubtful') return tooSlowReason(terms, best.accelerators);
  const { accelerators, prefill, memory, throughput, replicas } = best;
  const nodes = machinesFor(hardware, placeReplica(hardware, accelerators, true), replicas.count);
  const split = prefill === undefined ? '' : ` (${prefill} for prompts)`;
  return {
    nodes,
    accelerators: nodes * hardware.perNode,
    ...(wide && { wideExperts: true }),
    evidence: throughput.evidence,
    memoryUsed: (memory.weights + memory.overhead + memory.kvPerSequence) / hardware.memoryBytes,
    layout: `${accelerators}${split} for each replica × ${replicas.count}, ${servedFormats(terms, hardware.chip).stored}`,
    inMarket: (_, usdPerHour) => {
      const usd = monthlyCost(nodes, usdPerHour);
      return throughput.tokensPerSecond ? { usd: { p10: usd, median: usd, p90: usd } } : {};
    },
  };
}

function noReplicaReason(terms: ServingTerms, hardware: PlanHardware, wide: boolean): string {
  const { name } = terms.load.model;
  const max = largestReplica({ terms, hardware, wide });
  if (!replicaMemory(terms, hardware, max).fits) {
    return `${name} does not fit on ${max === 1 ? 'one accelerator' : `${max} accelerators`} with ${number(hardware.memoryBytes / 2 ** 30)} GiB each`;
  }
  return `even ${max} accelerators cannot read the weights of ${name} fast enough for the latency target`;
}

function tooSlowReason({ load }: ServingTerms, accelerators: number): string {
  return `no number of replicas of ${load.model.name} meets the latency target, for example with ${accelerators} accelerators each`;
}
