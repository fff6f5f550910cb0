import type { Machine } from '../catalog/machines';
import { type Problems } from '../errors';
import type { FindingId } from '../findings';
import { fits, NUMBER, required, type Shape } from '../shapes';
import { SERVING_LOAD, type ServingLoad } from '../workload/serving-load';
import { type BatchRun, batchRun } from './batch-run';
import type { MarketRate } from './market-rates';
import type { PlanRange } from './plan';
import { ofContradiction, type OwnNames } from './plan-problems';
import type { ServingPlan } from './plan-serving-result';
import { servingPlanner } from './serving-planner';

/** What a run has to do. */
export interface BatchWork {
  /** The model, and what a request is. Say `concurrency` for the requests that one container has at once. */
  readonly load: ServingLoad;
  /** Requests of all shards together. */
  readonly requests: number;
}

/** The kinds of what a run has to do. */
export const BATCH_WORK: Shape<BatchWork> = { load: required(SERVING_LOAD), requests: required(NUMBER) };

/** How long a run takes and what it costs, as a range: `p25` is what a quarter of published runs are slower than. */
export interface EstimatedRun<Market extends string = string> extends BatchRun {
  /** USD where all of it runs in one market. A market without a price, or a rate without a measurement, has none. */
  readonly costs: readonly { readonly market: Market; readonly usd?: PlanRange }[];
  /** The plan of one replica behind it: memory, latency, throughput. */
  readonly plan: ServingPlan;
}

/** What the work is done on. */
export interface EstimateGround<Market extends string = string> {
  /** @default - nothing is known of it: it is described by hand */
  readonly machine?: Machine;
  /** The machine as its cloud calls it. */
  readonly machineName: string;
  /** Accelerators of one container. */
  readonly accelerators: number;
  /** What the construct calls them. */
  readonly acceleratorsProp: string;
  /** Containers at work at once. */
  readonly replicas: number;
  readonly replicasPerMachine: number;
  readonly rates: readonly MarketRate<Market>[];
  /** @default - known only at deployment */
  readonly region?: string;
}

/** Estimates a run from published throughput; adds what cannot be, such as a model that does not fit. @returns nothing where there is such a thing */
export function estimateBatch<Market extends string>(
  problems: Problems,
  work: BatchWork,
  ground: EstimateGround<Market>,
): EstimatedRun<Market> | undefined {
  const before = problems.all.length;
  if (fits(problems, work, BATCH_WORK, 'work')) checkRequests(problems, work.requests);
  const { machine, machineName, accelerators, acceleratorsProp, replicas, region } = ground;
  if (!machine) problems.add(unplanned(machineName));
  if (!machine || problems.all.length > before) return undefined;
  const { planServing, pricesDay } = servingPlanner();
  const plan = planServing({
    load: work.load,
    machine,
    acceleratorsPerReplica: accelerators,
    replicas,
    region,
    asOf: pricesDay,
  });
  const names: OwnNames = { acceleratorsPerReplica: acceleratorsProp };
  for (const contradiction of plan.contradictions) {
    if (!OF_WAITING.includes(contradiction.check)) problems.add(ofContradiction(contradiction, '', names));
  }
  if (problems.all.length > before) return undefined;
  const run = batchRun(plan, { ...ground, requests: work.requests });
  return { ...run, costs: ground.rates.map((rate) => costOf(rate, run)), plan };
}

/** What binds a load that somebody waits for, and no batch. */
const OF_WAITING: readonly FindingId[] = ['latency/target', 'memory/concurrency'];

/** What the planner counts to. */
const MOST_REQUESTS = 1e18;

// A token of a cloud is a number far below zero.
function checkRequests(problems: Problems, requests: number): void {
  if (requests >= 1 && requests <= MOST_REQUESTS) return;
  problems.add({
    code: 'PlanningInput',
    prop: 'requests',
    allowed: `1 to ${MOST_REQUESTS}`,
    got: requests,
    fix: 'Say how many requests all shards hold together.',
  });
}

function unplanned(machine: string) {
  return {
    code: 'ChipUnplanned',
    prop: 'machine',
    allowed: 'a machine of the table: nothing can be planned for one that is described by hand',
    got: machine,
    fix: 'Time one shard on one machine.',
  } as const;
}

function costOf<Market extends string>({ market, usdPerHour }: MarketRate<Market>, { machineHours: hours }: BatchRun) {
  if (usdPerHour === undefined || !hours) return { market };
  return { market, usd: { p25: hours.p25 * usdPerHour, median: hours.median * usdPerHour } };
}
