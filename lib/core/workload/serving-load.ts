import { SERVICE_LEVELS, type ServiceLevelName, type ServiceLevelRow } from '../catalog/service-levels';
import { Problems } from '../errors';
import { branded, type Kind } from '../shapes';
import type { ModelSpec } from './model-spec';
import type { Precision } from './precision';
import { checkServing } from './serving-checks';

/** Properties for a serving load. */
export interface ServingLoadProps {
  readonly model: ModelSpec;
  /** Tokens of a request, on average. */
  readonly inputTokens: number;
  /** Tokens of an answer, on average. */
  readonly outputTokens: number;
  /** Requests that arrive a second. One of this and `concurrency` is needed. */
  readonly requestsPerSecond?: number;
  /** Requests that are served at once. */
  readonly concurrency?: number;
  /** Service level of the table; what stands beside it comes first. @default - no latency is promised */
  readonly serviceLevel?: ServiceLevelName;
  /** Most milliseconds to the first token. */
  readonly ttftMs?: number;
  /** Most milliseconds between tokens. */
  readonly tpotMs?: number;
  /** Of the requests that must meet the latencies. @default 99 */
  readonly percentile?: number;
  /** What a weight takes. @default bf16 */
  readonly weightPrecision?: Precision;
  /** What a value of the KV cache takes. @default bf16 */
  readonly kvPrecision?: Precision;
}

const DEFAULT_PERCENTILE = 99;

/** What a served model must bear: what an endpoint is sized for and checked against. */
export class ServingLoad {
  /** Describes a load. */
  static of(props: ServingLoadProps): ServingLoad {
    return new ServingLoad(props);
  }

  public readonly model: ModelSpec;
  public readonly inputTokens: number;
  public readonly outputTokens: number;
  public readonly requestsPerSecond?: number;
  public readonly concurrency?: number;
  public readonly ttftMs?: number;
  public readonly tpotMs?: number;
  public readonly percentile: number;
  public readonly weightPrecision: Precision;
  public readonly kvPrecision: Precision;

  private constructor(props: ServingLoadProps) {
    const problems = new Problems();
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
    this.weightPrecision = props.weightPrecision ?? 'bf16';
    this.kvPrecision = props.kvPrecision ?? 'bf16';
    Object.freeze(this);
  }

  /** Tokens that must come out in a second. @default - the load is told by concurrency */
  get outputTokensPerSecond(): number | undefined {
    return this.requestsPerSecond === undefined ? undefined : this.requestsPerSecond * this.outputTokens;
  }

  /** Tokens of a request and its whole answer: the most that the KV cache keeps for it. */
  get contextTokens(): number {
    return this.inputTokens + this.outputTokens;
  }
}

/** A serving load, of whichever copy of the package. */
export const SERVING_LOAD: Kind = branded(
  ServingLoad,
  'ServingLoad',
  'a ServingLoad',
  'Use ServingLoad.of({ model, inputTokens, outputTokens, requestsPerSecond }).',
);
