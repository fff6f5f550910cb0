import type { Machine } from '../../core/catalog/machines';
import type { PriceOverride } from '../../core/catalog/price-override';
import type { PriceMarket } from '../../core/catalog/prices';
import { AiInfraError, type Problems } from '../../core/errors';
import { ofContradiction, ofPlanner, type OwnNames } from '../../core/planning/plan-problems';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingScaling } from './serving-scaling';

/** What a load is planned on. */
export interface LoadPlanProps {
  readonly load: ServingLoad;
  /** With the fabric that is wired: a replica may span machines over it. */
  readonly machine: Machine;
  readonly market: PriceMarket;
  /** @default - known only at deployment */
  readonly region?: string;
  /** @default - those of the table alone */
  readonly prices?: readonly PriceOverride[];
  /** @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
  /** @default - planned */
  readonly acceleratorsPerReplica?: number;
  /** @default - as many replicas as the load takes */
  readonly scaling?: ServingScaling;
}

/** A load that was planned. */
export interface PlannedInference {
  readonly plan: ServingPlan;
  /** Requests that each of the planned replicas has at once. */
  readonly requestsPerReplica: number;
}

/** Plans a load, and adds what contradicts it; nothing where nothing can be planned. */
export function planLoad(problems: Problems, props: LoadPlanProps): PlannedInference | undefined {
  try {
    const planned = planOn(props);
    for (const contradiction of planned.plan.contradictions) problems.add(ofContradiction(contradiction, '', NAMES));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, NAMES));
    return undefined;
  }
}

function planOn(props: LoadPlanProps): PlannedInference {
  const { planServing, pricesDay, requestsAtOnce } = servingPlanner();
  const { load, machine, market, region, acceleratorsPerReplica } = props;
  const plan = (replicas?: number) =>
    planServing({
      load,
      machine,
      market,
      region,
      priceOverrides: props.prices,
      asOf: props.pricesAsOf ?? pricesDay,
      acceleratorsPerReplica,
      replicas,
    });
  const open = plan();
  const replicas = replicasWithin(props.scaling, open.replicas.count);
  const settled = replicas === undefined ? open : plan(replicas);
  const atOnce = requestsAtOnce(load, settled.latency) ?? settled.memory.maxConcurrency;
  const share = Math.min(settled.memory.maxConcurrency, Math.ceil(atOnce / settled.replicas.count));
  return { plan: settled, requestsPerReplica: Math.max(1, share) };
}

/** The replicas of the plan, where their number or range is stated: as many as the load takes, as far as there may be so many. */
function replicasWithin(scaling: ServingScaling | undefined, wanted: number): number | undefined {
  if (!scaling) return undefined;
  const { kind, least, most } = scaling;
  if (kind === 'fixed') return most;
  const within = Math.min(most, Math.max(1, least, wanted));
  return within === wanted ? undefined : within;
}

/** What the construct calls otherwise than the planner. */
const NAMES: OwnNames = { replicas: 'scaling' };
