import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { listOf, NUMBER, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { SERVING_CACHE } from './serving-cache';
import type { ServingChoices } from './serving-defaults';
import { SERVING_SCALING } from './serving-scaling';
import { SERVING_SERVER } from './serving-server';

/** What every cluster may be told of a model, and how its work is planned. */
export interface ServingOptions extends Omit<ServingChoices<string>, 'systemLabels' | 'existingCharts'> {
  readonly load?: ServingLoad;
  readonly acceleratorsPerReplica?: number;
  readonly prices?: readonly PriceOverride[];
  readonly pricesAsOf?: string;
}

/** The kinds of these options. */
export const SERVING_OPTIONS: Shape<ServingOptions> = {
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  acceleratorsPerReplica: NUMBER,
  scaling: SERVING_SCALING,
  cache: SERVING_CACHE,
  name: TEXT,
  namespace: TEXT,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
