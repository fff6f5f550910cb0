import type { ChipRow } from '../catalog/chips';
import { isKnown } from './time/run-classes';

/**
 * Share of the dense peak that large matrix products reach on chips without a measurement. NVIDIA chips lower their clock at the power limit,
 * so the share grows with the watts per TFLOP/s. It is fitted to the measured chips from A100 to B300, with an error of at most 6%.
 */
const BY_POWER = { share: 0.832, power: 0.116, max: 0.87 } as const;
/** The same for other vendors and unknown power: from MI300X to MI355X, and typical. */
const OTHERS = { AMD: 0.6, typical: 0.78 } as const;

/** Returns the share of the dense bf16 peak that large matrix products reach: measured, or estimated from chips with a measurement. */
export function reachableShare({ vendor, bf16DenseTflops: peak, measuredMaxBf16Tflops, tdpWatts }: ChipRow): number {
  if (isKnown(peak) && isKnown(measuredMaxBf16Tflops)) return measuredMaxBf16Tflops / peak;
  if (vendor === 'AMD') return OTHERS.AMD;
  if (vendor !== 'NVIDIA' || !isKnown(peak) || !isKnown(tdpWatts)) return OTHERS.typical;
  return Math.min(BY_POWER.max, BY_POWER.share * (tdpWatts / peak) ** BY_POWER.power);
}
