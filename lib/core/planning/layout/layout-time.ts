import { BYTES_PER_VALUE } from '../../workload/model-spec';
import { expertShards } from '../memory/plan-memory';
import type { TrainingTerms } from '../time/plan-time';
import type { Layout } from './layout';
import { linkedAccelerators, type PlanHardware } from './plan-hardware';

// The model only compares layouts of one job on one machine. A factor that is the same for all layouts does not matter.

/** Share of the peak that large matrix products reach. */
const PEAK_SHARE = 0.6;
/** Size of a side of a matrix product at which half of the time is lost to tiles that are not full. */
const HALF_TOKENS = 256;
const HALF_WIDTH = 128;
/** Seconds to start the kernels of a layer, forward and backward. */
const LAUNCH_SECONDS = 100e-6;
/** Share of the link bandwidth that collectives reach. */
const LINK_SHARE = 0.75;
/** Bytes per second between accelerators of a node without a scale-up link: PCIe. */
const PCIE = 20e9;
/** Bytes per second of links and of the network per accelerator, if they are unknown. */
const UNKNOWN_LINK = 200e9;
const UNKNOWN_NETWORK = 6.25e9;
/** Seconds per node that a collective over all replicas takes in addition: the ring has one step per node. */
const STEP_SECONDS = 5e-6;

/** Share of an exchange that computation does not hide. */
const EXPOSED = { tensor: 0.7, context: 0.3, expert: 0.8, pipeline: 0.3, data: 0.1 } as const;
/** Share of the computation behind which an exchange of weights or gradients can hide. */
const OVERLAP = 0.8;

/** Forward and backward passes of a layer. Full recomputation adds a forward pass. */
const FORWARD = 1;
const BACKWARD = 2;

/** Returns the time of a step with full recomputation of a share of the layers, as a multiple of the time without. */
export function recomputeFactor(share: number): number {
  return 1 + (share * FORWARD) / (FORWARD + BACKWARD);
}

/** The times of the layouts of a job on a machine. */
export interface LayoutClock {
  /** Prepares the time of a split on a number of replicas. */
  readonly of: (split: LayoutSplit, data: number) => SplitClock;
}

/** The degrees that do not depend on the micro batch. */
export type LayoutSplit = Pick<Layout, 'tensor' | 'pipeline' | 'context' | 'expert' | 'sharding'>;

/** The time of a split by micro batch. */
export interface SplitClock {
  /** Returns the seconds of a step of a number of micro batches. */
  readonly step: (microBatch: number, microBatches: number, virtualPipeline: number, recomputed: number) => number;
}

