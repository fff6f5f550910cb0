import { FITTED_ROOFLINE } from '../catalog/fitted-roofline';
import { isMixture, type ModelShape } from '../memory/model-shape';
import type { ServingHardware } from './serving-roofline';

/** The share of the hardware that serving reaches, and its overhead. */
export interface ServingEfficiency {
  /** Shares of the bandwidth in the data sheet, and of the dense peak in decode and in prefill. */
  readonly bandwidth: number;
  readonly decodePeak: number;
  readonly prefillPeak: number;
  /** Share of the peak with 4-bit products: of both factors, or only of the weights. */
  readonly fourBitPeak: Readonly<Record<'both' | 'weights', number>>;
  readonly link: number;
  /** Seconds per step, per sequence and layer in a step, and per collective in a step. */
  readonly stepSeconds: number;
  readonly sequenceSeconds: number;
  readonly collectiveSeconds: number;
  /** Maximum concurrent sequences of a server, per copy of attention. */
  readonly maxSequences: number;
  /** Average share of the output tokens in the KV cache during generation. */
  readonly outputHeld: number;
  /** Whether tensor parallelism splits the KV cache by whole heads, and copies heads to parts without one. */
  readonly wholeHeads: boolean;
  /** Share of the memory for the server, and bytes of it for neither weights nor KV cache. */
  readonly memoryShare: number;
  readonly reserveBytes: number;
  /** Overlap of reading and computing: the time is the longer of both at infinity, and their sum at 1. */
  readonly overlap: number;
}

/** Combination of accelerator and model. The roofline has different errors in each. */
export type ServingRegime = 'neuron' | 'moe' | 'dense';

/** Returns the regime of a model on an accelerator. */
export function servingRegime({ kind }: ServingHardware, shape: ModelShape): ServingRegime {
  if (kind === 'neuron') return 'neuron';
  return isMixture(shape) ? 'moe' : 'dense';
}

/**
 * The fitted numbers of a roofline. Those of a mixture of experts are factors on those of a dense model. Neuron software is compiled for a
 * batch size. If it is unknown, the largest published size is used.
 */
export type RooflineNumbers = Readonly<
  Record<
    | 'bandwidth'
    | 'decodePeak'
    | 'prefillPeak'
    | 'fourBitBoth'
    | 'fourBitWeights'
    | 'link'
    | 'stepSeconds'
    | 'sequenceSeconds'
    | 'collectiveSeconds'
    | 'outputHeld'
    | 'moeBandwidth'
    | 'moeDecodePeak'
    | 'moePrefillPeak'
    | 'moeStepSeconds'
    | 'moeSequenceSeconds'
    | 'moeMaxSequences'
    | 'neuronBandwidth'
    | 'neuronStepSeconds'
    | 'neuronMaxSequences',
    number
  >
>;

const LARGEST_BATCH = 4096;

/** Returns the efficiency in a regime for fitted numbers. */
export function efficiencyOf(fitted: RooflineNumbers, regime: ServingRegime): ServingEfficiency {
  const moe = regime === 'moe';
  const neuron = regime === 'neuron';
  const times = (factor: number) => (moe ? factor : 1);
  return {
    bandwidth: neuron ? fitted.neuronBandwidth : fitted.bandwidth * times(fitted.moeBandwidth),
    decodePeak: fitted.decodePeak * times(fitted.moeDecodePeak),
    prefillPeak: fitted.prefillPeak * times(fitted.moePrefillPeak),
    fourBitPeak: { both: fitted.fourBitBoth, weights: fitted.fourBitWeights },
    link: fitted.link,
    stepSeconds: neuron ? fitted.neuronStepSeconds : fitted.stepSeconds * times(fitted.moeStepSeconds),
    sequenceSeconds: fitted.sequenceSeconds * times(fitted.moeSequenceSeconds),
    collectiveSeconds: fitted.collectiveSeconds,
    maxSequences: neuron ? fitted.neuronMaxSequences : moe ? fitted.moeMaxSequences : LARGEST_BATCH,
    outputHeld: fitted.outputHeld,
    wholeHeads: true,
    memoryShare: 0.9, // default of vLLM
    reserveBytes: 4e9,
    overlap: 3,
  };
}

const cache = new Map<ServingRegime, ServingEfficiency>();

/** Returns the efficiency that was fitted to published runs. */
export function fittedEfficiency(regime: ServingRegime): ServingEfficiency {
  let efficiency = cache.get(regime);
  if (!efficiency) cache.set(regime, (efficiency = efficiencyOf(FITTED_ROOFLINE, regime)));
  return efficiency;
}

/** Full use of the hardware, which no software beats. */
export const IDEAL_EFFICIENCY: ServingEfficiency = {
  bandwidth: 1,
  decodePeak: 1,
  prefillPeak: 1,
  fourBitPeak: { both: 1, weights: 1 },
  link: 1,
  stepSeconds: 0,
  sequenceSeconds: 0,
  collectiveSeconds: 0,
  maxSequences: 1e9,
  outputHeld: 0.5,
  wholeHeads: false,
  memoryShare: 1,
  reserveBytes: 0,
  overlap: Infinity,
};
