import { FITTED_WIDE } from '../catalog/fitted-wide';
import type { PlanHardware } from '../layout/plan-hardware';
import { kvBytesPerToken, type ModelShape } from '../memory/model-shape';
import { type PlanRange, rangeAround, type Spread } from '../range';
import type { ReplicaSpeed } from './replica-load';
import { type ServingMemory, servingContext, type ServingContext, servingMemory } from './serving-context';
import {
  fittedEfficiency,
  IDEAL_EFFICIENCY,
  type ServingEfficiency,
  type ServingRegime,
  servingRegime,
} from './serving-efficiency';
import { interpolated, servingClass, type ServingRun } from './serving-rate';
import { commonParameters, type Roofline, servingRoofline } from './serving-roofline';
import type { ServingTerms } from './serving-terms';

/** Corrections of the roofline for wide expert parallelism, fitted to published deployments. */
export interface WideNumbers {
  /** Published ÷ roofline of the rates for prompts and for generation. */
  readonly input: number;
  readonly output: number;
  /** Spread of published ÷ predicted, with each deployment left out. */
  readonly spread: Spread;
  /** Classes of the deployments. */
  readonly classes: readonly string[];
}

/** Mixtures with fewer experts gain little: each accelerator has at least one expert. */
const MIN_EXPERTS = 64;
/** Accelerators of a replica. Published deployments have 56 to 176. */
const SIZES = { min: 32, max: 192 } as const;
/** Accelerators that read one prompt together with others, in tokens. A prompt waits until a chunk of this size is computed. */
const CHUNK_TOKENS = 8192;

/** Returns whether a model on these machines can distribute its experts over many nodes: over RDMA, or in a rack. */
export function supportsWideExperts({ experts }: ModelShape, { chip, rdma, fraction, domain }: PlanHardware): boolean {
  if ((experts?.count ?? 0) < MIN_EXPERTS || chip.vendor !== 'NVIDIA' || chip.fp8DenseTflops === undefined)
    return false;
  return fraction === 1 && domain > 1 && (rdma || domain >= SIZES.min);
}

/** Returns the possible sizes of a replica with wide expert parallelism, in whole nodes. */
export function wideSizes({ perNode, domain }: PlanHardware): readonly number[] {
  const sizes = [32, 64, 96, 128, 192, domain, 2 * domain];
  const whole = sizes.filter((size) => size % perNode === 0 && size >= SIZES.min && size <= SIZES.max);
  return [...new Set(whole)].sort((a, b) => a - b);
}

/** A replica whose experts are distributed over many nodes, with separate accelerators for prompts. */
export interface WideReplica {
  /** Accelerators that only process prompts. */
  readonly prefill: number;
  readonly memory: ServingMemory;
  readonly class: string;
  /** Whether a published deployment has this class. */
  readonly published: boolean;
  readonly tokensPerSecond: PlanRange;
  readonly bound: number;
  readonly speed: ReplicaSpeed;
}

/** Returns a replica with the split between prompts and generation that serves the most requests, or `undefined` if the weights do not fit. */
export function wideReplica(
  terms: ServingTerms,
  chip: string,
  hardware: PlanHardware,
  accelerators: number,
): WideReplica | undefined {
  const { perNode, memoryBytes } = hardware;
  const groupOf = (size: number) => wideGroup(runOf(terms, chip, hardware, size));
  const nodes = accelerators / perNode;
  const half = groupOf(Math.floor(nodes / 2) * perNode);
  // A phase on half of the accelerators has almost the rates per accelerator that it has on its own part.
  const requests = (count: number) =>
    Math.min(count / promptTime(terms, half), (nodes - count) / responseTime(terms, half));
  const share = promptTime(terms, half) / (promptTime(terms, half) + responseTime(terms, half));
  const [low, high] = [Math.floor(share * nodes), Math.ceil(share * nodes)].map((one) => clamp(one, 1, nodes - 1));
  const prefill = (requests(low!) >= requests(high!) ? low! : high!) * perNode;
  const memory = memoryOf(terms, hardware, accelerators - prefill);
  if (!memory.fits || weightsOn(terms, prefill) > USABLE * memoryBytes) return undefined;
  return splitOf(terms, prefill, groupOf(prefill), groupOf(accelerators - prefill), memory);
}

/** Share of the memory that a server uses, as for other replicas. */
const USABLE = 0.9;
const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

function runOf(terms: ServingTerms, chip: string, hardware: PlanHardware, count: number): ServingRun {
  const { load, shape, inputTokens: isl, outputTokens: osl, weightPrecision: precision, kvBytes } = terms;
  return { chip, count, dep: count, model: load.model.name, shape, precision, kvBytes, isl, osl, part: hardware };
}

