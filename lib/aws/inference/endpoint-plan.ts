import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Machine } from '../../core/catalog/machines';
import { AiInfraError, type Problem, type Problems } from '../../core/errors';
import type { Contradiction } from '../../core/planning/plan';
import type { ServingPlanProps } from '../../core/planning/plan-serving';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { ServingLoad } from '../../core/workload/serving-load';
import { isWithin } from './bounds';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { NeededReplicas } from './endpoint-scaling';
import { downloadMBps } from './model-times';
import type { ServedModel } from './served-model';
import { hostPrices, plannedHost } from './serving-host';
import { servingPlanner } from './serving-planner';

/** A load that is planned. */
export interface PlannedLoad {
  readonly plan: ServingPlan;
  readonly needed: NeededReplicas;
}

/** Plans the load of an endpoint, and adds what contradicts it; nothing where there is no load, or nothing to plan it on. */
export function planLoad(problems: Problems, props: InferenceEndpointProps, scope: Construct): PlannedLoad | undefined {
  const { load, machine } = props;
  const [first] = Object.entries(props.models);
  if (!load || !machine || !first) return undefined;
  const view = plannedHost(problems, machine);
  const acceleratorsPerReplica = copySize(props, first[1]);
  const most = { least: 1, most: machine.spec.accelerators };
  if (!view || (acceleratorsPerReplica !== undefined && !isWithin(acceleratorsPerReplica, most))) return undefined;
  try {
    const planned = planOn(load, { ...planProps(props, view, scope), acceleratorsPerReplica }, props.scaling?.maximum);
    for (const one of planned.plan.contradictions) problems.add(ofContradiction(one, first[0]));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, first[0]));
    return undefined;
  }
}

/** Accelerators of a copy where that is no choice: an instance that is not shared is one copy. */
function copySize(props: InferenceEndpointProps, { accelerators }: ServedModel): number | undefined {
  if (accelerators !== undefined) return accelerators;
  return kindOf(props).name === 'components' ? undefined : props.machine?.spec.accelerators;
}

type Ground = Omit<ServingPlanProps, 'load' | 'replicas'>;

function planProps(
  { machine, prices = [], pricesAsOf }: InferenceEndpointProps,
  view: Machine,
  scope: Construct,
): Ground {
  const { region } = Stack.of(scope);
  return {
    machine: view,
    region: Token.isUnresolved(region) ? undefined : region,
    // What a new copy reads its weights by: the planner's own assumption is more than most networks give.
    storage: { throughputMBps: downloadMBps(machine!), sizeGiB: 1 },
    priceOverrides: [...prices, ...hostPrices(machine!)],
    asOf: pricesAsOf ?? servingPlanner().pricesDay,
  };
}

/** What the load takes, and the plan of that; where fewer are allowed, the plan is of those. */
function planOn(load: ServingLoad, ground: Ground, allowed?: number): PlannedLoad {
  const { planServing } = servingPlanner();
  const open = planServing({ ...ground, load });
  const count = open.replicas.count;
  const plan =
    allowed !== undefined && isWithin(allowed, { least: 1, most: count - 1 })
      ? planServing({ ...ground, load, replicas: allowed })
      : open;
  return { plan, needed: { count, target: targetOf(load, open, count) } };
}

/** Requests that each copy has at once when the load is shared out: no more than its memory holds, since the copies follow from that. */
function targetOf(load: ServingLoad, { latency }: ServingPlan, count: number): number | undefined {
  const { concurrency, requestsPerSecond } = load;
  const seconds = latency && (latency.calibrated.ttftMs + load.outputTokens * latency.calibrated.tpotMs) / 1000;
  const inFlight = seconds === undefined || requestsPerSecond === undefined ? undefined : requestsPerSecond * seconds;
  const atOnce = concurrency ?? inFlight;
  if (atOnce === undefined) return undefined;
  return Math.max(1, Math.ceil(atOnce / count));
}

function ofPlanner({ prop, ...problem }: Problem, model: string): Problem {
  const names: Readonly<Record<string, string>> = {
    acceleratorsPerReplica: `models.${model}.accelerators`,
    replicas: 'scaling.maximum',
    asOf: 'pricesAsOf',
    priceOverrides: 'prices',
  };
  return { ...problem, prop: names[prop] ?? prop.replace(/^overrides\b/, 'prices') };
}

/** With the row or the limit behind it, as a finding has it. */
function ofContradiction({ code, prop, allowed, got, fix, evidence }: Contradiction, model: string): Problem {
  return ofPlanner({ code, prop, allowed, got, fix: `${fix} (${evidence})` }, model);
}
