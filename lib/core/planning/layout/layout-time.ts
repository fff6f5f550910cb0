import { expertShards } from '../memory/plan-memory';
import type { TrainingTerms } from '../time/plan-time';
import type { Layout } from './layout';
import { linkedAccelerators, type PlanHardware } from './plan-hardware';

// The model only compares layouts of one job on one machine. A factor that is the same for all layouts does not matter.

/** Share of the peak that large matrix products reach. With fewer bits, more of the time is spent outside of them. */
const PEAK_SHARE = { bf16: 0.6, fp8: 0.45, fp4: 0.3 } as const;
/** Peak of a chip whose peak is unknown. */
const UNKNOWN_TFLOPS = 100;
/** Rows and columns of a matrix product at which half of the time is lost to tiles that are not full. */
const HALF_TOKENS = 256;
const HALF_WIDTH = 128;
/** Seconds to start the kernels of a layer, forward and backward. */
const LAUNCH_SECONDS = 100e-6;
/** Share of the bandwidth of links and networks that collectives reach. */
const LINK_SHARE = 0.75;
/** Bytes per second between accelerators of a node without a scale-up link: PCIe. */
const PCIE = 20e9;
/** Bytes per second of links and of the network per accelerator, if they are unknown. */
const UNKNOWN_LINK = 200e9;
const UNKNOWN_NETWORK = 6.25e9;
/** Seconds per node of a collective over all replicas, whose ring has one step per node. */
const STEP_SECONDS = 5e-6;
/** Share of an exchange that computation does not hide. */
const EXPOSED = { tensor: 0.5, context: 0.3, expert: 0.5, pipeline: 0.3, data: 0.1 } as const;
/** Share of the computation behind which an exchange of weights or gradients can hide. */
const OVERLAP = 0.8;
/** Bytes of weights and activations, in bf16. */
const VALUE_BYTES = 2;

/** Returns how many times as long a step takes if a share of the layers is recomputed: one forward pass in addition to three passes. */
export function recomputeFactor(share: number): number {
  return 1 + share / 3;
}

/** The degrees of a layout that do not depend on the micro batch. */
export type LayoutSplit = Pick<Layout, 'tensor' | 'pipeline' | 'context' | 'expert'>;

/** Figures of a job on a machine that are the same for all its layouts. */
export interface TimeTerms {
  readonly layers: number;
  readonly sequenceLength: number;
  /** Seconds of all computation for a sequence on one accelerator, with large matrices. */
  readonly compute: number;
  /** Bytes of the activations between two layers, per token. */
  readonly activation: number;
  /** Bytes of keys and values per token and layer. */
  readonly keys: number;
  /** Width of the dense part of the MLP. */
  readonly width: number;
  /** Output layer, as a number of layers. */
  readonly output: number;
  /** Experts. `share` is their share of the computation. @default - the model is dense */
  readonly moe?: { readonly layers: number; readonly active: number; readonly all: number; readonly width: number };
  readonly expertShare: number;
  readonly common: number;
  readonly routed: number;
  readonly gradientBytes: number;
  readonly linked: number;
  /** Bytes per second within the scale-up domain, the node, and between nodes. */
  readonly bandwidth: Bandwidth;
}

interface Bandwidth {
  readonly domain: number;
  readonly perNode: number;
  readonly fast: number;
  readonly network: number;
}

