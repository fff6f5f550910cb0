import type { ServiceOffers } from '../../core/cost-allocation';
import type { ProblemCollector } from '../../core/errors';
import { type PlannedLoad, planEndpoint, type ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import { withShare } from '../../core/workload/serving-load';
import { limitsOf } from '../../terraform/load-limits';
import { resolvedServer } from '../../kubernetes/serving/serving-props';
import { ServingServer, type ModelServer } from '../../kubernetes';
import { isUnknown } from '../../terraform/tokens';
import { AlicloudMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import type { EndpointScaling, InferenceEndpointProps, ServedModel } from './endpoint-options';

/** A model with all settings resolved. */
export interface ResolvedModel {
  readonly name: string;
  readonly model: ServedModel;
  readonly server: ModelServer;
  readonly machine: AlicloudMachine;
  readonly limits: ReplicaLimits;
  /** Requests per second of each instance above which instances are added. @default - the number of instances is fixed */
  readonly target?: number;
  readonly scaleInSeconds: number;
  readonly trafficPercent: number;
  readonly timeoutSeconds: number;
  /** Plan for the share of the model. @default - no load, or a load that cannot be planned */
  readonly planned?: PlannedLoad;
}

/** An endpoint with all settings resolved. */
export interface ResolvedEndpoint {
  readonly models: readonly ResolvedModel[];
  /** The model with the most requests. @default - there are no models */
  readonly main?: ResolvedModel;
  /** Plan of the whole load on the main model. @default - there is no load */
  readonly plan?: ServingPlan;
}

/** Maximum number of instances. Our choice: the quota of an account is far below. */
export const MAX_REPLICAS = 1000;
const DEFAULT_TIMEOUT_SECONDS = 600;
const DEFAULT_COOLDOWN_MINUTES = 10;

/** Returns the machines that EAS offers as public resources, with the markets that it sells. */
export function easOffers(): ServiceOffers {
  return { machines: AlicloudMachine.all.map(plannedMachine), markets: ['on-demand', 'spot'] };
}

/** Resolves the settings that are left out, and adds each contradiction with the load. */
export function resolveEndpoint(problems: ProblemCollector, props: InferenceEndpointProps): ResolvedEndpoint {
  const shares = sharesOf(props.models);
  const isSplit = shares.filter((share) => share > 0).length > 1;
  const planned = Object.values(props.models).map((model, index) => planShare(problems, props, model, shares[index]!));
  const split = isSplit ? splitInstances(problems, props, shares, planned) : undefined;
  const models = Object.entries(props.models).map(([name, model], index) => {
    const share = shares[index]!;
    const fixed = split?.[index];
    const state = { name, model, share, planned: planned[index] };
    return resolveModel(problems, props, state, fixed);
  });
  const main = models[shares.indexOf(Math.max(...shares))];
  const whole = main && isSplit ? planShare(problems, props, main.model, 100) : main?.planned;
  return { models, main, ...(whole && { plan: whole.plan }) };
}

interface State {
  readonly name: string;
  readonly model: ServedModel;
  readonly share: number;
  readonly planned?: PlannedLoad;
}

function resolveModel(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  { name, model, share, planned }: State,
  fixed: number | undefined,
): ResolvedModel {
  // A model without requests has its own scaling only.
  const scaling = model.scaling ?? (share > 0 ? props.scaling : undefined) ?? {};
  const limits =
    fixed === undefined
      ? limitsOf(problems, scaling, planned?.needed, MAX_REPLICAS)
      : { minReplicas: fixed, maxReplicas: fixed };
  const isRange = limits.maxReplicas > limits.minReplicas;
  return {
    name,
    model,
    server: resolvedServer(model.server ?? ServingServer.vllm(), props.load),
    machine: model.machine ?? props.machine,
    limits,
    target: isRange ? (scaling.targetRequestsPerSecond ?? targetOf(props, share, planned)) : undefined,
    scaleInSeconds: (scaling.scaleInCooldownMinutes ?? DEFAULT_COOLDOWN_MINUTES) * 60,
    trafficPercent: share,
    timeoutSeconds: model.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    planned,
  };
}

/** The percentages of requests. If no model sets one, the first model gets all requests. */
export function sharesOf(models: Readonly<Record<string, ServedModel>>): number[] {
  const given = Object.values(models).map(({ trafficPercent }) => trafficPercent);
  if (given.some((share) => share !== undefined)) return given.map((share) => share ?? 0);
  return given.map((_, index) => (index === 0 ? 100 : 0));
}

/** Requests per second of each instance, if all that the load needs run. Rounded, because it is an estimate. */
function targetOf(
  { load }: InferenceEndpointProps,
  share: number,
  planned: PlannedLoad | undefined,
): number | undefined {
  if (load?.requestsPerSecond === undefined || !planned) return undefined;
  const each = (load.requestsPerSecond * share) / 100 / planned.needed.count;
  return Math.max(0.01, Number(each.toPrecision(2)));
}

/** Plans a share of the load on a model. Returns nothing without a load or requests, or if the machine is invalid. */
function planShare(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  model: ServedModel,
  share: number,
): PlannedLoad | undefined {
  const { load, network, prices, spot } = props;
  const machine = model.machine ?? props.machine;
  const { accelerators } = machine.spec;
  // Other checks report invalid values of these.
  if (!load || !(share > 0 && share <= 100) || !Number.isInteger(accelerators)) return undefined;
  const max = (model.scaling ?? props.scaling)?.maxReplicas;
  const input = {
    load: share === 100 ? load : withShare(load, share / 100),
    machine: plannedMachine(machine),
    market: spot ? ('spot' as const) : ('on-demand' as const),
    region: isUnknown(network.region) ? undefined : network.region,
    prices,
    // One container uses all accelerators of a machine.
    acceleratorsPerReplica: accelerators,
    maxReplicas: isUnknown(max) ? undefined : max,
  };
  return planEndpoint(problems, servingPlanner(), input, NAMES);
}

/** Props of an endpoint whose names differ from those of the planner. */
const NAMES = { acceleratorsPerReplica: 'machine', replicas: 'scaling.maxReplicas' };

/**
 * Numbers of instances in the ratio of the shares: the smallest numbers with which each model can serve its share. EAS splits the requests of a service group by
 * the number of instances, and no Terraform resource sets other weights.
 *
 * @see https://www.alibabacloud.com/help/en/pai/manage-service-groups
 */
function splitInstances(
  problems: ProblemCollector,
  { scaling }: InferenceEndpointProps,
  shares: readonly number[],
  planned: readonly (PlannedLoad | undefined)[],
): (number | undefined)[] {
  const unit = 100 / shares.reduce(greatestDivisor);
  const most = Math.max(...shares.map((share, index) => ((planned[index]?.needed.count ?? 0) * 100) / (share || 100)));
  const total = Math.max(1, Math.ceil(most / unit)) * unit;
  const { maxReplicas = MAX_REPLICAS }: EndpointScaling = scaling ?? {};
  if (total > maxReplicas) {
    problems.add({
      code: 'TrafficSplit',
      prop: 'models',
      allowed: `shares that at most ${maxReplicas} instances can have: EAS splits requests by the number of instances`,
      got: `${shares.join(', ')} percent, which needs ${total} instances`,
      fix: 'Use a coarser split such as 90 and 10, or raise scaling.maxReplicas.',
    });
  }
  return shares.map((share) => (share > 0 ? (total * share) / 100 : undefined));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
