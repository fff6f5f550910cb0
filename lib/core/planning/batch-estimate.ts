import type { Machine } from '../catalog/machines';
import type { ProblemCollector } from '../errors';
import type { FindingId } from '../findings';
import { validateProps } from '../prop-schema';
import type { ServingLoad } from '../workload/serving-load';
import { type BatchRun, batchRun } from './batch-run';
import type { MarketRate } from './market-rates';
import type { PlanRange } from './plan';
import { contradictionProblem, type PropNames } from './plan-problems';
import type { ServingPlan } from './plan-serving-result';
import { servingPlanner } from './serving-planner';
import { BATCH_WORK } from '../prop-schemas';

/** The work of a batch run. */
export interface BatchWork {
  /** The model and the average request. `concurrency` is the number of concurrent requests per container. */
  readonly load: ServingLoad;
  /** Total number of requests in all shards. */
  readonly requests: number;
}

/** Duration and cost of a run, as ranges. A quarter of published runs are slower than `p25`. */
export interface EstimatedRun<Market extends string = string> extends BatchRun {
  /** Cost in USD if the whole run uses one market. Undefined without a price or a measurement. */
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
  return { market, usd: { p25: hours.p25 * usdPerHour, median: hours.median * usdPerHour } };
}
