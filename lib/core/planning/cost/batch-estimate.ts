import type { Machine } from '../../catalog/machines';
import { ProblemCollector } from '../../errors';
import type { FindingId, Finding } from '../../findings';
import { validateProps, pick } from '../../prop-schema';
import type { ServingLoad } from '../../workload/serving-load';
import type { MarketRate } from './market-rates';
import type { PlanEvidence } from '../plan';
import { DEFAULT_PROBABILITY } from '../../workload/training-job';
import { atProbability, dividedBy, type PlanRange, scaled } from '../range';
import { contradictionProblem, type PropNames } from '../plan-problems';
import type { ServingPlan } from '../serving/plan-serving';
import { servingPlanner } from '../serving/serving-planner';
import { BATCH_WORK } from '../../prop-schemas';
import { number, percent } from '../../format';

/** The work of a batch run. */
export interface BatchWork {
  /** The model and the average request. `concurrency` is the number of concurrent requests per container. */
  readonly load: ServingLoad;
  /** Total number of requests in all shards. */
  readonly requests: number;
}

/** Duration and cost of a run, as ranges. */
export interface EstimatedRun<Market extends string = string> extends BatchRun {
  /** Cost in USD if the whole run uses one market. Undefined without a price, or if the peak of the chip is unknown. */
  readonly costs: readonly { readonly market: Market; readonly usd?: PlanRange }[];
  /** The plan of one replica: memory, latency and throughput. */
  readonly plan: ServingPlan;
}

/** The machines of a run. */
export interface EstimateInput<Market extends string = string> {
  /** @default - a custom machine, for which nothing can be planned */
  readonly machine?: Machine;
  /** Name of the machine type. */
  readonly machineName: string;
  /** Accelerators per container. */
  readonly accelerators: number;
  /** The prop of the construct that sets the accelerators. */
  readonly acceleratorsProp: string;
  /** Number of concurrent containers. */
  readonly replicas: number;
  readonly replicasPerMachine: number;
  readonly rates: readonly MarketRate<Market>[];
  /** @default - known only at deployment */
  readonly region?: string;
}

/** Estimates a run from published throughput. Adds problems, for example for a model that does not fit, and then returns `undefined`. */
export function estimateBatch<Market extends string>(
  problems: ProblemCollector,
  work: BatchWork,
  input: EstimateInput<Market>,
): EstimatedRun<Market> | undefined {
  const before = problems.all.length;
  if (validateProps(problems, work, BATCH_WORK, 'work')) checkRequests(problems, work.requests);
  const { machine, machineName, accelerators, acceleratorsProp, replicas, region } = input;
  if (!machine) problems.add(unplannedMachine(machineName));
  if (!machine || problems.all.length > before) return undefined;
  const { planServing } = servingPlanner();
  const plan = planServing({
    load: work.load,
    machine,
    acceleratorsPerReplica: accelerators,
    replicas,
    region,
  });
  const names: PropNames = { acceleratorsPerReplica: acceleratorsProp };
  for (const contradiction of plan.contradictions) {
    if (!LATENCY_CHECKS.includes(contradiction.check)) problems.add(contradictionProblem(contradiction, '', names));
  }
  if (problems.all.length > before) return undefined;
  const run = batchRun(plan, { ...input, requests: work.requests });
  return { ...run, costs: input.rates.map((rate) => costOf(rate, run)), plan };
}

/** Checks for requests that a user waits for. They do not apply to a batch. */
const LATENCY_CHECKS: readonly FindingId[] = ['latency/target', 'memory/concurrency'];

/** Limit of the planner. */
const MAX_REQUESTS = 1e18;

// A number token of a cloud is a large negative number.
function checkRequests(problems: ProblemCollector, requests: number): void {
  if (requests >= 1 && requests <= MAX_REQUESTS) return;
  problems.add({
    code: 'PlanningInput',
    prop: 'requests',
    allowed: `from 1 to ${MAX_REQUESTS}`,
    got: requests,
    fix: 'Set the total number of requests in all shards.',
  });
}

function unplannedMachine(machine: string) {
  return {
    code: 'ChipUnplanned',
    prop: 'machine',
    allowed: 'a machine of the catalog, because a custom machine cannot be planned',
    got: machine,
    fix: 'Measure one shard on one machine.',
  } as const;
}

function costOf<Market extends string>({ market, usdPerHour }: MarketRate<Market>, { machineHours: hours }: BatchRun) {
  if (usdPerHour === undefined || !hours) return { market };
  return { market, usd: scaled(hours, usdPerHour) };
}

/** Finding: the cost of runs in a market is unknown. @param prop the prop for the price */
export function unpricedMarket(market: string, reason: string, prop = 'prices'): Finding {
  return {
    id: 'batch/unpriced-market',
    level: 'warning',
    message: `The cost of runs on ${market} machines is unknown: ${reason}.`,
    fix: `Set the price in ${prop}, or acknowledge this finding.`,
    evidence: 'the table of prices',
  };
}

/** Findings on the prices of a cost estimate. */
export function rateFindings(rates: readonly MarketRate[]): Finding[] {
  return rates.flatMap(({ market, usdPerHour, stale, date, reason = '', source = '' }) => {
    if (usdPerHour === undefined) return [unpricedMarket(market, reason)];
    return stale ? [stalePrice(market, date, source)] : [];
  });
}

function stalePrice(market: string, date: string | undefined, evidence: string): Finding {
  return {
    id: 'cost/price',
    level: 'info',
    message: `The ${market} price for the cost of runs is ${date === undefined ? 'undated' : `from ${date}`}.`,
    fix: 'Set the current price in prices.',
    evidence,
  };
}

