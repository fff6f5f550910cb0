import { CHIPS } from '../catalog/chips';
import { duration, number, percent, times } from '../format';
import { checkPrice, checkMachineRow, Checks } from './checks';
import { enoughNodes } from './options-training';
import type { TrainingDraft } from './plan-training';
import { exchangeSeconds } from './layout/exchange';
import { otherPrecisions, linkedAccelerators, precisionOn, soldNodes } from './layout/plan-hardware';
import { NEARLY_FULL } from './memory/training-memory';
import { trainingTerms } from './time/plan-time';
import { needsContextParallelism } from './time/training-rate';
import { probabilityWithin } from './range';
import { IDEAL_WRITING, MAX_WRITING } from './storage/checkpoint';

const MEMORY_SOURCE = 'arXiv 2205.05198 and 1910.02054: states and activations; BLOOM tr11-176B: reserve';

/** Runs every check of a training plan. */
export function checkTrainingPlan(draft: TrainingDraft): Checks {
  const checks = new Checks();
  checkMemory(checks, draft);
  checkLayout(checks, draft);
  checkDomains(checks, draft);
  checkPrecision(checks, draft);
  checkFabric(checks, draft);
  checkSequence(checks, draft);
  checkCheckpoints(checks, draft);
  checkStorage(checks, draft);
  checkEvidence(checks, draft);
  checkDeadline(checks, draft);
  checkBudget(checks, draft);
  checkSpot(checks, draft);
  checkPrice(checks, draft.costs);
  checkMachineRow(checks, draft.machine);
  return checks;
}

function checkMemory(checks: Checks, draft: TrainingDraft): void {
  const { memory, machine, nodes, job } = draft;
  const report = checks.about('memory/fit', MEMORY_SOURCE);
  const { totalGiB, availableGiB, used, fits, binds } = memory;
  const fix =
    binds === 'states'
      ? 'Add nodes, split the model over more accelerators, or shard more of its states.'
      : 'Use a smaller micro batch, recompute activations, or split the sequence.';
  if (!fits) {
    report.contradict({
      code: 'MemoryTooSmall',
      prop: 'nodes',
      allowed: `${enoughText(draft)}, so that ${job.model.name} needs at most ${number(availableGiB)} GiB per accelerator of ${machine.name} instead of ${number(totalGiB)} GiB, of which the largest part is ${binds}`,
      got: nodes,
      fix,
    });
  } else if (used > NEARLY_FULL) {
    report.warn(`The memory of each accelerator is ${percent(used)} full. The largest part is ${binds}.`, fix);
  }
}

/** Returns how many nodes are enough, as the end of "nodes must be". */
function enoughText({ job, hardware, nodes }: TrainingDraft): string {
  const enough = enoughNodes(trainingTerms(job), hardware, nodes);
  return enough === undefined
    ? 'those of a machine with more memory, because no number of these nodes is enough'
    : `more, for example ${number(enough)}, which are enough`;
}

function checkLayout(checks: Checks, { placement, accelerators, nodes }: TrainingDraft): void {
  if (placement.impossible === undefined) return;
  checks.about('nodes/layout', 'arXiv 1909.08053: replicas have equal sizes and equal parts of a batch').contradict({
    code: 'LayoutImpossible',
    prop: 'nodes',
    allowed: `${placement.impossible} (these nodes have ${accelerators} accelerators)`,
    got: nodes,
    fix: 'Change the number of nodes, the split or the global batch.',
  });
}

