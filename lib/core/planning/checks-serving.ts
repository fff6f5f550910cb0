import { Checks, rounded } from './checks';
import { checkMachineRow, checkPrice } from './checks-market';
import { joined } from './plan-hardware';
import { requestsAtOnce } from './plan-replicas';
import type { ServingDraft } from './plan-serving-draft';

/** Every check of a serving plan. */
export function checkServingPlan(draft: ServingDraft): Checks {
  const checks = new Checks();
  checkMemory(checks, draft);
  checkConcurrency(checks, draft);
  checkReplica(checks, draft);
  checkLatency(checks, draft);
  checkEvidence(checks, draft);
  checkPrice(checks, draft.costs);
  checkMachineRow(checks, draft.machine);
  return checks;
}

const MEMORY_SOURCE = 'llm-d-incubation/llm-d-planner: what vLLM keeps for itself, measured on H100';
/** Requests at once below which a replica spends its time on reading weights. */
const FEW_REQUESTS = 4;

function checkMemory(checks: Checks, { memory, replica, machine, load }: ServingDraft): void {
  const report = checks.about('memory/fit', MEMORY_SOURCE);
  const { weightsGiB, overheadGiB, availableGiB, fits, maxConcurrency } = memory;
  const fix = 'Give a replica more accelerators, or store weights and cache in fewer bits.';
  if (!fits) {
    report.contradict({
      code: 'MemoryTooSmall',
      prop: 'acceleratorsPerReplica',
      allowed: `enough that ${load.model.name} and one request fit ${rounded(availableGiB)} GiB of each accelerator of ${machine.name}: weights take ${rounded(weightsGiB)} GiB and the server ${rounded(overheadGiB)} GiB`,
      got: replica.accelerators,
      fix,
    });
  } else if (maxConcurrency < FEW_REQUESTS) {
    report.warn(`Beside the weights a replica holds ${maxConcurrency} requests at once.`, fix);
  }
}

function checkConcurrency(checks: Checks, { load, memory, latency, replicas }: ServingDraft): void {
  const atOnce = requestsAtOnce(load, latency);
  if (!replicas.given || atOnce === undefined || !memory.fits) return;
  const room = replicas.count * memory.maxConcurrency;
  const report = checks.about(
    'memory/concurrency',
    `2·layers·heads·dimension: ${rounded(memory.kvPerSequenceMiB)} MiB of keys and values for each request`,
  );
  const fix = 'Add replicas, or store the cache in fewer bits.';
  if (atOnce > room) {
    report.contradict({
      code: 'ConcurrencyTooHigh',
      prop: 'replicas',
      allowed: `at least ${Math.ceil(atOnce / memory.maxConcurrency)}, as each holds ${memory.maxConcurrency} of ${rounded(atOnce)} requests at once`,
      got: replicas.count,
      fix,
    });
  } else if (replicas.forThroughput !== undefined && replicas.forThroughput > replicas.count) {
    report.warn(
      `The load takes ${replicas.forThroughput} replicas by their throughput, and there are ${replicas.count}.`,
      fix,
    );
  } else if (atOnce > 0.9 * room) {
    report.warn(`The load fills the memory: ${rounded(atOnce)} requests at once of ${room}.`, fix);
  }
}

function checkReplica(checks: Checks, { replica, hardware, machine }: ServingDraft): void {
  const { accelerators } = replica;
  if (accelerators <= hardware.domain) return;
  const row = `the table of ${machine.cloud} machines, ${machine.name}`;
  if (accelerators > joined(hardware) && !hardware.rdma) {
    checks.about('fabric/rdma', row).contradict({
      code: 'FabricTooSlow',
      prop: 'acceleratorsPerReplica',
      allowed: `at most ${joined(hardware)} on ${machine.name}, whose nodes are not joined by RDMA`,
      got: accelerators,
      fix: 'Take a larger machine, or one with RDMA.',
    });
    return;
  }
  checks
    .about('fabric/domain', row)
    .warn(
      `A replica has ${accelerators} accelerators, and the scale-up domain of ${machine.name} has ${hardware.domain}.`,
      'Expect less throughput than stated, or take a machine whose domain holds a replica.',
    );
}

function checkLatency(checks: Checks, { load, latency, replica }: ServingDraft): void {
  if (!latency || latency.verdict === 'ok') return;
  const { floor, calibrated } = latency;
  const fix = 'Give a replica more or faster accelerators, or store weights in fewer bits.';
  const report = checks.about(
    'latency/target',
    latency.verdict === 'impossible'
      ? 'bandwidth and dense peak of the chip: a step reads the active weights once'
      : 'a GPU reaches 65 % of its bandwidth at low batch, a Neuron chip 38 %, and a step takes 3 to 4 ms besides',
  );
  const missed = (['ttftMs', 'tpotMs'] as const).filter((prop) => {
    const least = (latency.verdict === 'impossible' ? floor : calibrated)[prop];
    return least > (load[prop] ?? Infinity);
  });
  for (const prop of missed) {
    if (latency.verdict === 'impossible') {
      report.contradict({
        code: 'LatencyImpossible',
        prop: `load.${prop}`,
        allowed: `at least ${rounded(floor[prop])} ms on ${replica.accelerators} accelerators`,
        got: load[prop],
        fix,
      });
    } else {
      report.warn(
        `${prop} is likely about ${rounded(calibrated[prop])} ms, and the target is ${rounded(load[prop]!)} ms.`,
        fix,
      );
    }
  }
}

function checkEvidence(checks: Checks, { throughput, machine, load }: ServingDraft): void {
  if (throughput.evidence !== 'no measurement') return;
  const name = throughput.class ?? `${machine.chip} ${load.weightPrecision}`;
  const { boundTokensPerSecond: bound, nearestTokensPerSecond: near } = throughput;
  const known =
    bound === undefined ? 'not even a bound' : `only that a replica gives at most ${rounded(bound)} tokens a second`;
  const estimate = near
    ? ` Runs of other classes suggest ${rounded(near.p25)} to ${rounded(near.median)}, which nobody measured.`
    : '';
  checks
    .about('evidence/no-measurement', `class ${name}: no published run`)
    .warn(
      `No published run is of the class ${name}, so there is ${known}.${estimate}`,
      'Measure one replica before you count on a number of them.',
    );
}
