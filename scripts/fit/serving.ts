import { modelKey } from '../../lib/core/planning/run-classes';
import { servingContext } from '../../lib/core/planning/serving-context';
import { servingClass, servingFeatures } from '../../lib/core/planning/serving-features';
import { servingRoofline } from '../../lib/core/planning/serving-roofline';
import type { Observation } from './cross-validation';
import { servingRuns } from './data';
import type { Penalty } from './ridge';

/** Rows of throughput, as what the roofline misses. */
export function servingObservations(): Observation[] {
  return servingRuns().map((row) => {
    const context = servingContext(row);
    if (!context) throw new Error(`${row.id}: no shape, chip or precision of that name`);
    const roofline = servingRoofline(context.shape, context.hardware, context.request);
    return {
      id: row.id,
      family: `${row.suite} ${modelKey(row.model)}`,
      suite: row.suite,
      class: servingClass(row, context),
      target: Math.log(row.outputTokPerSec / roofline.outputTokensPerSecond),
      features: new Map(servingFeatures(row, context, roofline)),
    };
  });
}

// Chosen by cross-validation. What one model does on one chip shrinks away: what it does on a generation stays.
const PENALTIES: Readonly<Record<string, number>> = {
  regime: 0.2,
  model: 2.5,
  'model-generation': 0.2,
  'model-chip': 30,
  slope: 3,
  'shape-generation': 1.5,
};

// The roofline was fitted to dense models: their slopes are its own. A mixture's depend on the length of its requests.
const BY_REGIME: Readonly<Record<string, number>> = { 'slope dense': 200, 'shape-generation moe': 0.5 };

export const servingPenalty: Penalty = (feature) => {
  const [group = '', regime = ''] = feature.split(' ', 2);
  return BY_REGIME[`${group} ${regime}`] ?? PENALTIES[group] ?? 0;
};
