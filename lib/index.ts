export {
  AWS_MACHINES,
  type AwsMachineName,
  type AwsMachineRow,
  type AwsMarket,
  type AwsNetworkCard,
} from './core/catalog/aws-machines';
export { CHIPS, type ChipName, type ChipRow, type ChipVendor } from './core/catalog/chips';
export {
  COST_TAG_KEYS,
  REQUIRED_COST_PROPS,
  costTags,
  type CostAllocationProps,
  type RequiredCostProp,
} from './core/cost-allocation';
export { DataClass } from './core/data-class';
export { ERROR_CODES, type ErrorCode } from './core/error-codes';
export { AiInfraError, type Problem } from './core/errors';
export {
  FINDING_IDS,
  findingsOf,
  type Finding,
  type RecordedFinding,
  type FindingId,
  type FindingLevel,
} from './core/findings';
export { CLOUDS, type Cloud, type Machine, allMachines, findMachine, machineNamed } from './core/catalog/machines';
export { MODELS, type ModelName, type ModelRow } from './core/catalog/models';
export {
  type Price,
  type PriceAnswer,
  type PriceQuery,
  priceOf,
  pricedRegions,
  STALE_AFTER_DAYS,
} from './core/catalog/price-of';
export { Prices, type PricesFileOptions, type PricesOptions } from './core/catalog/price-override';
export type { ListedPrice } from './core/catalog/price-file';
export type { PriceOverride } from './core/catalog/price-override';
export type { PriceConfidence, PriceMarket } from './core/catalog/prices';
export { SERVICE_LEVELS, type ServiceLevelName, type ServiceLevelRow } from './core/catalog/service-levels';
export type { Deadline, DurationLike } from './core/workload/training-job';
export type { ParameterCount } from './core/workload/model-parameters';
export type { LatentAttention, MixtureOfExperts, ModelShape } from './core/workload/model-parameters';
export { ModelSpec, type ModelSpecBase, type ModelStaticName, type ModelStatics } from './core/workload/model-spec';
export type { Parallelism } from './core/workload/parallelism';
export type { Precision } from './core/workload/model-spec';
export { ServingLoad, type ServingLoadProps } from './core/workload/serving-load';
export {
  type LoraProps,
  type Optimizer,
  type Recompute,
  type Sharding,
  TrainingJob,
  type TrainingJobProps,
  type TrainingKind,
} from './core/workload/training-job';
