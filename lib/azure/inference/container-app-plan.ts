import { AiInfraError, type Problems } from '../../core/errors';
import { ofContradiction, ofPlanner, type OwnNames } from '../../core/planning/plan-problems';
import type { ServingPlanProps } from '../../core/planning/plan-serving';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import { limitsOf } from '../../terraform/load-limits';
import { isUnknown } from '../../terraform/tokens';
import type { ContainerAppInferenceProps, ContainerAppScaling } from './container-app-inference-props';

/** An app with what was left out. */
export interface SettledScaling extends Required<ContainerAppScaling> {
  /** @default - no load was given, or nothing can be planned for it */
  readonly plan?: ServingPlan;
}

/** Requests at once where nothing is known of the load: as Container Apps has it. @see https://learn.microsoft.com/en-us/azure/container-apps/scale-app */
const DEFAULT_TARGET = 10;
/** Azure takes 1,000, and azurerm 4.55 no more than these. @see https://learn.microsoft.com/en-us/azure/container-apps/scale-app#scale-definition */
export const MOST_REPLICAS = 300;
/** As Container Apps has it. */
const DEFAULT_COOLDOWN_SECONDS = 300;

/** Plans the load of an app, adds what contradicts it, and settles the limits of scaling. */
export function settleScaling(problems: Problems, props: ContainerAppInferenceProps): SettledScaling {
  const { scaling = {} } = props;
  const planned = planLoad(problems, props);
  return {
    ...limitsOf(problems, scaling, planned, MOST_REPLICAS),
    target: scaling.target ?? planned?.target ?? DEFAULT_TARGET,
    cooldownSeconds: scaling.cooldownSeconds ?? DEFAULT_COOLDOWN_SECONDS,
    plan: planned?.plan,
  };
}

interface Planned {
  readonly plan: ServingPlan;
  readonly count: number;
  readonly target?: number;
}

function planLoad(problems: Problems, props: ContainerAppInferenceProps): Planned | undefined {
  const { load, accelerator, resourceGroup, prices, pricesAsOf, scaling } = props;
  if (!load) return undefined;
  const { planServing, pricesDay, requestsAtOnce } = servingPlanner();
  const { location } = resourceGroup;
  const ground: Omit<ServingPlanProps, 'replicas'> = {
    load,
    machine: accelerator.planned,
    acceleratorsPerReplica: 1,
    region: isUnknown(location) ? undefined : location,
    priceOverrides: prices,
    asOf: pricesAsOf ?? pricesDay,
  };
  try {
    const open = planServing(ground);
    const { count } = open.replicas;
    const allowed = scaling?.maximum;
    const fewer = allowed !== undefined && Number.isInteger(allowed) && allowed >= 1 && allowed < count;
    const plan = fewer ? planServing({ ...ground, replicas: allowed }) : open;
    for (const one of plan.contradictions) problems.add(ofContradiction(one, '', NAMES));
    const atOnce = requestsAtOnce(load, open.latency);
    return { plan, count, ...(atOnce !== undefined && { target: Math.max(1, Math.ceil(atOnce / count)) }) };
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, NAMES));
    return undefined;
  }
}

/** What the construct calls otherwise than the planner. */
const NAMES: OwnNames = { acceleratorsPerReplica: 'accelerator', machine: 'accelerator', replicas: 'scaling.maximum' };
