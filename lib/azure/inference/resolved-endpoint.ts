import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { ProblemCollector } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { limitsOf } from '../../terraform/load-limits';
import type { AzureMachine } from '../machine/machine';
import type { InferenceEndpointProps } from './endpoint-options';
import { planLoad, type PlannedLoad } from './endpoint-plan';
import type { EndpointScaling } from './endpoint-scaling';
import type { ServedModel } from './served-model';

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
  /** @default - there is no load */
  readonly plan?: ServingPlan;
}

const DEFAULT_TIMEOUT_SECONDS = 180;

/** Resolves the settings that are left out, and adds each contradiction with the load. */
export function resolveEndpoint(problems: ProblemCollector, props: InferenceEndpointProps): ResolvedEndpoint {
  const planned = planLoad(problems, props);
  const shares = sharesOf(props.models);
  const models = Object.entries(props.models).map(([name, model], index) =>
    resolveModel(problems, props, { name, model, share: shares[index]! }, index === 0 ? planned : undefined),
  );
  return { models, ...(planned && { plan: planned.plan }) };
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
