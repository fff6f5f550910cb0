import { counted, milliseconds, number } from '../../format';
import { Checks, checkMachineRow, checkPrice } from '../checks';
import { linkedAccelerators, soldNodes } from '../layout/plan-hardware';
import { requestsAtOnce } from './plan-latency';
import { isSlice } from './plan-replicas';
import type { ServingDraft } from './serving-terms';
import { medians } from './plan-serving';
import { wideAlternative } from './wide-alternative';

/** Runs every check of a serving plan. */
export function checkServingPlan(draft: ServingDraft): Checks {
  const checks = new Checks();
  checkMemory(checks, draft);
  checkConcurrency(checks, draft);
  checkReplica(checks, draft);
  checkLatency(checks, draft);
  checkEvidence(checks, draft);
  checkIsolation(checks, draft);
  checkPrice(checks, draft.costs);
  checkMachineRow(checks, draft.machine);
  return checks;
}

const MEMORY_SOURCE = 'llm-d-incubation/llm-d-planner: memory of vLLM itself, measured on H100';
/** Concurrent requests below which a replica mostly reads weights. */
const FEW_REQUESTS = 4;

function checkMemory(checks: Checks, { memory, replica, machine, load }: ServingDraft): void {
  const report = checks.about('memory/fit', MEMORY_SOURCE);
  const { weightsGiB, overheadGiB, availableGiB, fits, maxConcurrency } = memory;
  const fix = 'Use more accelerators per replica, or store weights and cache in fewer bits.';
  if (!fits) {
    report.contradict({
      code: 'MemoryTooSmall',
      prop: 'acceleratorsPerReplica',
      allowed: `larger, so that ${load.model.name} and one request fit in ${number(availableGiB)} GiB per accelerator of ${machine.name}: weights need ${number(weightsGiB)} GiB and the server ${number(overheadGiB)} GiB`,
      got: replica.accelerators,
      fix,
    });
  } else if (maxConcurrency < FEW_REQUESTS) {
    report.warn(
      `Next to the weights, a replica has memory for only ${counted(maxConcurrency, 'concurrent request')}.`,
      fix,
    );
  }
}

function checkConcurrency(checks: Checks, { load, memory, latency, replicas }: ServingDraft): void {
  const concurrent = requestsAtOnce(load, latency);
  if (!replicas.given || concurrent === undefined || !memory.fits) return;
  const capacity = replicas.count * memory.maxConcurrency;
  const report = checks.about(
    'memory/concurrency',
    `2·layers·heads·dimension: ${number(memory.kvPerSequenceMiB)} MiB of KV cache per request`,
  );
  const fix = 'Add replicas, or store the cache in fewer bits.';
  if (concurrent > capacity) {
    report.contradict({
      code: 'ConcurrencyTooHigh',
      prop: 'replicas',
      allowed: `at least ${Math.ceil(concurrent / memory.maxConcurrency)}, because each replica has memory for ${memory.maxConcurrency} of ${counted(concurrent, 'concurrent request')}`,
      got: replicas.count,
      fix,
    });
  } else if (replicas.forThroughput !== undefined && replicas.forThroughput > replicas.count) {
    report.warn(
      `For its throughput, the load needs ${replicas.forThroughput} replicas, but the plan has ${replicas.count}.`,
      fix,
    );
  } else if (concurrent > 0.9 * capacity) {
    report.warn(
      `The load nearly fills the memory: ${number(concurrent)} of at most ${counted(capacity, 'concurrent request')}.`,
      fix,
    );
  }
}