/** Checks whether the nodes are whole slices, UltraServers or racks. */
function checkDomains(checks: Checks, { machine, nodes }: TrainingDraft): void {
  const { domainNodes, cloud, name } = machine;
  const next = soldNodes(machine, nodes);
  if (!domainNodes || next === nodes) return;
  const report = checks.about('nodes/domain', `table of ${cloud} machines, ${name}`);
  const enough = next ?? domainNodes.at(-1)!;
  // Sources say that slices and UltraServers are sold whole. They do not say it for racks.
  if (cloud !== 'aws' && CHIPS[machine.chip].vendor !== 'Google') {
    report.warn(
      `${times(nodes, name)} fill only a part of a rack of ${enough}.`,
      'Use whole racks, or confirm the size with the cloud.',
    );
    return;
  }
  report.contradict({
    code: 'NodesNotSold',
    prop: 'nodes',
    allowed: `a size that ${cloud} provides for ${name}, for example ${number(enough)}`,
    got: nodes,
    fix: CHIPS[machine.chip].vendor === 'Google' ? 'Use the nodes of a slice.' : 'Use the nodes of whole UltraServers.',
  });
}

function checkPrecision(checks: Checks, { job, machine, hardware }: TrainingDraft): void {
  const report = checks.about('machine/precision', hardware.chip.source);
  if (precisionOn(hardware.chip, job.precision) !== job.precision) {
    report.warn(
      `${machine.chip} has no bf16, so the plan assumes fp16, whose range is smaller.`,
      'Train with loss scaling, or use a chip with bf16.',
    );
  }
  const supported = otherPrecisions(hardware.chip, job.precision);
  if (!supported) return;
  report.contradict({
    code: 'PrecisionUnsupported',
    prop: 'job.precision',
    allowed: `supported by ${machine.chip}: ${supported.map((one) => precisionOn(hardware.chip, one)).join(', ')}`,
    got: job.precision,
    fix: 'Use another precision, or another machine.',
  });
}

function checkSequence(checks: Checks, { job, parallelism }: TrainingDraft): void {
  if (!needsContextParallelism(job.sequenceLength, parallelism.context)) return;
  checks
    .about('memory/long-sequence', 'NeMo long-sequence tables: 1M tokens on H100, 26 TFLOP/s unsplit and 536 split')
    .warn(
      `Each accelerator holds a whole sequence of ${number(job.sequenceLength)} tokens.`,
      'Use context parallelism to split the sequence.',
    );
}

function checkEvidence(checks: Checks, { time, machine }: TrainingDraft): void {
  if (time.evidence === 'measured' || time.evidence === 'modelled') return;
  const report = checks.about('evidence/no-measurement', `no published run of class ${time.class}`);
  const fix = 'Measure a few steps before you rely on a date.';
  if (!time.seconds) {
    report.warn(`The peak of ${machine.chip} is unknown, so the duration has no estimate.`, fix);
    return;
  }
  const { p10, p90 } = time.seconds;
  report.warn(
    `No published run has the class ${time.class}. The estimate of ${duration(p10)} to ${duration(p90)} is scaled from similar classes.`,
    fix,
  );
}

function checkDeadline(checks: Checks, { job, time }: TrainingDraft): void {
  const { finishWithinSeconds: deadline, probability } = job;
  if (deadline === undefined || !time.seconds) return;
  const report = checks.about('time/deadline', `class ${time.class}: ${time.runs} published runs`);
  const fix = 'Add nodes, use faster accelerators, or move the deadline.';
  const { median } = time.seconds;
  if (median > deadline) {
    report.contradict({
      code: 'DeadlineMissed',
      prop: 'job.finishWithin',
      allowed: `at least ${duration(median)}, the likely duration on these nodes (${duration(time.seconds.p10)} to ${duration(time.seconds.p90)})`,
      got: duration(deadline),
      fix,
    });
    return;
  }
  const met = probabilityWithin(time.seconds, deadline);
  if (met >= probability) return;
  report.warn(
    `The probability of finishing within ${duration(deadline)} is ${percent(met)}, below ${percent(probability)}.`,
    fix,
  );
}

