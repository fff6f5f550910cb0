import { SERVING_LOAD_PROPS } from '../prop-schemas';
import { SERVICE_LEVELS, type ServiceLevelName, type ServiceLevelRow } from '../catalog/service-levels';
import { ProblemCollector, type Problem } from '../errors';
import { brand, checkPropNames } from '../prop-schema';
import { type ModelSpec, type Precision, PRECISIONS } from './model-spec';
import { isModel, isPositive } from './guards';

/** Properties for `ServingLoad`. */
export interface ServingLoadProps {
  /** The model that is served. */
  readonly model: ModelSpec;
  /** Average number of input tokens per request. */
  readonly inputTokens: number;
  /** Average number of output tokens per request. Input and output must fit in the model's context. */
  readonly outputTokens: number;
  /** Requests per second. Set this or `concurrency`. @default - the load is set by `concurrency` */
  readonly requestsPerSecond?: number;
  /** Requests in progress at the same time. Set this or `requestsPerSecond`. @default - the load is set by `requestsPerSecond` */
  readonly concurrency?: number;
  /** A row of `SERVICE_LEVELS` that sets the latency targets. `ttftMs`, `tpotMs` and `percentile` override it. @default - no latency target */
  readonly serviceLevel?: ServiceLevelName;
  /** Maximum time to first token, in milliseconds. @default - from `serviceLevel`, or no target */
  readonly ttftMs?: number;
  /** Maximum time per output token, in milliseconds. @default - from `serviceLevel`, or no target */
  readonly tpotMs?: number;
  /** Percentage of requests that must meet the latency targets. Above 0 and below 100. @default - from `serviceLevel`, or 99 */
  readonly percentile?: number;
  /** Precision of the weights. @default - chosen for each machine: bf16, fp8, or that of the published weights. An endpoint uses the published weights */
  readonly weightPrecision?: Precision;
  /** Precision of the KV cache. @default bf16 */
  readonly kvPrecision?: Precision;
}

const DEFAULT_PERCENTILE = 99;

/**
 * The expected load on a served model. Endpoints are sized for it and validated against it.
 *
 * @example
 * ```ts
 * import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
 *
 * const load = ServingLoad.of({
 *   model: ModelSpec.LLAMA_3_1_70B,
 *   inputTokens: 2000,
 *   outputTokens: 500,
 *   requestsPerSecond: 10,
 *   ttftMs: 2000,
 * });
 * console.log(load.outputTokensPerSecond);
 * ```
 */
export class ServingLoad {
  /**
   * Creates a load.
   *
   * @throws AiInfraError with code `ServingLoadInvalid`
   */
  static of(props: ServingLoadProps): ServingLoad {
    return new ServingLoad(props);
  }

  /** The model that is served. */
  public readonly model: ModelSpec;
  /** Average number of input tokens per request. */
  public readonly inputTokens: number;
  /** Average number of output tokens per request. */
  public readonly outputTokens: number;
  /** Requests per second. @default - the load is set by `concurrency` */
  public readonly requestsPerSecond?: number;
  /** Requests in progress at the same time. @default - the load is set by `requestsPerSecond` */
  public readonly concurrency?: number;
  /** Maximum time to first token, in milliseconds. @default - no target */
  public readonly ttftMs?: number;
  /** Maximum time per output token, in milliseconds. @default - no target */
  public readonly tpotMs?: number;
  /** Percentage of requests that must meet the latency targets. */
  public readonly percentile: number;
  /** Precision of the weights. @default - chosen for each machine: bf16, fp8, or that of the published weights. An endpoint uses the published weights */
  public readonly weightPrecision?: Precision;
  /** Precision of the KV cache. */
  public readonly kvPrecision: Precision;

  private constructor(props: ServingLoadProps) {
    const problems = new ProblemCollector();
    checkServing(problems, props);
    problems.throwIfAny();
    const level: Partial<ServiceLevelRow> = props.serviceLevel === undefined ? {} : SERVICE_LEVELS[props.serviceLevel];
    this.model = props.model;
    this.inputTokens = props.inputTokens;
    this.outputTokens = props.outputTokens;
    this.requestsPerSecond = props.requestsPerSecond;
    this.concurrency = props.concurrency;
    this.ttftMs = props.ttftMs ?? level.ttftMs;
    this.tpotMs = props.tpotMs ?? level.tpotMs;
    this.percentile = props.percentile ?? level.percentile ?? DEFAULT_PERCENTILE;
    this.weightPrecision = props.weightPrecision;
    this.kvPrecision = props.kvPrecision ?? 'bf16';
    Object.freeze(this);
  }