/** Level and source of a finding. */
type BatchFindingInput = Pick<Finding, 'level' | 'evidence'>;

/** Finding: the image of a run can change before a rerun. */
export function changingProgram(image: string, input: BatchFindingInput): Finding {
  return {
    id: 'image/mutable',
    message: `${image} is referenced by a tag, so a rerun can use another program than the first run.`,
    fix: 'Use the digest of the image, …@sha256:…, or acknowledge this finding.',
    ...input,
  };
}

/** Finding: shards can wait for spot capacity without limit. */
export function spotAlone(machine: string, input: BatchFindingInput): Finding {
  return {
    id: 'spot/no-fallback',
    message: `Shards wait for spot capacity of ${machine} without a time limit.`,
    fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }), or acknowledge this finding.',
    ...input,
  };
}

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
  const hours = estimate.hours?.median;
  if (finishWithinHours !== undefined && hours !== undefined && hours > finishWithinHours) {
    within.add({
      code: 'DeadlineMissed',
      prop: 'finishWithinHours',
      allowed: `${number(hours)} hours or more (the median estimate) on ${input.machines} ${input.machineName}`,
      got: finishWithinHours,
      fix: 'Use more machines, or allow more time.',
    });
  }
  const usd = estimate.costs[0]?.usd?.median;
  if (budgetUsd !== undefined && usd !== undefined && usd > budgetUsd) {
    within.add({
      code: 'BudgetExceeded',
      prop: 'budgetUsd',
      allowed: `${Math.ceil(usd)} or more (the median estimate) for ${work.requests} requests on ${input.machineName}`,
      got: budgetUsd,
      fix: 'Raise the budget, or use another machine or market.',
    });
  }
  return estimate;
}

/** Findings of planned work: no published run of the class, or limits that are missed too often. */
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
        message: `The peak of the accelerators of ${machineName} is unknown, so the duration has no estimate.`,
        fix: 'Measure one shard on one machine.',
        evidence,
      },
    ];
  }
  const findings: Finding[] = grade === 'nearest' ? [unmeasured(work, machineName, hours, evidence)] : [];
  const { finishWithinHours, budgetUsd } = work;
  const likely = atProbability(hours, DEFAULT_PROBABILITY);
  if (finishWithinHours !== undefined && likely > finishWithinHours) {
    findings.push({
      id: 'time/deadline',
      level: 'warning',
      message: `With a probability of ${percent(DEFAULT_PROBABILITY)}, a run takes at most ${number(likely)} hours. The limit is ${finishWithinHours}.`,
      fix: 'Use more machines, or allow more time.',
      evidence,
    });
  }
  const usd = costs[0]?.usd && atProbability(costs[0].usd, DEFAULT_PROBABILITY);
  if (budgetUsd !== undefined && usd !== undefined && usd > budgetUsd) {
    findings.push({
      id: 'cost/budget',
      level: 'warning',
      message: `With a probability of ${percent(DEFAULT_PROBABILITY)}, a run costs at most ${Math.ceil(usd)} USD. The budget is ${budgetUsd}.`,
      fix: 'Raise the budget, or use another machine or market.',
      evidence,
    });
  }
  return findings;
}

function unmeasured(
  { load }: PlannedBatchWork,
  machineName: string,
  { p10, p90 }: PlanRange,
  evidence: string,
): Finding {
  return {
    id: 'evidence/no-measurement',
    level: 'info',
    message: `No published run has the class of ${load.model.name} on ${machineName}. The estimate of ${number(p10)} to ${number(p90)} hours is scaled from similar classes.`,
    fix: 'Measure one shard on one machine.',
    evidence,
  };
}

/** A batch of requests on saturated replicas. */
export interface BatchRunProps {
  /** Number of requests. */
  readonly requests: number;
  /** Number of concurrent replicas. */
  readonly replicas: number;
  /** Replicas per machine. */
  readonly replicasPerMachine: number;
}

/** Duration of a batch. */
export interface BatchRun {
  /** Quality of the evidence. */
  readonly evidence: PlanEvidence;
  /** Hours with all replicas. @default - the peak of the chip is unknown */
  readonly hours?: PlanRange;
  /** Billed machine hours. @default - the peak of the chip is unknown */
  readonly machineHours?: PlanRange;
  /** Lower bound in hours, at full bandwidth and peak. @default - bandwidth or peak of the chip are unknown */
  readonly minHours?: number;
}

const SECONDS_PER_HOUR = 3600;

/**
 * Calculates the hours of a batch from the plan of a replica: requests × output tokens ÷ tokens per second of a saturated replica. The
 * start of machines and servers, and shards of unequal size, are not included.
 */
export function batchRun(
  { load, throughput }: ServingPlan,
  { requests, replicas, replicasPerMachine }: BatchRunProps,
): BatchRun {
  const replicaHours = (tokensPerSecond: number) => (requests * load.outputTokens) / tokensPerSecond / SECONDS_PER_HOUR;
  const { evidence, tokensPerSecond: rate, boundTokensPerSecond: bound } = throughput;
  const divided = (by: number): PlanRange | undefined =>
    rate && scaled(dividedBy(requests * load.outputTokens, rate), 1 / (SECONDS_PER_HOUR * by));
  return {
    evidence,
    ...(rate && { hours: divided(replicas), machineHours: divided(replicasPerMachine) }),
    ...(bound !== undefined && { minHours: replicaHours(bound) / replicas }),
  };
}