/** Prepares the times of the layouts of a job on a machine. */
export function timeTerms({ job, shape, flopsPerToken, ...terms }: TrainingTerms, hardware: PlanHardware): TimeTerms {
  const { model, sequenceLength } = job;
  const { layers, hidden, vocabulary, parameters, activeParameters: active = parameters } = shape;
  const { moe, heads, headDim, kvHeads, mla, intermediate, count } = model;
  const { chip, fraction, domain, perNode } = hardware;
  const peak = (chip[`${job.precision}DenseTflops`] ?? chip.bf16DenseTflops ?? UNKNOWN_TFLOPS) * 1e12 * fraction;
  const link = ((chip.scaleUpGBpsBidirectional ?? 0) * 1e9) / 2 || UNKNOWN_LINK;
  const network = hardware.fabricBytesPerSecond ?? (((chip.scaleOutGbpsTypical ?? 0) * 1e9) / 8 || UNKNOWN_NETWORK);
  return {
    layers,
    sequenceLength,
    compute: (sequenceLength * flopsPerToken) / (peak * PEAK_SHARE[job.precision]),
    activation: hidden * VALUE_BYTES,
    keys: 2 * (mla ? heads : kvHeads) * headDim * VALUE_BYTES,
    width: Math.max(intermediate, (moe?.sharedExperts ?? 0) * (moe?.expertIntermediate ?? 0), hidden),
    output: (vocabulary * hidden * layers) / Math.max(1, active - vocabulary * hidden),
    ...(moe && {
      moe: { layers: moe.layers, active: moe.activeExperts, all: moe.experts, width: moe.expertIntermediate },
    }),
    expertShare: Math.max(0, terms.routed - count.idleExperts) / active,
    common: terms.common,
    routed: terms.routed,
    gradientBytes: terms.gradientBytes,
    linked: linkedAccelerators(hardware),
    bandwidth: {
      domain,
      perNode,
      fast: domain > 1 ? link * LINK_SHARE * fraction : PCIE,
      network: network * LINK_SHARE,
    },
  };
}

/** Returns the bytes per second of each accelerator of a group that spans a number of accelerators. */
function bandwidthOver({ domain, perNode, fast, network }: Bandwidth, span: number): number {
  if (span <= domain) return fast;
  return span <= perNode ? PCIE : network;
}

/** A ring that passes several accelerators of each node uses all their network interfaces. `apart` is the distance of its members. */
function ringBandwidth({ bandwidth, linked }: TimeTerms, span: number, apart: number): number {
  const { perNode, domain, fast, network } = bandwidth;
  if (span <= perNode || span <= domain) return bandwidthOver(bandwidth, span);
  return Math.min(fast, network * Math.max(1, Math.floor(linked / apart)));
}

/** Seconds of a sequence on one stage of a split. */
export interface PassTerms {
  readonly compute: number;
  /** A round of exchanges of tensor and expert parallelism. The forward and the backward pass have two each. */
  readonly exchange: number;
  readonly context: number;
  /** Between stages, for each interleaved stage. */
  readonly between: number;
  readonly tokens: number;
  readonly denseFill: number;
  readonly expertFill: number;
  /** Tokens of a sequence for each expert. */
  readonly perExpert: number;
  readonly pipeline: number;
}

/** Calculates the terms of a split that do not depend on the micro batch. */
export function passTerms(terms: TimeTerms, split: LayoutSplit, data: number): PassTerms {
  const { tensor, pipeline, context, expert } = split;
  const { layers, sequenceLength, activation, keys, moe, width, bandwidth } = terms;
  const tokens = sequenceLength / context;
  const perStage = layers / pipeline;
  const bytes = (tokens * activation) / tensor;
  // An all-reduce sends twice the part of each of the other accelerators.
  const allReduce =
    tensor === 1 ? 0 : (perStage * 2 * (tensor - 1) * bytes * EXPOSED.tensor) / bandwidthOver(bandwidth, tensor);
  const allToAll =
    expert === 1 || !moe ? 0 : (moe.layers / pipeline) * bytes * allToAllSeconds(terms, moe.active, expert);
  return {
    compute: terms.compute / (tensor * context * pipeline),
    exchange: allReduce + allToAll,
    // Keys and values pass around the ring in the forward pass, and with their gradients in the backward pass.
    context:
      context === 1
        ? 0
        : (perStage * 3 * (context - 1) * tokens * keys * EXPOSED.context) /
          (tensor * bandwidthOver(bandwidth, tensor * context)),
    between: pipeline === 1 ? 0 : (2 * bytes * EXPOSED.pipeline) / bandwidth.network,
    tokens,
    denseFill: 1 + (HALF_WIDTH * tensor) / width,
    expertFill: moe ? 1 + (HALF_WIDTH * expertShards(split, data)) / (expert * moe.width) : 1,
    perExpert: moe ? (tokens * moe.active * expert) / moe.all : 1,
    pipeline,
  };
}

/**
 * Returns the seconds per byte of a token to reach its experts. A token crosses the network once for each node with one of its experts, and
 * is copied within the node.
 */