/** Accelerators that share the experts of one phase. */
export interface WideGroup {
  readonly context: ServingContext;
  readonly class: string;
  /** Input tokens per second and accelerator. */
  readonly inputRate: number;
  /** Output tokens per second and accelerator with as many sequences as fit. */
  readonly outputRate: number;
  /** Seconds of a step. @param sequences sequences on all accelerators */
  readonly stepSeconds: (sequences: number) => number;
  /** Returns the same rates with full use of the hardware. */
  readonly bound: () => PhaseRates;
}

type PhaseRates = Pick<WideGroup, 'inputRate' | 'outputRate'>;

/** Returns the rates of a group by the roofline of serving, without the corrections for wide expert parallelism. */
export function wideGroup(
  run: ServingRun,
  efficiencyIn: (regime: ServingRegime) => ServingEfficiency = fittedEfficiency,
): WideGroup {
  const context = servingContext(run)!;
  const efficiency = efficiencyIn(servingRegime(context.vendor, context.shape));
  return {
    context,
    class: servingClass(run, context),
    ...ratesOf(context, efficiency),
    stepSeconds: (sequences) => rooflineOf(context, efficiency, sequences).stepSeconds,
    bound: () => ratesOf(context, IDEAL_EFFICIENCY),
  };
}

function rooflineOf(context: ServingContext, efficiency: ServingEfficiency, batch?: number): Roofline {
  const { shape, hardware, request, layouts } = context;
  const sized = batch === undefined ? request : { ...request, batch };
  return servingRoofline(shape, hardware, { ...sized, layout: layouts[0]! }, efficiency);
}

function ratesOf(context: ServingContext, efficiency: ServingEfficiency): PhaseRates {
  const { hardware, request } = context;
  const { batch, stepSeconds, promptSeconds } = rooflineOf(context, efficiency);
  return {
    inputRate: request.inputTokens / promptSeconds / hardware.accelerators,
    outputRate: batch / stepSeconds / hardware.accelerators,
  };
}

/** Returns the seconds of an accelerator per prompt, and per response. */
function promptTime({ inputTokens }: ServingTerms, { inputRate }: PhaseRates): number {
  return inputTokens / (inputRate * FITTED_WIDE.input);
}
function responseTime({ outputTokens }: ServingTerms, { outputRate }: PhaseRates): number {
  return outputTokens / (outputRate * FITTED_WIDE.output);
}

function splitOf(
  terms: ServingTerms,
  prefill: number,
  prompts: WideGroup,
  decode: WideGroup,
  memory: ServingMemory,
): WideReplica {
  const { inputTokens, outputTokens } = terms;
  const generating = decode.context.hardware.accelerators;
  const inputRate = prompts.inputRate * FITTED_WIDE.input;
  const median = (input: number, output: number) =>
    outputTokens * Math.min((prefill * input) / inputTokens, (generating * output) / outputTokens);
  const bound = median(prompts.bound().inputRate, decode.bound().outputRate);
  const tokensPerSecond = rangeAround(
    Math.min(bound, median(inputRate, decode.outputRate * FITTED_WIDE.output)),
    FITTED_WIDE.spread,
    bound,
  );
  const stepAt = (sequences: number) => decode.stepSeconds(sequences) / FITTED_WIDE.output;
  return {
    prefill,
    memory,
    class: decode.class,
    published: FITTED_WIDE.classes.includes(decode.class),
    tokensPerSecond,
    bound,
    speed: {
      tokensPerSecond: tokensPerSecond.median,
      prefillSeconds: inputTokens / inputRate / prefill,
      promptSeconds: Math.max(inputTokens, CHUNK_TOKENS) / inputRate,
      maxSequences: memory.maxConcurrency,
      stepSeconds: interpolated(stepAt, memory.maxConcurrency),
      separatePrompts: true,
    },
  };
}

/** Bytes of weights on each accelerator: all weights outside of the experts, and a part of the experts. */
function weightsOn({ shape, weightBytes }: ServingTerms, accelerators: number): number {
  const common = commonParameters(shape);
  return (common + (shape.parameters - common) / accelerators) * weightBytes;
}

/** Memory of an accelerator that generates. Each sequence is on one accelerator. */
function memoryOf(terms: ServingTerms, { memoryBytes }: PlanHardware, accelerators: number): ServingMemory {
  const { shape, contextTokens, weightBytes, kvBytes } = terms;
  const { overhead } = servingMemory({ shape, accelerators, memoryBytes, contextTokens, weightBytes, kvBytes });
  const weights = weightsOn(terms, accelerators);
  const kvRoom = USABLE * memoryBytes - weights - overhead;
  const kvPerSequence = contextTokens * kvBytesPerToken(shape, kvBytes);
  const each = Math.max(0, Math.floor(kvRoom / kvPerSequence));
  return {
    weights,
    overhead,
    kvRoom,
    kvPerSequence,
    maxConcurrency: each * accelerators,
    fits: each >= 1,
    binds: kvRoom < kvPerSequence ? 'weights' : 'kv',
  };
}
