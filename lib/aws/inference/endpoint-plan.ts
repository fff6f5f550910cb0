import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Machine } from '../../core/catalog/machines';
import { AiInfraError, type Problems } from '../../core/errors';
import { ofContradiction, ofPlanner, type OwnNames } from '../../core/planning/plan-problems';
import type { ServingPlanProps } from '../../core/planning/plan-serving';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { ServingLoad } from '../../core/workload/serving-load';
import { isWithin } from '../props/bounds';
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
    for (const one of planned.plan.contradictions) problems.add(ofContradiction(one, '', namesOf(first[0])));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, namesOf(first[0])));
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
  const { planServing, requestsAtOnce } = servingPlanner();
  const open = planServing({ ...ground, load });
  const count = open.replicas.count;
  const plan =
    allowed !== undefined && isWithin(allowed, { least: 1, most: count - 1 })
      ? planServing({ ...ground, load, replicas: allowed })
      : open;
  const atOnce = requestsAtOnce(load, open.latency);
  // Requests that each copy has at once when the load is shared out: no more than its memory holds, since the copies follow from that.
  const target = atOnce === undefined ? undefined : Math.max(1, Math.ceil(atOnce / count));
  return { plan, needed: { count, target } };
}

/** What an endpoint calls otherwise than the planner. */
function namesOf(model: string): OwnNames {
  return { acceleratorsPerReplica: `models.${model}.accelerators`, replicas: 'scaling.maximum' };
}
