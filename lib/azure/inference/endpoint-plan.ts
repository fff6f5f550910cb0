import type { Machine } from '../../core/catalog/machines';
import { AiInfraError, type Problems } from '../../core/errors';
import { ofContradiction, ofPlanner, type OwnNames } from '../../core/planning/plan-problems';
import type { ServingPlanProps } from '../../core/planning/plan-serving';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import type { ServingLoad } from '../../core/workload/serving-load';
import { isUnknown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import type { InferenceEndpointProps } from './endpoint-options';

/** A load that is planned. */
export interface PlannedLoad {
  readonly plan: ServingPlan;
  /** Instances that it takes. */
  readonly count: number;
  /** Requests at once of each. @default - the load does not tell */
  readonly concurrency?: number;
}

type Ground = Omit<ServingPlanProps, 'load' | 'replicas'>;

/** A machine of Azure ML in the words of the planner: an instance is a replica, and joins no other. */
export function plannedHost(machine: AzureMachine): Machine {
  const host = plannedMachine(machine);
  return { ...host, rdma: false, scaleUpDomain: Math.min(host.scaleUpDomain, Math.max(1, host.accelerators)) };
}

/** Plans the load of an endpoint, and adds what contradicts it; nothing where there is no load. */
export function planLoad(problems: Problems, props: InferenceEndpointProps): PlannedLoad | undefined {
  const [first] = Object.entries(props.models);
  if (!props.load || !first) return undefined;
  const [name, model] = first;
  const machine = plannedHost(model.machine ?? props.machine);
  const { location } = props.workspace.resourceGroup;
  const ground: Ground = {
    machine,
    // One container has the whole instance.
    acceleratorsPerReplica: Math.max(1, machine.accelerators),
    region: isUnknown(location) ? undefined : location,
    priceOverrides: props.prices,
    asOf: props.pricesAsOf ?? servingPlanner().pricesDay,
  };
  try {
    const planned = planOn(props.load, ground, (model.scaling ?? props.scaling)?.maximum);
    for (const one of planned.plan.contradictions) problems.add(ofContradiction(one, '', namesOf(name, model.machine)));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, namesOf(name, model.machine)));
    return undefined;
  }
}

/** What the load takes, and the plan of that; where fewer are allowed, the plan is of those. */
function planOn(load: ServingLoad, ground: Ground, allowed?: number): PlannedLoad {
  const { planServing, requestsAtOnce } = servingPlanner();
  const open = planServing({ ...ground, load });
  const { count } = open.replicas;
  const fewer = allowed !== undefined && Number.isInteger(allowed) && allowed >= 1 && allowed < count;
  const plan = fewer ? planServing({ ...ground, load, replicas: allowed }) : open;
  const atOnce = requestsAtOnce(load, open.latency);
  return { plan, count, ...(atOnce !== undefined && { concurrency: Math.max(1, Math.ceil(atOnce / count)) }) };
}

/** What an endpoint calls otherwise than the planner. */
function namesOf(model: string, own?: AzureMachine): OwnNames {
  const machine = own ? `models.${model}.machine` : 'machine';
  return { acceleratorsPerReplica: machine, machine, replicas: 'scaling.maximum' };
}