function allToAllSeconds({ bandwidth, linked }: TimeTerms, active: number, expert: number): number {
  const inside = (active * (1 - 1 / expert)) / bandwidthOver(bandwidth, Math.min(expert, linked));
  const nodes = Math.ceil(expert / linked);
  const outside = nodes === 1 ? 0 : (Math.min(active, nodes) * (1 - 1 / nodes)) / bandwidth.network;
  return EXPOSED.expert * (inside + outside);
}

/** Returns the seconds of a micro batch on one stage, with a share of the layers recomputed. */
export function passSeconds(
  { layers, expertShare }: TimeTerms,
  pass: PassTerms,
  microBatch: number,
  virtualPipeline: number,
  recomputed: number,
): number {
  const { compute, exchange, context, between, tokens, denseFill, expertFill, perExpert, pipeline } = pass;
  const dense = (1 + HALF_TOKENS / (microBatch * tokens)) * denseFill;
  const experts = expertShare === 0 ? 0 : (1 + HALF_TOKENS / (microBatch * perExpert)) * expertFill;
  const slower = (1 - expertShare) * dense + expertShare * experts;
  const each =
    compute * slower * recomputeFactor(recomputed) +
    exchange * (4 + 2 * recomputed) +
    context +
    between * virtualPipeline;
  return microBatch * each + (LAUNCH_SECONDS * layers) / pipeline;
}

/** Returns the time of a pipeline as a multiple of the time that its average stage is busy. */
export function pipelineFactor(
  { layers, output }: TimeTerms,
  pipeline: number,
  virtualPipeline: number,
  microBatches: number,
): number {
  if (pipeline === 1) return 1;
  const chunk = layers / (pipeline * virtualPipeline);
  // If the layers divide evenly, the last stage has the output layer in addition.
  const slowest = Number.isInteger(chunk) ? layers / pipeline + output : Math.ceil(chunk) * virtualPipeline;
  const balance = Math.max(1, (slowest * pipeline) / (layers + output));
  return balance * (1 + (pipeline - 1) / (microBatches * virtualPipeline));
}

/** Seconds that replicas exchange weights and gradients. */
export interface ReplicaTerms {
  readonly gather: number;
  readonly reduce: number;
}

/** Calculates the exchanges of a split between its replicas. */
export function replicaTerms(
  terms: TimeTerms,
  split: LayoutSplit,
  data: number,
  sharding: Layout['sharding'],
): ReplicaTerms {
  const { tensor, pipeline, context } = split;
  const { common, routed, layers, linked, gradientBytes } = terms;
  const ranks = tensor * context * data;
  const replicas = context * data;
  const outside = (common * (1 - 1 / replicas)) / (tensor * pipeline * ringBandwidth(terms, ranks, tensor));
  const shards = expertShards(split, data);
  const inside =
    routed === 0 ? 0 : (routed * (1 - shards / ranks)) / (shards * pipeline * ringBandwidth(terms, ranks, shards));
  const rings = sharding === 'zero-3' ? layers / pipeline : 1;
  const latency = replicas === 1 ? 0 : STEP_SECONDS * Math.ceil(ranks / linked) * rings;
  const seconds = outside + inside;
  return {
    gather: VALUE_BYTES * seconds + latency,
    reduce: gradientBytes === 0 ? 0 : gradientBytes * seconds + latency,
  };
}

/** Returns the seconds of a step of exchanges between replicas that computation does not hide. */
export function replicaSeconds(
  { gather, reduce }: ReplicaTerms,
  sharding: Layout['sharding'],
  pass: number,
  microBatches: number,
): number {
  // The weights of the next layers are gathered before the forward pass, and gradients are reduced during the backward pass.
  const reduced = exposed(reduce, (pass * 2) / 3);
  if (sharding === 'none') return exposed(2 * reduce, (pass * 2) / 3);
  if (sharding === 'zero-1') return exposed(gather, pass / 3) + reduced;
  if (sharding === 'zero-2') return exposed(gather, pass / 3) + microBatches * reduced;
  // Each micro batch gathers the weights for both passes.
  return microBatches * exposed(2 * gather + reduce, pass);
}

function exposed(seconds: number, compute: number): number {
  return Math.max(EXPOSED.data * seconds, seconds - OVERLAP * compute);
}
