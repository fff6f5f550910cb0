import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { Problems } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { limitsOf } from '../../terraform/load-limits';
import type { AzureMachine } from '../machine/machine';
import type { InferenceEndpointProps } from './endpoint-options';
import { planLoad, type PlannedLoad } from './endpoint-plan';
import type { EndpointScaling } from './endpoint-scaling';
import type { ServedModel } from './served-model';

/** A model whose open sizes are settled. */
export interface SettledModel {
  readonly name: string;
  readonly model: ServedModel;
  readonly machine: AzureMachine;
  readonly scaling: EndpointScaling;
  readonly limits: ReplicaLimits;
  readonly trafficPercent: number;
  readonly mirrorPercent: number;
  /** Requests at once of each instance. */
  readonly concurrency: number;
  /** Whether somebody, or the load, said how many requests at once there are. */
  readonly concurrencyKnown: boolean;
  readonly timeoutSeconds: number;
  readonly startupMinutes: number;
}

/** An endpoint whose open sizes are settled. */
export interface SettledEndpoint {
  readonly models: readonly SettledModel[];
  /** @default - there is no load */
  readonly plan?: ServingPlan;
}

const LONGEST_ANSWER = 180;

/** Settles what was left open, and adds what contradicts the load. */
export function settle(problems: Problems, props: InferenceEndpointProps): SettledEndpoint {
  const planned = planLoad(problems, props);
  const shares = sharesOf(props.models);
  const models = Object.entries(props.models).map(([name, model], index) =>
    settleModel(problems, props, { name, model, share: shares[index]! }, index === 0 ? planned : undefined),
  );
  return { models, ...(planned && { plan: planned.plan }) };
}

function settleModel(
  problems: Problems,
  props: InferenceEndpointProps,
  { name, model, share }: { name: string; model: ServedModel; share: number },
  planned?: PlannedLoad,
): SettledModel {
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
    timeoutSeconds: model.timeoutSeconds ?? LONGEST_ANSWER,
    startupMinutes: model.startupMinutes ?? startup(model.artifact.sizeGB),
  };
}

/** Shares as they were given; all for the first model where none was. */
function sharesOf(models: Readonly<Record<string, ServedModel>>): number[] {
  const given = Object.values(models).map(({ trafficPercent }) => trafficPercent);
  if (given.some((share) => share !== undefined)) return given.map((share) => share ?? 0);
  return given.map((_, index) => (index === 0 ? 100 : 0));
}

/** Gigabytes a minute at which weights are fetched and loaded, minutes for the server itself, and a size where none is known: our own choices, as on Kubernetes. */
const LOAD_GB_PER_MINUTE = 15;
const SERVER_MINUTES = 10;
const UNKNOWN_GB = 100;
const MOST_STARTUP_MINUTES = 60;

function startup(sizeGB = UNKNOWN_GB): number {
  return Math.min(MOST_STARTUP_MINUTES, Math.ceil(SERVER_MINUTES + sizeGB / LOAD_GB_PER_MINUTE));
}
