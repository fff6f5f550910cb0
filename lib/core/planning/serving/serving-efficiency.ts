import type { ChipVendor } from '../../catalog/chips';
import { FITTED_ROOFLINE } from '../catalog/fitted-roofline';
import { isMixture, type ModelShape } from '../memory/model-shape';
import type { ReplicaLink } from './serving-layout';

/** The share of the hardware that serving reaches, and its overhead. */
export interface ServingEfficiency {
  /** Shares of the bandwidth in the data sheet, and of the reachable rate in decode and in prefill. */
  readonly bandwidth: number;
  readonly decodePeak: number;
  readonly prefillPeak: number;
  /** Times that the operations between matrix products read or write the activations of a layer. */
  readonly activationPasses: number;
  /** Width of an expert at which its products take twice as long as in a large matrix. */
  readonly narrowWidth: number;
  /** Share of the peak with 4-bit products: of both factors, or only of the weights. */
  readonly fourBitPeak: Readonly<Record<'both' | 'weights', number>>;
  /** Share of the bandwidth of each link. */
  readonly link: Readonly<Record<ReplicaLink['kind'], number>>;
  /** Seconds per step, per layer in a step, and per sequence and layer in a step. */
  readonly stepSeconds: number;
  readonly layerSeconds: number;
  readonly sequenceSeconds: number;
  /** Seconds per collective in a step: over a scale-up link, over PCIe for each other card, and over the network. */
  readonly collectiveSeconds: number;
  readonly pcieSeconds: number;
  readonly networkSeconds: number;
  /** Time that each further stage of a pipeline adds, as a share. */
  readonly stageLoss: number;
  /** Maximum concurrent sequences of a server, per copy of attention. */
  readonly maxSequences: number;
  /** Average share of the output tokens in the KV cache during generation. */
  readonly outputHeld: number;
  /** Whether tensor parallelism splits the KV cache by whole heads, and copies heads to parts without one. */
  readonly wholeHeads: boolean;
  /** Bytes of an accelerator for neither weights nor KV cache, and the share of the rest for the KV cache. */
  readonly reserveBytes: number;
  readonly memoryShare: number;
  /** Whether the shares of the peak refer to the data sheet. Otherwise, they refer to the rate of large matrix products. */
  readonly fullPeak: boolean;
  /** Overlap of reading and computing: the time is the longer of both at infinity, and their sum at 1. */
  readonly overlap: number;
  /** The same in a step that also processes prompts. */
  readonly mixedOverlap: number;
}

/** Combination of vendor and model. The roofline has different numbers in each. */
export interface ServingRegime {
  readonly vendor: ChipVendor;
  /** 0 for a dense model, 1 for a mixture of 128 experts: see `mixtureDegree`. */
  readonly mixture: number;
}

/** Returns the regime of a model on a chip. */
export function servingRegime(vendor: ChipVendor, shape: ModelShape): ServingRegime {
  return { vendor, mixture: mixtureDegree(shape) };
}

/** Experts of a typical mixture, whose numbers are fitted. */
const TYPICAL_EXPERTS = 128;

/** Returns how far a mixture differs from a dense model: more and smaller experts have smaller products and more tokens to sort. */
export function mixtureDegree(shape: ModelShape): number {
  if (!isMixture(shape)) return 0;
  return Math.log2(shape.experts?.count ?? TYPICAL_EXPERTS) / Math.log2(TYPICAL_EXPERTS);
}

/**
 * The fitted numbers of a roofline. Those of a mixture of experts and of other vendors are factors on those of a dense model on a GPU of NVIDIA.
 * Neuron software is compiled for a batch size. If it is unknown, the largest published size is used.
 */
export type RooflineNumbers = Readonly<
  Record<
    | 'bandwidth'
    | 'decodePeak'
    | 'prefillPeak'
    | 'fourBitBoth'
    | 'fourBitWeights'
    | 'scaleUp'
    | 'pcie'
    | 'host'
    | 'mixedOverlap'
    | 'activationPasses'
    | 'narrowWidth'
    | 'stepSeconds'
    | 'layerSeconds'
    | 'sequenceSeconds'
    | 'collectiveSeconds'
    | 'pcieSeconds'
    | 'stageLoss'
    | 'outputHeld'
    | 'maxSequences'
    | 'reserveGB'
    | 'moeBandwidth'
    | 'moeDecodePeak'
    | 'moePrefillPeak'
    | 'moeLayerSeconds'
    | 'moeSequenceSeconds'
    | 'amdBandwidth'
    | 'amdDecodePeak'
    | 'amdPrefillPeak'
    | 'amdCollectiveSeconds'
    | 'neuronBandwidth'
    | 'neuronPrefillPeak'
    | 'neuronStepSeconds'
    | 'neuronCollectiveSeconds'
    | 'neuronMaxSequences'
    | 'tpuBandwidth'
    | 'tpuPrefillPeak',
    number
  >
