import type { ServingLoad } from '../workload/serving-load';
import { number } from '../format';
import { monthlyCost } from './cost';
import type { Candidate, CandidateFinder } from './options';
import type { Machine } from '../catalog/machines';
import { hardwareKey, hardwareOf, type PlanHardware } from './plan-hardware';
import { bestReplica, DEFAULT_DERATE, largestReplica, machinesFor, placeReplica } from './plan-replicas';
import { replicaMemory, servingTerms, type ServingTerms } from './plan-serving-terms';

/** Returns a function that finds the smallest number of accelerators for a load on a machine. */
export function servingCandidates(load: ServingLoad): CandidateFinder {
  const terms = servingTerms(load);
  const found = new Map<string, Candidate | string>();
  return (machine) => {
    const hardware = hardwareOf(machine);
    const key = hardwareKey(machine.chip, hardware);
    let one = found.get(key);
    if (one === undefined) found.set(key, (one = candidate(terms, machine, hardware)));
    return one;
  };
}

function candidate(terms: ServingTerms, machine: Machine, hardware: PlanHardware): Candidate | string {
  const best = bestReplica({ terms, chip: machine.chip, hardware, derate: DEFAULT_DERATE });
  if (!best) return noReplicaReason(terms, hardware);
  const { accelerators, memory, throughput, replicas } = best;
  const nodes = machinesFor(placeReplica(hardware, accelerators, true), replicas.count);
  return {
    nodes,
    accelerators: nodes * hardware.perNode,
    evidence: throughput.evidence,
    memoryUsed: (memory.weights + memory.overhead + memory.kvPerSequence) / hardware.memoryBytes,
    layout: `${accelerators} for each replica × ${replicas.count}`,
    inMarket: (_, usdPerHour) => {
      const usd = monthlyCost(nodes, usdPerHour);
      return throughput.tokensPerSecond ? { usd: { p25: usd, median: usd } } : { boundUsd: usd };
    },
  };
}

function noReplicaReason(terms: ServingTerms, hardware: PlanHardware): string {
  const { name } = terms.load.model;
  const max = largestReplica(terms, hardware);
  if (!replicaMemory(terms, hardware, max).fits) {
    return `${name} does not fit on ${max === 1 ? 'one accelerator' : `${max} accelerators`} with ${number(hardware.memoryBytes / 2 ** 30)} GiB each`;
  }
  return `even ${max} accelerators cannot read the weights of ${name} fast enough for the latency target`;
}
