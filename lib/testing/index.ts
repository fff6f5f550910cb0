export {
  AT_DEPLOYMENT,
  type ComputeGroup,
  type Count,
  type Encryption,
  type Endpoint,
  type Exposure,
  type GroupCost,
  type Known,
  type Market,
  type MonthlyCost,
  type Part,
  type Queue,
  type Sections,
  type StackArchitecture,
  type StorageUnit,
} from './architecture';
export { Architecture, architectureOf, type ArchitectureOptions, type ArchitectureSource } from './architecture-of';
export type { PriceOptions } from './architecture-of';
export {
  type ArchitectureMatchers,
  architectureMatchers,
  architectureSerializer,
  type MatcherContext,
  type MatcherResult,
  type SnapshotState,
} from './matchers';
export type { Cloud, CLOUDS } from '../core/catalog/machines';
export { Prices, type PricesOptions } from '../core/catalog/price-override';
export type { ListedPrice } from '../core/catalog/price-file';
export type { PriceOverride, PricesFileOptions } from '../core/catalog/price-override';
export type { PriceMarket } from '../core/catalog/prices';