function checkBudget(checks: Checks, { job, costs }: TrainingDraft): void {
  const { budgetUsd: budget, probability } = job;
  const cost = costs.find(({ chosen }) => chosen);
  if (budget === undefined || !cost?.price || !cost.runUsd) return;
  const report = checks.about('cost/budget', `${cost.price.source}, ${cost.price.date ?? 'undated'}`);
  const fix = 'Raise the budget, train on fewer tokens, or use another machine or market.';
  const { median, p10, p90 } = cost.runUsd;
  if (median > budget) {
    report.contradict({
      code: 'BudgetExceeded',
      prop: 'job.budgetUsd',
      allowed: `at least ${number(median)} USD, the likely cost (${number(p10)} to ${number(p90)})`,
      got: budget,
      fix,
    });
    return;
  }
  const met = probabilityWithin(cost.runUsd, budget);
  if (met >= probability) return;
  report.warn(
    `The probability of a cost of at most ${number(budget)} USD is ${percent(met)}, below ${percent(probability)}.`,
    fix,
  );
}

const MIN_SPOT = 0.5;
const SPOT_SOURCE = 'skypilot-org/spot-traces of 2022 and 2023: a shape, not a rate';

function checkSpot(checks: Checks, { market, spotShare, storage, nodes, time }: TrainingDraft): void {
  if (market.market !== 'spot') return;
  const report = checks.about('spot/goodput', SPOT_SOURCE);
  const fix = 'Use fewer nodes, on-demand capacity, or faster storage for checkpoints.';
  if (spotShare === 0) {
    report.contradict({
      code: 'SpotTooSlow',
      prop: 'market',
      allowed: `a market other than spot, because ${nodes} nodes with a mean life of ${market.spotNodeLifeHours} h make no progress`,
      got: market.market,
      fix,
    });
  } else if (spotShare < MIN_SPOT) {
    report.warn(
      `On ${nodes} spot nodes with an assumed mean life of ${market.spotNodeLifeHours} h, the goodput is only ${percent(time.goodput)}.`,
      fix,
    );
  }
  if (storage.given) return;
  checks
    .about('spot/no-checkpoints', SPOT_SOURCE)
    .warn('Spot nodes can be reclaimed, but no storage for checkpoints is declared.', 'Declare a file system.');
}

/** Checks whether the storage is fast enough for checkpoints. */
export function checkCheckpoints(checks: Checks, { checkpoint, storage }: TrainingDraft): void {
  if (!storage.given || checkpoint.verdict === 'ok') return;
  const report = checks.about('storage/checkpoint-slow', 'Young 1974 and Daly 2006; arXiv 2407.21783: failure rate');
  const needed = `${number(checkpoint.neededWriteMBps)} MB/s`;
  const fix = `Use storage with ${needed}, so that writing takes ${percent(IDEAL_WRITING)} of the time.`;
  if (checkpoint.verdict === 'too-slow') {
    report.contradict({
      code: 'CheckpointTooSlow',
      prop: 'storage.throughputMBps',
      allowed: `higher, so that writing checkpoints of ${number(checkpoint.sizeGB)} GB takes at most ${percent(MAX_WRITING)} of the time instead of ${percent(checkpoint.writing)}`,
      got: storage.given.throughputMBps,
      fix,
    });
  } else {
    report.warn(`Writing checkpoints takes ${percent(checkpoint.writing)} of the time.`, fix);
  }
}

/** A checkpoint is kept until the next one is complete. */
const MIN_CHECKPOINTS = 2;

/** Checks the size and the read throughput of the storage. */
export function checkStorage(checks: Checks, { storage, checkpoint }: TrainingDraft): void {
  const { given, heldGiB, readMBps, readRate } = storage;
  if (!given) return;
  const report = checks.about('storage/throughput', 'mlcommons/storage: 14 bytes per parameter; 4 bytes per token');
  const min = (MIN_CHECKPOINTS * checkpoint.sizeGB * 1e9) / 2 ** 30;
  if (readRate === 'median' && given.throughputMBps < readMBps) {
    report.contradict({
      code: 'StorageTooSmall',
      prop: 'storage.throughputMBps',
      allowed: `at least ${number(readMBps)} MB/s, the read rate of the job`,
      got: given.throughputMBps,
      fix: 'Use a faster tier or a larger file system.',
    });
  }
  if (given.sizeGiB < min) {
    report.contradict({
      code: 'StorageTooSmall',
      prop: 'storage.sizeGiB',
      allowed: `at least ${number(min)} GiB, the size of ${MIN_CHECKPOINTS} checkpoints`,
      got: given.sizeGiB,
      fix: 'Use a larger file system.',
    });
  } else if (given.sizeGiB < heldGiB) {
    report.warn(
      `The file system has ${number(given.sizeGiB)} GiB, but the dataset and three checkpoints need ${number(heldGiB)} GiB.`,
      'Increase its size, or keep the dataset and old checkpoints in a bucket.',
    );
  }
}

