import { type ChipRow, CHIPS } from '../../catalog/chips';
import type { ServingLoad } from '../../workload/serving-load';
import type { PlanHardware } from '../layout/plan-hardware';
import { activeParameters, type ModelShape } from '../memory/model-shape';

/** A published deployment that distributes experts over many nodes and separates prompts from generation. Rates are per accelerator. */
export interface WideDeployment {
  readonly chip: 'H100' | 'GB200';
  readonly weights: 'fp8' | 'fp4';
  /** Accelerators for prompts and for generation. */
  readonly accelerators: number;
  /** Input tokens per second of an accelerator for prompts. */
  readonly inputTokensPerSecond: number;
  /** Output tokens per second of an accelerator for generation. */
  readonly outputTokensPerSecond: number;
  readonly source: string;
}

// DeepSeek-V3 with SGLang, prompts of 2,000 tokens, saturated, without a latency target. See data/inference-deployments.json.
export const WIDE_DEPLOYMENTS: readonly WideDeployment[] = [
  {
    chip: 'H100',
    weights: 'fp8',
    accelerators: 96,
    inputTokensPerSecond: 6537,
    outputTokensPerSecond: 2785,
    source: 'lmsys.org/blog/2025-05-05-large-scale-ep',
  },
  {
    chip: 'GB200',
    weights: 'fp8',
    accelerators: 56,
    inputTokensPerSecond: 18_471,
    outputTokensPerSecond: 9087,
    source: 'lmsys.org/blog/2025-09-25-gb200-part-2',
  },
  {
    chip: 'GB200',
    weights: 'fp4',
    accelerators: 56,
    inputTokensPerSecond: 26_156,
    outputTokensPerSecond: 13_386,
    source: 'lmsys.org/blog/2025-09-25-gb200-part-2',
  },
];

/** The published deployments served this model. */
const PUBLISHED = { activeParameters: 37e9, contextTokens: 2000, maxInputTokens: 8192 } as const;
/** Mixtures with fewer experts gain little from wide expert parallelism. */
const MIN_EXPERTS = 64;
/** A smaller advantage is within the error of the estimate. */
const MIN_FACTOR = 1.3;
/** A chip in a domain of this size is compared with a rack. */
const RACK = 36;

/** What a load needs with wide expert parallelism, compared with isolated replicas. */
export interface WideExperts {
  /** Accelerators at the published rates, with the headroom of the plan. */
  readonly accelerators: number;
  /** Accelerators of the isolated replicas, as a multiple. */
  readonly factor: number;
  readonly deployment: WideDeployment;
}

/** The isolated replicas of a plan. */
export interface IsolatedReplicas {
  readonly load: ServingLoad;
  readonly shape: ModelShape;
  readonly weightPrecision: string;
  readonly hardware: PlanHardware;
  readonly accelerators: number;
  /** Share of the saturated throughput that the plan uses. */
  readonly derate: number;
}

/**
 * Returns what a load needs at the rates of published deployments with wide expert parallelism. Returns `undefined` if they do not apply or
 * need almost as many accelerators. Rates for prompts scale with the peak, rates for generation with the memory bandwidth, and both with the
 * active parameters. A longer context reduces the batch, and so the rate.
 */
export function wideExperts(plan: IsolatedReplicas): WideExperts | undefined {
  const { load, shape, hardware, derate } = plan;
  const { requestsPerSecond, inputTokens, outputTokens } = load;
  const deployment = deploymentFor(plan);
  if (!deployment || requestsPerSecond === undefined || inputTokens > PUBLISHED.maxInputTokens) return undefined;
  const base: ChipRow = CHIPS[deployment.chip];
  const { chip } = hardware;
  const size = PUBLISHED.activeParameters / activeParameters(shape);
  const context = Math.min(1, PUBLISHED.contextTokens / (inputTokens + outputTokens / 2));
  const peak = chip.fp8DenseTflops! / base.fp8DenseTflops!;
  const input = deployment.inputTokensPerSecond * size * peak;
  const bandwidth = chip.memoryBandwidthGBps / base.memoryBandwidthGBps;
  const output = deployment.outputTokensPerSecond * size * context * bandwidth;
  const needed = (requestsPerSecond * (inputTokens / input + outputTokens / output)) / derate;
  const accelerators = Math.max(deployment.accelerators, Math.ceil(needed));
  const factor = plan.accelerators / accelerators;
  return factor < MIN_FACTOR ? undefined : { accelerators, factor, deployment };
}

function deploymentFor({ shape, weightPrecision, hardware }: IsolatedReplicas): WideDeployment | undefined {
  const { chip, domain, rdma, fraction } = hardware;
  const isLarge = (shape.experts?.count ?? 0) >= MIN_EXPERTS;
  if (!isLarge || chip.vendor !== 'NVIDIA' || chip.fp8DenseTflops === undefined || fraction < 1) return undefined;
  const rack = domain >= RACK;
  if (!rack && !(rdma && domain > 1)) return undefined;
  const name = rack ? 'GB200' : 'H100';
  const weights = rack && weightPrecision === 'fp4' ? 'fp4' : 'fp8';
  return WIDE_DEPLOYMENTS.find((one) => one.chip === name && one.weights === weights);
}
