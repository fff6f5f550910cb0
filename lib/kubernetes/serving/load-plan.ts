import type { Prices } from '../../core/catalog/price-override';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import { AiInfraError, type ProblemCollector } from '../../core/errors';
import { contradictionProblem, plannerProblem, type PropNames } from '../../core/planning/plan-problems';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingScaling } from './scale';

/** Properties for `planLoad`. */
export interface LoadPlanProps {
  /** Expected load. */
  readonly load: ServingLoad;
  /** Machine with the fabric that the construct configures. A replica can span machines over this fabric. */
  readonly machine: Machine;
  /** Purchase option of the machine. */
  readonly market: PriceMarket;
  /** Region of the machine. @default - only known at deployment */
  readonly region?: string;
  /** Your own prices and their date. @default - the prices of the catalog */
  readonly prices?: Prices;
  /** Accelerators per replica. @default - planned */
  readonly acceleratorsPerReplica?: number;
  /** Scaling of the replicas. @default - planned */
  readonly scaling?: ServingScaling;
}

/** Result of `planLoad`. */
export interface PlannedInference {
  /** Plan of the load. */
  readonly plan: ServingPlan;
  /** Number of concurrent requests per planned replica. */
  readonly targetConcurrency: number;
}

/** Plans a load and adds its contradictions as problems. Returns undefined if the load cannot be planned. */
export function planLoad(problems: ProblemCollector, props: LoadPlanProps): PlannedInference | undefined {
  try {
    const planned = planOn(props);
    for (const contradiction of planned.plan.contradictions)
      problems.add(contradictionProblem(contradiction, '', NAMES));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, NAMES));
    return undefined;
  }
}

function planOn(props: LoadPlanProps): PlannedInference {
  const { planServing, requestsAtOnce } = servingPlanner();
  const { load, machine, market, region, prices, acceleratorsPerReplica } = props;
  const plan = (replicas?: number) =>
    planServing({
      load,
      machine,
      market,
      region,
      prices,
      acceleratorsPerReplica,
      replicas,
    });
  const unconstrained = plan();
  const replicas = replicasWithin(props.scaling, unconstrained.replicas.count);
  const resolved = replicas === undefined ? unconstrained : plan(replicas);
  const atOnce = requestsAtOnce(load, resolved.latency) ?? resolved.memory.maxConcurrency;
  const share = Math.min(resolved.memory.maxConcurrency, Math.ceil(atOnce / resolved.replicas.count));
  return { plan: resolved, targetConcurrency: Math.max(1, share) };
}

/** Returns the number of replicas to plan with if `scaling` does not allow the planned number, otherwise undefined. */
function replicasWithin(scaling: ServingScaling | undefined, planned: number): number | undefined {
  if (!scaling) return undefined;
  const { kind, minReplicas: min, maxReplicas: max } = scaling;
  if (kind === 'fixed') return max;
  const within = Math.min(max, Math.max(1, min, planned));
  return within === planned ? undefined : within;
}

/** Props whose names differ between the construct and the planner. */
const NAMES: PropNames = { replicas: 'scaling' };

/**
 * Times of a start, chosen by this library. Network volumes and a shared disk reach the read rate. Then the server compiles kernels and
 * records graphs, which takes minutes.
 */
export const STARTUP = { readGiBPerSecond: 0.25, initializationSeconds: 600, periodSeconds: 10 } as const;

/** Returns the maximum number of seconds from the start of a server to its first response. */
export function startupSeconds(weightsGiB: number): number {
  const seconds = weightsGiB / STARTUP.readGiBPerSecond + STARTUP.initializationSeconds;
  return Math.ceil(seconds / STARTUP.periodSeconds) * STARTUP.periodSeconds;
}

/** Returns the seconds before the server starts: the node boots, pulls an image of several GB, and downloads the files of the model. */
export function arrivalSeconds(weightsGiB: number): number {
  return 1200 + Math.ceil(weightsGiB / STARTUP.readGiBPerSecond);
}

/** Returns the disk space for a model in GiB: the weights, and 10% for the tokenizer, adapters and a failed download. */
export function diskGiB(weightsGiB: number): number {
  return Math.ceil(weightsGiB * 1.1) + 2;
}
