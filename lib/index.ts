export {
  AWS_MACHINES,
  type AwsMachineName,
  type AwsMachineRow,
  type AwsMarket,
  type AwsNetworkCard,
} from './core/catalog/aws-machines';
export { CHIPS, type ChipName, type ChipRow, type ChipVendor } from './core/catalog/chips';
export { COST_TAG_KEYS, REQUIRED_COST_PROPS, costTags, type CostAllocationProps } from './core/cost-allocation';
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
