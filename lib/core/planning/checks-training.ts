import { checkPrice, checkMachineRow } from './checks-market';
import { Checks, duration, percent, rounded } from './checks';
import { checkFabric } from './checks-fabric';
import { checkCheckpoints, checkStorage } from './checks-storage';
import type { TrainingDraft } from './plan-draft';
import { precisionsBeside } from './plan-hardware';
import { needsContextParallelism } from './training-time';

/** Share of the memory beyond which it is doubtful that a job fits. */
const NEARLY_FULL = 0.92;
const MEMORY_SOURCE = 'arXiv 2205.05198 and 1910.02054: states and activations; BLOOM tr11-176B: the reserve';

/** Every check of a training plan. */
export function checkTrainingPlan(draft: TrainingDraft): Checks {
  const checks = new Checks();
  checkMemory(checks, draft);
  checkLayout(checks, draft);
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

function checkMemory(checks: Checks, { memory, machine, nodes, job }: TrainingDraft): void {
  const report = checks.about('memory/fit', MEMORY_SOURCE);
  const { totalGiB, availableGiB, used, fits, binds } = memory;
  const fix =
    binds === 'states'
      ? 'Add nodes, split the model further, or shard more of its states.'
      : 'Lower the micro batch, recompute activations, or split the sequence.';
  if (!fits) {
    report.contradict({
      code: 'MemoryTooSmall',
      prop: 'nodes',
      allowed: `enough that ${job.model.name} takes at most ${rounded(availableGiB)} GiB of each accelerator of ${machine.name}, not ${rounded(totalGiB)} GiB, most of it ${binds}`,
      got: nodes,
      fix,
    });
  } else if (used > NEARLY_FULL) {
    report.warn(`The memory of each accelerator is ${percent(used)} full, most of it ${binds}.`, fix);
  }
}

function checkLayout(checks: Checks, { placement, accelerators, nodes }: TrainingDraft): void {
  if (placement.impossible === undefined) return;
  checks.about('nodes/layout', 'arXiv 1909.08053: replicas are whole, and share a batch alike').contradict({
    code: 'LayoutImpossible',
    prop: 'nodes',
    allowed: `${placement.impossible} (these nodes have ${accelerators} accelerators)`,
    got: nodes,
    fix: 'Change the number of nodes, the split or the global batch.',
  });
}

function checkPrecision(checks: Checks, { job, machine, hardware }: TrainingDraft): void {
  const able = precisionsBeside(hardware.chip, job.precision);
  if (!able) return;
  checks.about('machine/precision', hardware.chip.source).contradict({
    code: 'PrecisionUnsupported',
    prop: 'job.precision',
    allowed: `one that ${machine.chip} multiplies: ${able.join(', ')}`,
    got: job.precision,
    fix: 'Train in another precision, or on another machine.',
  });
}

function checkSequence(checks: Checks, { job, parallelism }: TrainingDraft): void {
  if (!needsContextParallelism(job.sequenceLength, parallelism.context)) return;
  checks
    .about('memory/long-sequence', 'NeMo long-sequence tables: 1M tokens on H100, 26 TFLOP/s whole and 536 split')
    .warn(
      `Each accelerator works on a whole sequence of ${rounded(job.sequenceLength)} tokens.`,
      'Split the sequence with context parallelism.',
    );
}

function checkEvidence(checks: Checks, { time }: TrainingDraft): void {
  if (time.evidence !== 'no measurement') return;
  const { boundSeconds, nearestSeconds: near } = time;
  const bound =
    boundSeconds === undefined ? 'not even a bound' : `only that it takes ${duration(boundSeconds)} or more`;
  const estimate = near
    ? ` Runs of other classes suggest ${duration(near.median)} to ${duration(near.p25)}, which nobody measured.`
    : '';
  checks
    .about('evidence/no-measurement', `class ${time.class}: no published run`)
    .warn(
      `No published run is of the class ${time.class}, so there is ${bound}.${estimate}`,
      'Measure a few steps before you commit to a date.',
    );
}

function checkDeadline(checks: Checks, { job, time }: TrainingDraft): void {
  const { finishWithinSeconds: deadline } = job;
  if (deadline === undefined) return;
  const report = checks.about('time/deadline', `class ${time.class}: ${time.runs} published runs`);
  const fix = 'Add nodes, take faster accelerators, or move the deadline.';
  // Without a measurement the bound tells what no cluster of these can do; it promises nothing.
  const sure = time.seconds?.median ?? time.boundSeconds;
  const slow = time.seconds?.p25;
  if (sure !== undefined && sure > deadline) {
    report.contradict({
      code: 'DeadlineMissed',
      prop: 'job.finishWithin',
      allowed: `${duration(sure)} or more on these nodes`,
      got: duration(deadline),
      fix,
    });
  } else if (slow !== undefined && slow > deadline) {
    report.warn(
      `A quarter of runs like it take more than ${duration(slow)}, and the deadline is ${duration(deadline)}.`,
      fix,
    );
  }
}

function checkBudget(checks: Checks, { job, costs }: TrainingDraft): void {
  const { budgetUsd: budget } = job;
  const cost = costs.find(({ chosen }) => chosen);
  if (budget === undefined || !cost?.price) return;
  const report = checks.about('cost/budget', `${cost.price.source}, ${cost.price.date ?? 'undated'}`);
  const fix = 'Raise the budget, train on fewer tokens, or choose another machine or market.';
  const sure = cost.runUsd?.median ?? cost.boundUsd;
  if (sure !== undefined && sure > budget) {
    report.contradict({
      code: 'BudgetExceeded',
      prop: 'job.budgetUsd',
      allowed: `${rounded(sure)} USD or more`,
      got: budget,
      fix,
    });
  } else if (cost.runUsd && cost.runUsd.p25 > budget) {
    report.warn(
      `At the pessimistic end the job costs ${rounded(cost.runUsd.p25)} USD, and the budget is ${budget} USD.`,
      fix,
    );
  }
}

const LEAST_SPOT = 0.5;
const SPOT_SOURCE = 'skypilot-org/spot-traces of 2022 and 2023: a shape, not a rate';

function checkSpot(checks: Checks, { market, spotShare, storage, nodes }: TrainingDraft): void {
  if (market.market !== 'spot') return;
  const report = checks.about('spot/goodput', SPOT_SOURCE);
  const fix = 'Use fewer nodes, mix in on-demand capacity, or write checkpoints faster.';
  if (spotShare === 0) {
    report.contradict({
      code: 'SpotUseless',
      prop: 'market',
      allowed: `other than spot for ${nodes} nodes that live ${market.spotNodeLifeHours} h each: no work is kept`,
      got: market.market,
      fix,
    });
  } else if (spotShare < LEAST_SPOT) {
    report.warn(`Of the time on ${nodes} spot nodes ${percent(spotShare)} is work kept.`, fix);
  }
  if (storage.given) return;
  checks
    .about('spot/no-checkpoints', SPOT_SOURCE)
    .warn('Spot nodes can vanish, and no storage for checkpoints is declared.', 'Declare a file system.');
}
