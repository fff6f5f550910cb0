import { AiInfraError, type ProblemCollector } from '../../core/errors';
import { contradictionProblem, plannerProblem, type PropNames } from '../../core/planning/plan-problems';
import type { ServingPlanProps } from '../../core/planning/plan-serving';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import { limitsOf } from '../../terraform/load-limits';
import { isUnknown } from '../../terraform/tokens';
import type { ContainerAppInferenceProps, ContainerAppScaling } from './container-app-inference-props';

/** The scaling of an app with all settings resolved. */
export interface ResolvedScaling extends Required<ContainerAppScaling> {
  /** @default - no load, or no plan for it */
  readonly plan?: ServingPlan;
}

/** Concurrent requests without a load: the default of Container Apps. @see https://learn.microsoft.com/en-us/azure/container-apps/scale-app */
const DEFAULT_TARGET = 10;
/** Azure allows 1,000, but azurerm 4.55 only 300. @see https://learn.microsoft.com/en-us/azure/container-apps/scale-app#scale-definition */
export const MAX_REPLICAS = 300;
/** The default of Container Apps. */
const DEFAULT_COOLDOWN_SECONDS = 300;

/** Plans the load of an app, adds each contradiction, and resolves the scaling. */
export function resolveScaling(problems: ProblemCollector, props: ContainerAppInferenceProps): ResolvedScaling {
  const { scaling = {} } = props;
  const planned = planLoad(problems, props);
  return {
    ...limitsOf(problems, scaling, planned, MAX_REPLICAS),
    targetConcurrency: scaling.targetConcurrency ?? planned?.target ?? DEFAULT_TARGET,
    cooldownSeconds: scaling.cooldownSeconds ?? DEFAULT_COOLDOWN_SECONDS,
    plan: planned?.plan,
  };
}

interface Planned {
  readonly plan: ServingPlan;
  readonly count: number;
  readonly target?: number;
}

function planLoad(problems: ProblemCollector, props: ContainerAppInferenceProps): Planned | undefined {
  const { load, accelerator, resourceGroup, prices, scaling } = props;
  if (!load) return undefined;
  const { planServing, requestsAtOnce } = servingPlanner();
  const { location } = resourceGroup;
  const input: Omit<ServingPlanProps, 'replicas'> = {
    load,
    machine: accelerator.planned,
    acceleratorsPerReplica: 1,
    region: isUnknown(location) ? undefined : location,
    prices,
  };
  try {
    const open = planServing(input);
    const { count } = open.replicas;
    const maxReplicas = scaling?.maxReplicas;
    const isLimited =
      maxReplicas !== undefined && Number.isInteger(maxReplicas) && maxReplicas >= 1 && maxReplicas < count;
    const plan = isLimited ? planServing({ ...input, replicas: maxReplicas }) : open;
    for (const one of plan.contradictions) problems.add(contradictionProblem(one, '', NAMES));
    const atOnce = requestsAtOnce(load, open.latency);
    return { plan, count, ...(atOnce !== undefined && { target: Math.max(1, Math.ceil(atOnce / count)) }) };
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, NAMES));
    return undefined;
  }
}

/** The props of the construct, by their names in the planner. */
const NAMES: PropNames = {
  acceleratorsPerReplica: 'accelerator',
  machine: 'accelerator',
  replicas: 'scaling.maxReplicas',
};
