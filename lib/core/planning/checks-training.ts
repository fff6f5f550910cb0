import { duration, number, percent } from '../format';
import { checkPrice, checkMachineRow } from './checks-market';
import { Checks } from './checks';
import { checkFabric } from './checks-fabric';
import { checkCheckpoints, checkStorage } from './checks-storage';
import type { TrainingDraft } from './plan-draft';
import { otherPrecisions } from './plan-hardware';
import { needsContextParallelism } from './training-time';

/** Used share of the memory above which the job may not fit. */
const NEARLY_FULL = 0.92;
const MEMORY_SOURCE = 'arXiv 2205.05198 and 1910.02054: states and activations; BLOOM tr11-176B: reserve';

/** Runs every check of a training plan. */
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
      ? 'Add nodes, split the model over more accelerators, or shard more of its states.'
      : 'Use a smaller micro batch, recompute activations, or split the sequence.';
  if (!fits) {
    report.contradict({
      code: 'MemoryTooSmall',
      prop: 'nodes',
      allowed: `larger, so that ${job.model.name} needs at most ${number(availableGiB)} GiB per accelerator of ${machine.name} instead of ${number(totalGiB)} GiB, of which the largest part is ${binds}`,
      got: nodes,
      fix,
    });
  } else if (used > NEARLY_FULL) {
    report.warn(`The memory of each accelerator is ${percent(used)} full. The largest part is ${binds}.`, fix);
  }
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

function checkPrecision(checks: Checks, { job, machine, hardware }: TrainingDraft): void {
  const supported = otherPrecisions(hardware.chip, job.precision);
  if (!supported) return;
  checks.about('machine/precision', hardware.chip.source).contradict({
    code: 'PrecisionUnsupported',
    prop: 'job.precision',
    allowed: `supported by ${machine.chip}: ${supported.join(', ')}`,
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

function checkEvidence(checks: Checks, { time }: TrainingDraft): void {
  if (time.evidence !== 'no measurement') return;
  const { boundSeconds, nearestSeconds: near } = time;
  const known = boundSeconds === undefined ? 'is unknown' : `is known only to be at least ${duration(boundSeconds)}`;
  const estimate = near
    ? ` Runs of other classes suggest ${duration(near.median)} to ${duration(near.p25)}, without a measurement.`
    : '';
  checks
    .about('evidence/no-measurement', `no published run of class ${time.class}`)
    .warn(
      `No published run has the class ${time.class}, so the duration ${known}.${estimate}`,
      'Measure a few steps before you rely on a date.',
    );
}

function checkDeadline(checks: Checks, { job, time }: TrainingDraft): void {
  const { finishWithinSeconds: deadline } = job;
  if (deadline === undefined) return;
  const report = checks.about('time/deadline', `class ${time.class}: ${time.runs} published runs`);
  const fix = 'Add nodes, use faster accelerators, or move the deadline.';
  // Without a measurement, only the lower bound is certain.
  const minimum = time.seconds?.median ?? time.boundSeconds;
  const slow = time.seconds?.p25;
  if (minimum !== undefined && minimum > deadline) {
    report.contradict({
      code: 'DeadlineMissed',
      prop: 'job.finishWithin',
      allowed: `at least ${duration(minimum)} on these nodes`,
      got: duration(deadline),
      fix,
    });
  } else if (slow !== undefined && slow > deadline) {
    report.warn(
      `A quarter of comparable runs take more than ${duration(slow)}, but the deadline is ${duration(deadline)}.`,
      fix,
    );
  }
}

function checkBudget(checks: Checks, { job, costs }: TrainingDraft): void {
  const { budgetUsd: budget } = job;
  const cost = costs.find(({ chosen }) => chosen);
  if (budget === undefined || !cost?.price) return;
  const report = checks.about('cost/budget', `${cost.price.source}, ${cost.price.date ?? 'undated'}`);
  const fix = 'Raise the budget, train on fewer tokens, or use another machine or market.';
  const minimum = cost.runUsd?.median ?? cost.boundUsd;
  if (minimum !== undefined && minimum > budget) {
    report.contradict({
      code: 'BudgetExceeded',
      prop: 'job.budgetUsd',
      allowed: `at least ${number(minimum)} USD`,
      got: budget,
      fix,
    });
  } else if (cost.runUsd && cost.runUsd.p25 > budget) {
    report.warn(
      `At the pessimistic end, the job costs ${number(cost.runUsd.p25)} USD, but the budget is ${budget} USD.`,
      fix,
    );
  }
}

const MIN_SPOT = 0.5;
const SPOT_SOURCE = 'skypilot-org/spot-traces of 2022 and 2023: a shape, not a rate';

function checkSpot(checks: Checks, { market, spotShare, storage, nodes }: TrainingDraft): void {
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
    report.warn(`On ${nodes} spot nodes, only ${percent(spotShare)} of the time is useful work.`, fix);
  }
  if (storage.given) return;
  checks
    .about('spot/no-checkpoints', SPOT_SOURCE)
    .warn('Spot nodes can be reclaimed, but no storage for checkpoints is declared.', 'Declare a file system.');
}
