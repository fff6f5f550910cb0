import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { OptionalServingProps } from './serving-defaults';

/** Optional props of a served model on every cloud, including those for its plan. */
export interface ServingOptions extends Omit<OptionalServingProps<string>, 'systemLabels' | 'existingCharts'> {
  /** Expected load. @default - no load */
  readonly load?: ServingLoad;
  /** Accelerators per replica. @default - planned, or the minimum for the weights */
  readonly acceleratorsPerReplica?: number;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