>;

/** Returns the efficiency in a regime for fitted numbers. */
export function efficiencyOf(fitted: RooflineNumbers, { vendor, mixture }: ServingRegime): ServingEfficiency {
  const moe = (factor: number) => factor ** mixture;
  const neuron = vendor === 'AWS';
  const by = (factors: Partial<Record<ChipVendor, number>>) => factors[vendor] ?? 1;
  const { amdBandwidth, neuronBandwidth, tpuBandwidth, amdPrefillPeak, neuronPrefillPeak, tpuPrefillPeak } = fitted;
  return {
    bandwidth:
      fitted.bandwidth *
      moe(fitted.moeBandwidth) *
      by({ AMD: amdBandwidth, AWS: neuronBandwidth, Google: tpuBandwidth }),
    decodePeak: fitted.decodePeak * moe(fitted.moeDecodePeak) * by({ AMD: fitted.amdDecodePeak }),
    prefillPeak:
      fitted.prefillPeak *
      moe(fitted.moePrefillPeak) *
      by({ AMD: amdPrefillPeak, AWS: neuronPrefillPeak, Google: tpuPrefillPeak }),
    activationPasses: fitted.activationPasses,
    narrowWidth: fitted.narrowWidth,
    fourBitPeak: { both: fitted.fourBitBoth, weights: fitted.fourBitWeights },
    link: { scaleUp: fitted.scaleUp, pcie: fitted.pcie, host: fitted.host, network: NETWORK_SHARE },
    stepSeconds: neuron ? fitted.neuronStepSeconds : fitted.stepSeconds,
    layerSeconds: fitted.layerSeconds * moe(fitted.moeLayerSeconds),
    sequenceSeconds: fitted.sequenceSeconds * moe(fitted.moeSequenceSeconds),
    collectiveSeconds:
      fitted.collectiveSeconds * by({ AMD: fitted.amdCollectiveSeconds, AWS: fitted.neuronCollectiveSeconds }),
    pcieSeconds: fitted.pcieSeconds,
    networkSeconds: NETWORK_SECONDS,
    stageLoss: fitted.stageLoss,
    maxSequences: neuron ? fitted.neuronMaxSequences : fitted.maxSequences,
    outputHeld: fitted.outputHeld,
    wholeHeads: true,
    memoryShare: 0.9, // default of TensorRT-LLM for the KV cache
    reserveBytes: fitted.reserveGB * 1e9,
    fullPeak: false,
    overlap: 3,
    mixedOverlap: fitted.mixedOverlap,
  };
}

/** No published run exchanges activations over the network. Assumed. */
const NETWORK_SHARE = 0.6;
const NETWORK_SECONDS = 30e-6;

const cache = new Map<string, ServingEfficiency>();

/** Returns the efficiency that was fitted to published runs. */
export function fittedEfficiency(regime: ServingRegime): ServingEfficiency {
  const key = `${regime.vendor} ${regime.mixture}`;
  let efficiency = cache.get(key);
  if (!efficiency) cache.set(key, (efficiency = efficiencyOf(FITTED_ROOFLINE, regime)));
  return efficiency;
}

/** Full use of the hardware, which no software beats. */
export const IDEAL_EFFICIENCY: ServingEfficiency = {
  bandwidth: 1,
  decodePeak: 1,
  prefillPeak: 1,
  activationPasses: 0,
  narrowWidth: 0,
  fourBitPeak: { both: 1, weights: 1 },
  link: { scaleUp: 1, pcie: 1, host: 1, network: 1 },
  stepSeconds: 0,
  layerSeconds: 0,
  sequenceSeconds: 0,
  collectiveSeconds: 0,
  pcieSeconds: 0,
  networkSeconds: 0,
  stageLoss: 0,
  maxSequences: 1e9,
  outputHeld: 0.5,
  wholeHeads: false,
  memoryShare: 1,
  reserveBytes: 0,
  fullPeak: true,
  overlap: Infinity,
  mixedOverlap: Infinity,
};
