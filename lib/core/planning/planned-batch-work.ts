import { ProblemCollector } from '../errors';
import { pick } from '../prop-schema';
import { BATCH_WORK } from '../prop-schemas';
import type { Finding } from '../findings';
import { number } from '../format';
import { type BatchWork, type EstimatedRun, estimateBatch, type EstimateInput } from './batch-estimate';

/** Work of each batch run, and its limits of time and cost. */
export interface PlannedBatchWork extends BatchWork {
  /** Maximum duration of a run, in hours. @default - no limit */
  readonly finishWithinHours?: number;
  /** Maximum cost of the machines of a run, in US dollars. @default - no limit */
  readonly budgetUsd?: number;
}

/** The machines of a run, for the estimate. The first rate is the one of the market that a run uses first. */
export interface PlannedRunInput<Market extends string> extends EstimateInput<Market> {
  /** Maximum number of machines. */
  readonly machines: number;
}

/** Problems of the estimate that come from the work, not from the machines. */
const OF_WORK = /^(load|requests)\b/;

/** Estimates planned work, and adds a problem for each limit that the run cannot meet. @returns undefined if there is no estimate */
export function estimatePlannedWork<Market extends string>(
  problems: ProblemCollector,
  work: PlannedBatchWork,
  input: PlannedRunInput<Market>,
): EstimatedRun<Market> | undefined {
  const ofRun = new ProblemCollector();
  const estimate = estimateBatch(ofRun, pick<BatchWork>(BATCH_WORK, work), input);
  for (const one of ofRun.all) problems.add({ ...one, prop: OF_WORK.test(one.prop) ? `work.${one.prop}` : one.prop });
  if (!estimate) return undefined;
  const within = problems.within('work');
  const { finishWithinHours, budgetUsd } = work;
  const hours = estimate.hours?.median ?? estimate.minHours;
  if (finishWithinHours !== undefined && hours !== undefined && hours > finishWithinHours) {
    within.add({
      code: 'DeadlineMissed',
      prop: 'finishWithinHours',
      allowed: `${number(hours)} hours or more on ${input.machines} ${input.machineName}`,
      got: finishWithinHours,
      fix: 'Use more machines, or allow more time.',
    });
  }
  const usd = estimate.costs[0]?.usd?.median ?? minUsd(input, estimate.minHours);
  if (budgetUsd !== undefined && usd !== undefined && usd > budgetUsd) {
    within.add({
      code: 'BudgetExceeded',
      prop: 'budgetUsd',
      allowed: `${Math.ceil(usd)} or more for ${work.requests} requests on ${input.machineName}`,
      got: budgetUsd,
      fix: 'Raise the budget, or use another machine or market.',
    });
  }
  return estimate;
}

/** Minimum cost of a run without a measurement: the hardware bound, at the price of the first market. */
function minUsd({ machines, rates }: PlannedRunInput<string>, minHours: number | undefined): number | undefined {
  const usdPerHour = rates[0]?.usdPerHour;
  if (minHours === undefined || usdPerHour === undefined) return undefined;
  return minHours * machines * usdPerHour;
}

/** Findings of planned work: no measurement, or limits that a slow run misses. */
export function plannedWorkFindings(
  work: PlannedBatchWork,
  machineName: string,
  { hours, costs, evidence: grade }: EstimatedRun,
): Finding[] {
  const evidence = `published throughput (${grade})`;
  if (!hours) {
    return [
      {
        id: 'evidence/no-measurement',
        level: 'info',
        message: `No published run reports the throughput of ${work.load.model.name} on ${machineName}, so the duration has no estimate.`,
        fix: 'Measure one shard on one machine.',
        evidence,
      },
    ];
  }
  const findings: Finding[] = [];
  const { finishWithinHours, budgetUsd } = work;
  if (finishWithinHours !== undefined && hours.p25 > finishWithinHours) {
    findings.push({
      id: 'time/deadline',
      level: 'warning',
      message: `At the speed of the slowest quarter of published runs, a run takes ${number(hours.p25)} hours. The limit is ${finishWithinHours}.`,
      fix: 'Use more machines, or allow more time.',
      evidence,
    });
  }
  const usd = costs[0]?.usd?.p25;
  if (budgetUsd !== undefined && usd !== undefined && usd > budgetUsd) {
    findings.push({
      id: 'cost/budget',
      level: 'warning',
      message: `At the speed of the slowest quarter of published runs, a run costs ${Math.ceil(usd)} USD. The budget is ${budgetUsd}.`,
      fix: 'Raise the budget, or use another machine or market.',
      evidence,
    });
  }
  return findings;
}