/** Prepares the times of the layouts of a job on a machine. */
export function layoutClock(terms: TrainingTerms, hardware: PlanHardware): LayoutClock {
  const { job, shape, flopsPerToken, common, routed } = terms;
  const { model, sequenceLength } = job;
  const { layers, hidden, vocabulary } = shape;
  const { chip, fraction } = hardware;
  const tflops = chip[`${job.precision}DenseTflops`] ?? chip.bf16DenseTflops ?? 100;
  const peak = tflops * 1e12 * fraction * PEAK_SHARE;
  const bandwidth = bandwidthOf(hardware);
  const { moe } = model;
  const moeLayers = moe?.layers ?? 0;
  const keyWidth = 2 * (model.mla ? model.heads * model.headDim : model.kvHeads * model.headDim);
  const active = shape.activeParameters ?? shape.parameters;
  const routedShare = moe ? Math.max(0, routed - model.count.idleExperts) / active : 0;
  const width = Math.max(model.intermediate, (moe?.sharedExperts ?? 0) * (moe?.expertIntermediate ?? 0), hidden);
  const trained = terms.gradientBytes;
  const output = (vocabulary * hidden * layers) / Math.max(1, active - vocabulary * hidden);
  const value = BYTES_PER_VALUE.bf16;

  return {
    of: (split, data) => {
      const { tensor, pipeline, context, expert, sharding } = split;
      const ranks = tensor * context * data;
      const shards = expertShards(split, data);
      const span = tensor * context;
      const nodes = Math.max(1, (ranks * pipeline) / linkedAccelerators(hardware));

      // Per sequence of a micro batch, on one accelerator, all layers of its stage.
      const tokens = sequenceLength / context;
      const compute = (tokens * flopsPerToken) / (tensor * pipeline * peak);
      const act = (tokens * hidden * value) / tensor;
      const allReduce =
        tensor === 1 ? 0 : ((layers / pipeline) * 2 * (tensor - 1) * act * EXPOSED.tensor) / bandwidth(tensor);
      const ring =
        context === 1
          ? 0
          : ((layers / pipeline) * 3 * (context - 1) * tokens * keyWidth * value * EXPOSED.context) /
            (tensor * bandwidth(span));
      const allToAll =
        expert === 1 || !moe
          ? 0
          : ((moeLayers / pipeline) * moe.activeExperts * act * (1 - 1 / expert) * EXPOSED.expert) /
            bandwidth(Math.max(expert, span));
      const between =
        pipeline === 1 ? 0 : (2 * act * EXPOSED.pipeline) / bandwidth(Infinity);

      const denseWidth = width / tensor / (width / tensor + HALF_WIDTH);
      const expertWidth = moe ? 1 / (1 + (HALF_WIDTH * shards) / expert / moe.expertIntermediate) : 1;
      const perExpert = moe ? (tokens * moe.activeExperts * expert) / moe.experts : 0;

      // Bytes that each accelerator exchanges with other replicas.
      const outside = common / (tensor * pipeline);
      const inside = routed === 0 ? 0 : routed / (shards * pipeline);
      const replicas = context * data;
      const replicasOfExpert = ranks / shards;
      const wire = (bytes: number) =>
        (bytes * outside * (1 - 1 / replicas)) / bandwidth(ranks, span) +
        (inside === 0 ? 0 : (bytes * inside * (1 - 1 / replicasOfExpert)) / bandwidth(ranks, shards)) +
        (replicas === 1 ? 0 : STEP_SECONDS * nodes * (sharding === 'zero-3' ? layers / pipeline : 1));
      const gathers = wire(value);
      const reductions = trained === 0 ? 0 : wire(trained);
      const slowest = pipeline === 1 ? 1 : 0;

      return {
        step: (microBatch, microBatches, virtualPipeline, recomputed) => {
          const dense = microBatch * tokens;
          const fill = dense / (dense + HALF_TOKENS);
          const each = microBatch * perExpert;
          const time =
            (1 - routedShare) / (fill * denseWidth) +
            (routedShare === 0 ? 0 : (routedShare * (1 + HALF_TOKENS / each)) / expertWidth);
          // Two in the forward pass of a layer, and as many in the backward pass and in a recomputed forward pass.
          const exchanges = 4 + 2 * recomputed;
          const pass =
            microBatch *
              (compute * time * recomputeFactor(recomputed) +
                (allReduce + allToAll) * exchanges +
                ring +
                between * virtualPipeline) +
            LAUNCH_SECONDS * (layers / pipeline);
          const chunk = layers / (pipeline * virtualPipeline);
          const rounded = Math.ceil(chunk - 1e-9) * virtualPipeline;
          const last = layers / pipeline + (Number.isInteger(chunk) ? output : 0);
          const balance = slowest || (Math.max(rounded, last) * pipeline) / (layers + output);
          const busy = pass * balance * (microBatches + (pipeline - 1) / virtualPipeline);
          return busy + exchange(sharding, { gathers, reductions, pass, microBatches });
        },
      };
    },
  };
}

interface Exchange {
  readonly gathers: number;
  readonly reductions: number;
  /** Seconds of a micro batch. */
  readonly pass: number;
  readonly microBatches: number;
}

/** Returns the seconds of exchanges between replicas that computation does not hide. */
function exchange(sharding: Layout['sharding'], { gathers, reductions, pass, microBatches }: Exchange): number {
  const exposed = (seconds: number, compute: number) =>
    Math.max(EXPOSED.data * seconds, seconds - OVERLAP * compute);
  const once = exposed(gathers, pass / 3) + exposed(reductions, (pass * 2) / 3);
  if (sharding === 'none') return exposed(2 * reductions, (pass * 2) / 3);
  if (sharding === 'zero-1') return once;
  if (sharding === 'zero-2') return exposed(gathers, pass / 3) + microBatches * exposed(reductions, (pass * 2) / 3);
  // Weights are gathered for the forward and for the backward pass.
  return microBatches * exposed(2 * gathers + reductions, pass);
}

/**
 * Returns the bytes per second of each accelerator in a group that spans a number of accelerators. A ring that passes several accelerators
 * of each node uses all their network interfaces: `apart` is the distance of its members.
 */
type Bandwidth = (span: number, apart?: number) => number;

function bandwidthOf(hardware: PlanHardware): Bandwidth {
  const { chip, domain, perNode, fraction } = hardware;
  const link = ((chip.scaleUpGBpsBidirectional ?? 0) * 1e9) / 2 || UNKNOWN_LINK;
  const network = hardware.fabricBytesPerSecond ?? ((chip.scaleOutGbpsTypical ?? 0) * 1e9) / 8;
  const outside = (network || UNKNOWN_NETWORK) * LINK_SHARE;
  const linked = linkedAccelerators(hardware);
  const fast = domain > 1 ? link * LINK_SHARE * fraction : PCIE;
  return (span, apart = linked) => {
    if (span <= domain) return fast;
    if (span <= perNode) return PCIE;
    return Math.min(fast, outside * Math.max(1, Math.floor(linked / apart)));
  };
}
