import { PRICES_PROP, type Prices } from '../../core/catalog/own-prices';
import { NUMBER, type PropSchema, STRING } from '../../core/prop-schema';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { SERVING_CACHE } from './serving-cache';
import type { OptionalServingProps } from './serving-defaults';
import { SERVING_SCALING } from './serving-scaling';
import { SERVING_SERVER } from './serving-server';

/** Optional props of a served model on every cloud, including those for its plan. */
export interface ServingOptions extends Omit<OptionalServingProps<string>, 'systemLabels' | 'existingCharts'> {
  /** Expected load. @default - no load */
  readonly load?: ServingLoad;
  /** Accelerators per replica. @default - planned, or the minimum for the weights */
  readonly acceleratorsPerReplica?: number;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Prop types of `ServingOptions`. */
export const SERVING_OPTIONS: PropSchema<ServingOptions> = {
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  acceleratorsPerReplica: NUMBER,
  scaling: SERVING_SCALING,
  cache: SERVING_CACHE,
  name: STRING,
  namespace: STRING,
  prices: PRICES_PROP,
};
