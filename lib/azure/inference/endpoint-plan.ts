import type { Machine } from '../../core/catalog/machines';
import { AiInfraError, type ProblemCollector } from '../../core/errors';
import { contradictionProblem, plannerProblem, type PropNames } from '../../core/planning/plan-problems';
import type { ServingPlanProps } from '../../core/planning/plan-serving';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import type { ServingLoad } from '../../core/workload/serving-load';
import { isUnknown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import type { InferenceEndpointProps } from './endpoint-options';

/** The plan of a load. */
export interface PlannedLoad {
  /** The plan itself. */
  readonly plan: ServingPlan;
  /** Number of instances for the load. */
  readonly count: number;
  /** Concurrent requests of each instance. @default - the load does not determine it */
  readonly concurrency?: number;
}

type PlanInput = Omit<ServingPlanProps, 'load' | 'replicas'>;

/** The machine for the planner. An instance is a replica, which never uses a second machine. */
export function plannedHost(machine: AzureMachine): Machine {
  const host = plannedMachine(machine);
  return { ...host, rdma: false, scaleUpDomain: Math.min(host.scaleUpDomain, Math.max(1, host.accelerators)) };
}

/** Plans the load of an endpoint, and adds each contradiction. @returns undefined without a load */
export function planLoad(problems: ProblemCollector, props: InferenceEndpointProps): PlannedLoad | undefined {
  const [first] = Object.entries(props.models);
  if (!props.load || !first) return undefined;
  const [name, model] = first;
  const machine = plannedHost(model.machine ?? props.machine);
  const { location } = props.workspace.resourceGroup;
  const input: PlanInput = {
    machine,
    // One container uses all accelerators of an instance.
    acceleratorsPerReplica: Math.max(1, machine.accelerators),
    region: isUnknown(location) ? undefined : location,
    prices: props.prices,
  };
  try {
    const planned = planOn(props.load, input, (model.scaling ?? props.scaling)?.maxReplicas);
    for (const one of planned.plan.contradictions)
      problems.add(contradictionProblem(one, '', namesOf(name, model.machine)));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, namesOf(name, model.machine)));
    return undefined;
  }
}

/** The instances that the load needs, and its plan. The plan uses at most `maxReplicas` instances. */
function planOn(load: ServingLoad, input: PlanInput, maxReplicas?: number): PlannedLoad {
  const { planServing, requestsAtOnce } = servingPlanner();
  const open = planServing({ ...input, load });
  const { count } = open.replicas;
  const isLimited =
    maxReplicas !== undefined && Number.isInteger(maxReplicas) && maxReplicas >= 1 && maxReplicas < count;
  const plan = isLimited ? planServing({ ...input, load, replicas: maxReplicas }) : open;
  const atOnce = requestsAtOnce(load, open.latency);
  return { plan, count, ...(atOnce !== undefined && { concurrency: Math.max(1, Math.ceil(atOnce / count)) }) };
}

/** The props of the endpoint, by their names in the planner. */
function namesOf(model: string, own?: AzureMachine): PropNames {
  const machine = own ? `models.${model}.machine` : 'machine';
  return { acceleratorsPerReplica: machine, machine, replicas: 'scaling.maxReplicas' };
}