function checkReplica(checks: Checks, { replica, hardware, machine }: ServingDraft): void {
  const { accelerators } = replica;
  if (!isSlice(hardware, accelerators)) {
    checks.about('nodes/domain', `table of ${machine.cloud} machines, ${machine.name}`).contradict({
      code: 'NodesNotSold',
      prop: 'acceleratorsPerReplica',
      allowed: `the accelerators of one node or of a slice of ${machine.name}`,
      got: accelerators,
      fix: `Use ${number((soldNodes(hardware, accelerators / hardware.perNode) ?? 1) * hardware.perNode)}.`,
    });
    return;
  }
  if (accelerators <= hardware.domain || replica.prefillAccelerators !== undefined) return;
  const row = `table of ${machine.cloud} machines, ${machine.name}`;
  if (accelerators > linkedAccelerators(hardware) && !hardware.rdma) {
    checks.about('fabric/rdma', row).contradict({
      code: 'FabricTooSlow',
      prop: 'acceleratorsPerReplica',
      allowed: `at most ${linkedAccelerators(hardware)} on ${machine.name}, which has no RDMA between nodes`,
      got: accelerators,
      fix: 'Use a larger machine, or a machine with RDMA.',
    });
    return;
  }
  checks
    .about('fabric/domain', row)
    .warn(
      `A replica has ${accelerators} accelerators, but a scale-up domain of ${machine.name} has only ${hardware.domain}.`,
      'Expect less throughput than predicted, or use a machine with a larger domain.',
    );
}

function checkLatency(checks: Checks, { load, latency, replica }: ServingDraft): void {
  if (!latency || latency.verdict === 'ok') return;
  const { floor, light, loaded } = latency;
  const expected = loaded ? medians(loaded) : light;
  const fix = 'Use more or faster accelerators per replica, or store weights in fewer bits.';
  const report = checks.about(
    'latency/target',
    latency.verdict === 'impossible'
      ? 'bandwidth and dense peak of the chip: a step reads the active weights once'
      : 'roofline of published runs, with waiting times of an M/G/1 queue',
  );
  const missed = (['ttftMs', 'tpotMs'] as const).filter((prop) => {
    const min = (latency.verdict === 'impossible' ? floor : expected)[prop];
    return min > (load[prop] ?? Infinity);
  });
  for (const prop of missed) {
    if (latency.verdict === 'impossible') {
      report.contradict({
        code: 'LatencyImpossible',
        prop: `load.${prop}`,
        allowed: `at least ${milliseconds(floor[prop])} on ${replica.accelerators} accelerators`,
        got: load[prop],
        fix,
      });
    } else {
      report.warn(
        `At the ${load.percentile}th percentile, the expected ${prop} is ${milliseconds(expected[prop])}, above the target of ${milliseconds(load[prop]!)}.`,
        fix,
      );
    }
  }
}

function checkEvidence(checks: Checks, { throughput, machine, formats }: ServingDraft): void {
  const { evidence, tokensPerSecond } = throughput;
  if (evidence === 'measured' || evidence === 'modelled') return;
  const name = throughput.class ?? `${machine.chip} ${formats.stored}`;
  const report = checks.about('evidence/no-measurement', `no published run of class ${name}`);
  const fix = 'Measure one replica before you rely on the number of replicas.';
  if (!tokensPerSecond) {
    report.warn(`The peak of ${machine.chip} is unknown, so the throughput of a replica has no estimate.`, fix);
    return;
  }
  const { p10, p90 } = tokensPerSecond;
  report.warn(
    `No published run has the class ${name}. The estimate of ${number(p10)} to ${number(p90)} tokens per second is scaled from similar classes.`,
    fix,
  );
}

/** A smaller advantage is within the error of the estimate. */
const MIN_FACTOR = 1.3;

/** Checks whether replicas with wide expert parallelism serve the load with fewer accelerators. */
function checkIsolation(checks: Checks, draft: ServingDraft): void {
  const wide = wideAlternative(draft);
  const accelerators = draft.machines * draft.hardware.perNode;
  if (wide === undefined || accelerators < MIN_FACTOR * wide) return;
  const report = checks.about(
    'serving/isolated-replicas',
    'lmsys.org/blog: DeepSeek-V3 on 96 H100 (2025-05-05) and on 56 GB200 (2025-09-25)',
  );
  report.warn(
    `The plan has isolated replicas with ${number(accelerators)} accelerators. With wide expert parallelism and separate prefill, the load needs about ${number(wide)}, or ${number(accelerators / wide)} times fewer.`,
    'Plan it with `wideExperts`, and test such a deployment before you buy this many machines.',
  );
}
