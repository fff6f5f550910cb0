import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as Runs from '../../core/planning/batch-run';
import type { BatchRun } from '../../core/planning/batch-run';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import { Problems } from '../../core/errors';
import type { FindingId } from '../../core/findings';
import type { PlanRange } from '../../core/planning/plan';
import { ofContradiction, type OwnNames } from '../../core/planning/plan-problems';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import { NUMBER, required, type Shape, fits } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import type { AwsMachine } from '../machine/machine';
import type { MarketRate } from './batch-prices';
import type { BatchMarket } from './job-workflow';

/** What a run has to do. */
export interface BatchWork {
  /** The model, and what a request is. Say `concurrency` for the requests that one container has at once. */
  readonly load: ServingLoad;
  /** Requests of all shards together. */
  readonly requests: number;
}

/** How long a run takes and what it costs, as a range: `p25` is what a quarter of published runs are slower than. */
export interface BatchEstimate extends BatchRun {
  /** USD where all of it runs in one market. A market without a price, or a rate without a measurement, has none. */
  readonly costs: readonly { readonly market: BatchMarket; readonly usd?: PlanRange }[];
  /** The plan of one replica behind it: memory, latency, throughput. */
  readonly plan: ServingPlan;
}

/** What the work is done on. */
export interface BatchGround {
  readonly machine: AwsMachine;
  /** Accelerators of one container. */
  readonly accelerators: number;
  /** Containers at work at once. */
  readonly replicas: number;
  readonly replicasPerMachine: number;
  readonly rates: readonly MarketRate[];
}

const WORK: Shape<BatchWork> = { load: required(SERVING_LOAD), requests: required(NUMBER) };

/** Estimates a run from published throughput. What cannot be, such as a model that does not fit, is an error. */
export function estimateRun(scope: Construct, work: BatchWork, ground: BatchGround): BatchEstimate {
  const problems = new Problems();
  const typed = fits(problems, work, WORK, 'work');
  if (typed) checkRequests(problems, work.requests);
  const machine = plannedMachine(problems, ground.machine);
  problems.throwIfAny(scope);
  const plan = planOn(scope, work.load, machine!, ground);
  for (const contradiction of plan.contradictions) {
    if (!OF_WAITING.includes(contradiction.check)) problems.add(ofContradiction(contradiction, '', NAMES));
  }
  problems.throwIfAny(scope);
  const { batchRun } = require('../../core/planning/batch-run') as typeof Runs;
  const run = batchRun(plan, { ...ground, requests: work.requests });
  return { ...run, costs: ground.rates.map((rate) => costOf(rate, run)), plan };
}

/** What binds a load that somebody waits for, and no batch. */
const OF_WAITING: readonly FindingId[] = ['latency/target', 'memory/concurrency'];

/** What the planner calls otherwise than the options. */
const NAMES: OwnNames = { acceleratorsPerReplica: 'gpusPerShard' };

function checkRequests(problems: Problems, requests: number): void {
  if (Number.isFinite(requests) && requests >= 1 && !Token.isUnresolved(requests)) return;
  problems.add({
    code: 'PlanningInput',
    prop: 'requests',
    allowed: '1 or more',
    got: requests,
    fix: 'Say how many requests all shards hold together.',
  });
}

function plannedMachine(problems: Problems, { name }: AwsMachine): Machine | undefined {
  const { findMachine } = require('../../core/catalog/machines') as typeof Machines;
  const machine = findMachine('aws', name);
  if (!machine) {
    problems.add({
      code: 'ChipUnplanned',
      prop: 'machine',
      allowed: 'a machine of the table: nothing can be planned for one that is described by hand',
      got: name,
      fix: 'Time one shard on one machine.',
    });
  }
  return machine;
}

function planOn(
  scope: Construct,
  load: ServingLoad,
  machine: Machine,
  { accelerators, replicas }: BatchGround,
): ServingPlan {
  const { planServing, pricesDay } = servingPlanner();
  const { region } = Stack.of(scope);
  return planServing({
    load,
    machine,
    acceleratorsPerReplica: accelerators,
    replicas,
    region: Token.isUnresolved(region) ? undefined : region,
    asOf: pricesDay,
  });
}

function costOf({ market, usdPerHour }: MarketRate, { machineHours: hours }: BatchRun) {
  if (usdPerHour === undefined || !hours) return { market };
  return { market, usd: { p25: hours.p25 * usdPerHour, median: hours.median * usdPerHour } };
}
