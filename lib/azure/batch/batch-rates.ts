import type { Problems } from '../../core/errors';
import { type MarketRate as Rate, marketRates } from '../../core/planning/market-rates';
import { isUnknown } from '../../terraform/tokens';
import type { BatchInferenceProps } from './batch-inference-props';

/** How machines of a run are bought. */
export type BatchMarket = 'on-demand' | 'spot';

/** What an hour of a machine costs, with where that is from; or why it is not known. */
export type MarketRate = Rate<BatchMarket>;

/** Prices of the table are of one region; where that of the workspace is known only at deployment, they are of this one. */
const USUAL_REGION = 'eastus';

/** The price of the machine in the market of the run, as of a day; adds what is impossible about the user's own prices. */
export function rateOf(problems: Problems, props: BatchInferenceProps): MarketRate | undefined {
  const { cluster, workspace, prices, pricesAsOf } = props;
  const machine = cluster?.machine ?? props.machine;
  if (!machine) return undefined;
  const market = (cluster?.capacity ?? props.capacity)?.isElastic ? 'spot' : 'on-demand';
  const { location } = workspace.resourceGroup;
  const region = isUnknown(location) ? USUAL_REGION : location;
  const query = { cloud: 'azure', machine: machine.name, region, markets: [market], prices, pricesAsOf } as const;
  return marketRates<BatchMarket>(problems, query)[0] ?? { market, reason: 'a price contradicts itself' };
}
