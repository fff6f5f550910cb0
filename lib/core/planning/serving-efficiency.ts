import { FITTED_ROOFLINE } from './catalog/fitted-roofline';
import { isMixture, type ModelShape } from './model-shape';
import type { ServingHardware } from './serving-roofline';

/** How much of the hardware serving reaches, and what it spends besides. */
export interface ServingEfficiency {
  /** Shares of datasheet bandwidth, and of the dense peak in decode and in prefill. */
  readonly bandwidth: number;
  readonly decodePeak: number;
  readonly prefillPeak: number;
  /** Share of that where both factors have 4 bits, and where the weights alone do. */
  readonly fourBitPeak: Readonly<Record<'both' | 'weights', number>>;
  readonly link: number;
  /** Seconds of a step, of each sequence in each layer of it, of each of its collectives. */
  readonly stepSeconds: number;
  readonly sequenceSeconds: number;
  readonly collectiveSeconds: number;
  /** Sequences that a server runs at once at most, of each copy of attention. */
  readonly mostSequences: number;
  /** Share of an answer that is held on average while it grows. */
  readonly outputHeld: number;
  /** Whether tensor parallelism deals out whole heads of keys and values, and copies them to parts that have none. */
  readonly wholeHeads: boolean;
  /** Share of the memory that the server takes, and bytes of it that hold neither weights nor cache. */
  readonly memoryShare: number;
  readonly reserveBytes: number;
  /** How reading and computing overlap: the longer of both at infinity, their sum at 1. */
  readonly overlap: number;
}

/** What serves what: rooflines err for reasons of their own in each. */
export type ServingRegime = 'neuron' | 'moe' | 'dense';

/** The regime of a model on an accelerator. */
export function servingRegime({ kind }: ServingHardware, shape: ModelShape): ServingRegime {
  if (kind === 'neuron') return 'neuron';
  return isMixture(shape) ? 'moe' : 'dense';
}

/**
 * Numbers that a roofline is fitted by. A mixture's are times those of a dense model. Neuron software serves a batch of a size
 * that it was compiled for: where none is told, the largest that was published.
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
    | 'moeMostSequences'
    | 'neuronBandwidth'
    | 'neuronStepSeconds'
    | 'neuronMostSequences',
    number
  >
>;

const LARGEST_BATCH = 4096;

/** The efficiency in a regime that the fitted numbers give. */
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
    mostSequences: neuron ? fitted.neuronMostSequences : moe ? fitted.moeMostSequences : LARGEST_BATCH,
    outputHeld: fitted.outputHeld,
    wholeHeads: true,
    memoryShare: 0.9, // as of vLLM
    reserveBytes: 4e9,
    overlap: 3,
  };
}

const known = new Map<ServingRegime, ServingEfficiency>();

/** What was fitted to published runs. */
export function fittedEfficiency(regime: ServingRegime): ServingEfficiency {
  let efficiency = known.get(regime);
  if (!efficiency) known.set(regime, (efficiency = efficiencyOf(FITTED_ROOFLINE, regime)));
  return efficiency;
}

/** The hardware in full: what no software beats. */
export const IDEAL_EFFICIENCY: ServingEfficiency = {
  bandwidth: 1,
  decodePeak: 1,
  prefillPeak: 1,
  fourBitPeak: { both: 1, weights: 1 },
  link: 1,
  stepSeconds: 0,
  sequenceSeconds: 0,
  collectiveSeconds: 0,
  mostSequences: 1e9,
  outputHeld: 0.5,
  wholeHeads: false,
  memoryShare: 1,
  reserveBytes: 0,
  overlap: Infinity,
};