  /** Output tokens per second, or `undefined` if the load is set by `concurrency`. */
  get outputTokensPerSecond(): number | undefined {
    return this.requestsPerSecond === undefined ? undefined : this.requestsPerSecond * this.outputTokens;
  }

  /** Input and output tokens of an average request: the maximum in the KV cache. */
  get contextTokens(): number {
    return this.inputTokens + this.outputTokens;
  }
}

brand(ServingLoad, 'core.ServingLoad');

/** Returns a copy of the load with a precision of the weights. */
export function withWeightPrecision(load: ServingLoad, weightPrecision: Precision): ServingLoad {
  return copyWith(load, { weightPrecision });
}

/** Returns a copy of the load without latency targets. */
export function withoutTargets(load: ServingLoad): ServingLoad {
  return copyWith(load, { ttftMs: undefined, tpotMs: undefined });
}

/** Returns a copy of the load with a share of its requests, for example 0.5 for half of them. */
export function withShare(load: ServingLoad, share: number): ServingLoad {
  const { requestsPerSecond, concurrency } = load;
  const of = (requests?: number) => requests && requests * share;
  return copyWith(load, { requestsPerSecond: of(requestsPerSecond), concurrency: of(concurrency) });
}

type Changing = 'weightPrecision' | 'ttftMs' | 'tpotMs' | 'requestsPerSecond' | 'concurrency';
type Change = { readonly [Prop in Changing]?: ServingLoad[Prop] | undefined };

function copyWith(load: ServingLoad, change: Change): ServingLoad {
  const copy = Object.create(Object.getPrototypeOf(load) as object) as ServingLoad;
  return Object.freeze(Object.assign(copy, load, change));
}

/** Adds a problem for each invalid value of a serving load. */
export function checkServing(problems: ProblemCollector, props: ServingLoadProps): void {
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('load', 'an object with model, inputTokens and outputTokens', props));
    return;
  }
  checkPropNames(problems, props, SERVING_LOAD_PROPS);
  const { model, percentile, serviceLevel } = props;
  if (!isModel(model)) problems.add(invalid('model', 'a ModelSpec', model));
  for (const prop of ['inputTokens', 'outputTokens'] as const) {
    if (!isPositive(props[prop]) || props[prop] < 1) problems.add(invalid(prop, 'at least 1', props[prop]));
  }
  for (const prop of ['ttftMs', 'tpotMs', 'requestsPerSecond', 'concurrency'] as const) {
    if (props[prop] !== undefined && !isPositive(props[prop])) problems.add(invalid(prop, 'more than 0', props[prop]));
  }
  if (percentile !== undefined && !(isPositive(percentile) && percentile < 100)) {
    problems.add(invalid('percentile', 'above 0 and below 100', percentile));
  }
  if (serviceLevel !== undefined && !Object.keys(SERVICE_LEVELS).includes(serviceLevel)) {
    problems.add(invalid('serviceLevel', `one of ${Object.keys(SERVICE_LEVELS).join(', ')}`, serviceLevel));
  }
  checkRate(problems, props);
  checkPrecisions(problems, props);
  checkContext(problems, props);
}

function checkRate(problems: ProblemCollector, { requestsPerSecond, concurrency }: ServingLoadProps): void {
  if ((requestsPerSecond === undefined) === (concurrency === undefined)) {
    problems.add(invalid('requestsPerSecond', 'set if concurrency is not, and only then', requestsPerSecond));
  }
}

function checkPrecisions(problems: ProblemCollector, props: ServingLoadProps): void {
  for (const prop of ['weightPrecision', 'kvPrecision'] as const) {
    const value = props[prop];
    if (value !== undefined && !PRECISIONS.includes(value)) {
      problems.add(invalid(prop, `one of ${PRECISIONS.join(', ')}`, value));
    }
  }
}

function checkContext(problems: ProblemCollector, { model, inputTokens, outputTokens }: ServingLoadProps): void {
  if (!isModel(model) || model.contextLength === undefined) return;
  if (!isPositive(inputTokens) || !isPositive(outputTokens)) return;
  if (inputTokens + outputTokens <= model.contextLength) return;
  problems.add(
    invalid(
      'inputTokens',
      `small enough that input and output fit in the ${model.contextLength} tokens of ${model.name}`,
      inputTokens,
    ),
  );
}

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return {
    code: 'ServingLoadInvalid',
    prop,
    allowed,
    got,
    fix: 'Describe the average request, and the rate or the concurrency.',
  };
}
