import type { ProblemCollector } from '../../core/errors';
import { type MarketRate as Rate, marketRates } from '../../core/planning/market-rates';
import { isUnknown } from '../../terraform/tokens';
import type { BatchInferenceProps } from './batch-inference-props';

/** Purchase option of the machines of a run. */
export type BatchMarket = 'on-demand' | 'spot';

/** Price of a machine per hour with its source, or the reason why it is unknown. */
export type MarketRate = Rate<BatchMarket>;

/** Catalog prices are per region. If the region is known only at deployment, prices are of this one. */
const DEFAULT_REGION = 'eastus';

/** The price of the machine in the market of the run. Adds each problem of the user's own prices. */
export function rateOf(problems: ProblemCollector, props: BatchInferenceProps): MarketRate | undefined {
  const { cluster, workspace, prices } = props;
  const machine = cluster?.machine ?? props.machine;
  if (!machine) return undefined;
  const market = (cluster?.capacity ?? props.capacity)?.isElastic ? 'spot' : 'on-demand';
  const { location } = workspace.resourceGroup;
  const region = isUnknown(location) ? DEFAULT_REGION : location;
  const query = { cloud: 'azure', machine: machine.name, region, markets: [market], prices } as const;
  return marketRates<BatchMarket>(problems, query)[0] ?? { market, reason: 'a price is invalid' };
}
