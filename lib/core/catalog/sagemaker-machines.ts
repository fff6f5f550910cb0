import type { AwsMachineName } from './aws-machines';

/** A machine for SageMaker endpoints. Its figures are in the table of AWS machines. */
export interface SageMakerMachineRow {
  /** USD per hour of real-time hosting. @default - not found in a source */
  readonly usdPerHour?: number;
}

/**
 * Region and source of the prices in the table. SageMaker charges more for a machine than EC2.
 *
 * Unverified: the prices are from a third party whose name was not recorded. The price list of AWS was not read. On 2026-11-26, they
 * matched two public files with data of the AWS Price List API to the cent. The first has g5 and g6e in us-east-1 (2026-08-17). The second
 * has g5, g6 and g6e for training and batch transform in us-west-2 (undated). The prices of p4d, p4de, p5 and trn1.32xlarge are those of EC2 times 1.15. The
 * prices of g4dn and inf2 matched two more lists, whose names were not recorded. Plans with these prices record the finding `cost/price`.
 */
export const SAGEMAKER_PRICES = {
  region: 'us-east-1',
  date: '2026-09-27',
  text: 'list prices of SageMaker hosting from a third party, unverified: the list of AWS was not read',
} as const;

/**
 * The machines with accelerators for SageMaker endpoints, by their EC2 name. SageMaker adds the prefix `ml.`.
 *
 * Names: botocore 1.44.8, sagemaker 2017-07-24, ProductionVariantInstanceType; read 2026-11-25. A name does not mean that every
 * region has it. Prices: see `SAGEMAKER_PRICES`.
 */
export const SAGEMAKER_MACHINES = {
  'p6e-gb200.36xlarge': {},
  'p6-b300.48xlarge': {},
  'p6-b200.48xlarge': {},
  'p5en.48xlarge': {},
  'p5e.48xlarge': {},
  'p5.4xlarge': { usdPerHour: 7.912 },
  'p5.48xlarge': { usdPerHour: 63.296 },
  'p4de.24xlarge': { usdPerHour: 31.5641 },
  'p4d.24xlarge': { usdPerHour: 25.2513 },
  'g7e.2xlarge': {},
  'g7e.4xlarge': {},
  'g7e.8xlarge': {},
  'g7e.12xlarge': {},
  'g7e.24xlarge': {},
  'g7e.48xlarge': {},
  'g7.2xlarge': {},
  'g7.4xlarge': {},
  'g7.8xlarge': {},
  'g7.12xlarge': {},
  'g7.24xlarge': {},
  'g7.48xlarge': {},
  'g6e.xlarge': { usdPerHour: 2.61 },
  'g6e.2xlarge': { usdPerHour: 2.8 },
  'g6e.4xlarge': { usdPerHour: 3.76 },
  'g6e.8xlarge': { usdPerHour: 5.66 },
  'g6e.12xlarge': { usdPerHour: 13.12 },
  'g6e.16xlarge': { usdPerHour: 9.47 },
  'g6e.24xlarge': { usdPerHour: 18.83 },
  'g6e.48xlarge': { usdPerHour: 37.66 },
  'g6.xlarge': { usdPerHour: 1.127 },
  'g6.2xlarge': { usdPerHour: 1.222 },
  'g6.4xlarge': { usdPerHour: 1.654 },
  'g6.8xlarge': { usdPerHour: 2.518 },
  'g6.12xlarge': { usdPerHour: 5.752 },
  'g6.16xlarge': { usdPerHour: 4.246 },
  'g6.24xlarge': { usdPerHour: 8.344 },
  'g6.48xlarge': { usdPerHour: 16.688 },
  'g5.xlarge': { usdPerHour: 1.41 },
  'g5.2xlarge': { usdPerHour: 1.52 },
  'g5.4xlarge': { usdPerHour: 2.03 },
  'g5.8xlarge': { usdPerHour: 3.06 },
  'g5.12xlarge': { usdPerHour: 7.09 },
  'g5.16xlarge': { usdPerHour: 5.12 },
  'g5.24xlarge': { usdPerHour: 10.18 },
  'g5.48xlarge': { usdPerHour: 20.36 },
  'g4dn.xlarge': { usdPerHour: 0.7364 },
  'g4dn.2xlarge': { usdPerHour: 0.94 },
  'g4dn.4xlarge': { usdPerHour: 1.505 },
  'g4dn.8xlarge': { usdPerHour: 2.72 },
  'g4dn.12xlarge': { usdPerHour: 4.89 },
  'g4dn.16xlarge': { usdPerHour: 5.44 },
  'trn2.48xlarge': {},
  'trn1n.32xlarge': {},
  'trn1.2xlarge': { usdPerHour: 1.54 },
  'trn1.32xlarge': { usdPerHour: 24.73 },
  'inf2.xlarge': { usdPerHour: 0.99 },
  'inf2.8xlarge': { usdPerHour: 2.36 },
  'inf2.24xlarge': { usdPerHour: 7.79 },
  'inf2.48xlarge': { usdPerHour: 15.58 },
} as const satisfies Partial<Record<AwsMachineName, SageMakerMachineRow>>;
