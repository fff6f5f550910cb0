import { AZURE_ML_LIMITS, AZURE_ML_ONLINE_MACHINES } from '../../core/catalog/azure-ml-hosting';
import type { ServiceOffers } from '../../core/cost-allocation';
import { type ProblemCollector, AiInfraError } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingPlan, ServingPlanProps } from '../../core/planning/serving/plan-serving';
import { limitsOf } from '../../terraform/load-limits';
import { AzureMachine } from '../machine/machine';
import type { InferenceEndpointProps, EndpointScaling, ServedModel } from './endpoint-options';
import type { Machine } from '../../core/catalog/machines';
import { contradictionProblem, plannerProblem, type PropNames } from '../../core/planning/plan-problems';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import { type ServingLoad, withShare } from '../../core/workload/serving-load';
import { isUnknown } from '../../terraform/tokens';
import { plannedMachine } from '../machine/planned-machine';

/** A model with all settings resolved. */
export interface ResolvedModel {
  readonly name: string;
  readonly model: ServedModel;
  readonly machine: AzureMachine;
  readonly scaling: EndpointScaling;
  readonly limits: ReplicaLimits;
  readonly trafficPercent: number;
  readonly mirrorPercent: number;
  /** Concurrent requests of each instance. */
  readonly concurrency: number;
  /** Whether `concurrency` or `load` determines the concurrency. */
  readonly concurrencyKnown: boolean;
  readonly timeoutSeconds: number;
  readonly startupMinutes: number;
}

/** An endpoint with all settings resolved. */
export interface ResolvedEndpoint {
  readonly models: readonly ResolvedModel[];
  /** The model with the most live requests. @default - there are no models */
  readonly main?: ResolvedModel;
  /** Plan of the whole load on the main model. @default - there is no load */
  readonly plan?: ServingPlan;
}

const DEFAULT_TIMEOUT_SECONDS = 180;

/** Resolves the settings that are left out, and adds each contradiction with the load. */
export function resolveEndpoint(problems: ProblemCollector, props: InferenceEndpointProps): ResolvedEndpoint {
  const shares = sharesOf(props.models);
  const main = shares.indexOf(Math.max(...shares));
  const plans = Object.keys(props.models).map((name, index) => {
    const requests = shares[index]! + (props.models[name]!.mirrorPercent ?? 0);
    return planLoad(problems, props, { name, requests });
  });
  const models = Object.entries(props.models).map(([name, model], index) =>
    resolveModel(problems, props, { name, model, share: shares[index]! }, plans[index]),
  );
  const plan = plans[main] && (shares[main] === 100 ? plans[main].plan : planAll(props, models[main]!));
  return { models, main: models[main], ...(plan && { plan }) };
}

function resolveModel(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  { name, model, share }: { name: string; model: ServedModel; share: number },
  planned?: PlannedLoad,
): ResolvedModel {
  const scaling = model.scaling ?? props.scaling ?? {};
  const concurrency = model.concurrency ?? planned?.concurrency;
  return {
    name,
    model,
    machine: model.machine ?? props.machine,
    scaling,
    limits: limitsOf(problems, scaling, planned, AZURE_ML_LIMITS.instances),
    trafficPercent: share,
    mirrorPercent: model.mirrorPercent ?? 0,
    concurrency: concurrency ?? 1,
    concurrencyKnown: concurrency !== undefined,
    timeoutSeconds: model.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    startupMinutes: model.startupMinutes ?? startup(model.artifact.sizeGB),
  };
}

/** The percentages of live requests. If no model sets one, the first model gets all requests. */
function sharesOf(models: Readonly<Record<string, ServedModel>>): number[] {
  const given = Object.values(models).map(({ trafficPercent }) => trafficPercent);
  if (given.some((share) => share !== undefined)) return given.map((share) => share ?? 0);
  return given.map((_, index) => (index === 0 ? 100 : 0));
}

/** GB of weights loaded per minute, minutes to start the server, and the size of an unknown model. Choices of this library, as on Kubernetes. */
const LOAD_GB_PER_MINUTE = 15;
const SERVER_MINUTES = 10;
const UNKNOWN_GB = 100;
const MAX_STARTUP_MINUTES = 60;

function startup(sizeGB = UNKNOWN_GB): number {
  return Math.min(MAX_STARTUP_MINUTES, Math.ceil(SERVER_MINUTES + sizeGB / LOAD_GB_PER_MINUTE));
}

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

/** Returns the machines that the list of managed online endpoints has. Endpoints have no spot machines. */
export function azureMlOffers(): ServiceOffers {
  const machines = AzureMachine.all
    .filter(({ name }) => Object.hasOwn(AZURE_ML_ONLINE_MACHINES, name))
    .map(plannedHost);
  return { machines, markets: ['on-demand'] };
}

/** A model with its percentage of the requests. */
interface PlannedShare {
  readonly name: string;
  /** Live and mirrored requests, in percent of the load. */
  readonly requests: number;
}

/** Plans the share of a model of the load, and adds each contradiction. @returns undefined without a load, and for a model without requests */
function planLoad(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  { name, requests }: PlannedShare,
): PlannedLoad | undefined {
  const { load } = props;
  // Traffic outside 0 to 100 is another problem.
  if (!load || !(requests > 0 && requests <= 100)) return undefined;
  const model = props.models[name]!;
  const share = requests === 100 ? load : withShare(load, requests / 100);
  try {
    const planned = planOn(share, planInput(props, model), (model.scaling ?? props.scaling)?.maxReplicas);
    for (const one of planned.plan.contradictions)
      problems.add(contradictionProblem(one, '', namesOf(name, model.machine)));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, namesOf(name, model.machine)));
    return undefined;
  }
}

/** The plan of the whole load on one model, which the report describes. */
function planAll(props: InferenceEndpointProps, { model }: ResolvedModel): ServingPlan {
  return planOn(props.load!, planInput(props, model)).plan;
}

function planInput(props: InferenceEndpointProps, model: ServedModel): PlanInput {
  const machine = plannedHost(model.machine ?? props.machine);
  const { location } = props.workspace.resourceGroup;
  return {
    machine,
    // One container uses all accelerators of an instance.
    acceleratorsPerReplica: Math.max(1, machine.accelerators),
    region: isUnknown(location) ? undefined : location,
    prices: props.prices,
  };
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