const NETWORK_SOURCE = 'AI-Hypercomputer/maxtext: Llama-2-7B over TCP on 8 to 128 H100 lost 6.6% for each doubling';

/** Checks the links between the accelerators that share a matrix, and the network between nodes. */
export function checkFabric(checks: Checks, draft: TrainingDraft): void {
  checkDomain(checks, draft);
  checkCrossing(checks, draft);
  checkExchange(checks, draft);
}

function checkDomain(checks: Checks, { parallelism, hardware, machine }: TrainingDraft): void {
  if (parallelism.tensor <= hardware.domain) return;
  checks.about('fabric/domain', `table of ${machine.cloud} machines, ${machine.name}`).contradict({
    code: 'DomainTooSmall',
    prop: 'job.parallelism.tensor',
    allowed: `at most ${hardware.domain}, the accelerators in a scale-up domain of ${machine.name}`,
    got: parallelism.tensor,
    fix: 'Lower tensor parallelism and raise pipeline parallelism.',
  });
}

function checkCrossing(checks: Checks, { parallelism, hardware, machine }: TrainingDraft): void {
  const { tensor, expert } = parallelism;
  if (hardware.rdma || Math.max(tensor, expert) <= linkedAccelerators(hardware)) return;
  const [kind, size] = tensor > linkedAccelerators(hardware) ? ['tensor', tensor] : ['expert', expert];
  checks.about('fabric/rdma', `table of ${machine.cloud} machines, ${machine.name}`).contradict({
    code: 'FabricTooSlow',
    prop: `job.parallelism.${kind}`,
    allowed: `at most ${linkedAccelerators(hardware)} on ${machine.name}, which has no RDMA between nodes`,
    got: size,
    fix: 'Keep it within a node, or use a machine with RDMA.',
  });
}

const FEW_NODES = 2;
const ROUNDING = 1e-6;

/** Checks whether nodes can exchange gradients and weights within a step. */
function checkExchange(checks: Checks, draft: TrainingDraft): void {
  const { hardware, machine, nodes, accelerators } = draft;
  if (nodes === 1 || accelerators <= hardware.domain) return;
  const report = checks.about('fabric/rdma', NETWORK_SOURCE);
  const fix = 'Use a machine with RDMA, a larger global batch, or fewer and larger nodes.';
  const seconds = exchangeSeconds(draft.job, draft.parallelism, hardware);
  const step = draft.time.stepSeconds?.median;
  // The rate of a step already includes an exchange that takes longer than the computation.
  const slow = seconds !== undefined && step !== undefined && seconds > (1 - ROUNDING) * step;
  if (slow && !hardware.rdma) {
    report.contradict({
      code: 'FabricTooSlow',
      prop: 'nodes',
      allowed: `smaller, because the network of ${machine.name} needs ${duration(seconds)} for the weights and gradients of a step of ${duration(step)}`,
      got: nodes,
      fix,
    });
  } else if (slow) {
    report.warn(
      `The fabric needs ${duration(seconds)} for the weights and gradients of a step of ${duration(step)}.`,
      'Use a larger global batch, or split the model over more accelerators.',
    );
  } else if (!hardware.rdma && nodes > FEW_NODES) {
    const share = hardware.fabricBytesPerSecond;
    const speed = share === undefined ? 'unknown bandwidth' : `${number((share * 8) / 1e9)} Gbit/s per accelerator`;
    report.warn(`${nodes} nodes train together over a network without RDMA, with ${speed}.`, fix);
  }
}
