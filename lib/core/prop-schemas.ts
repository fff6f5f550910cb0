// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { AlicloudMachineRow } from './catalog/alicloud-machines';
import type { AwsNetworkCard } from './catalog/aws-machines';
import type { AzureInfiniband, AzureMachineRow } from './catalog/azure-machines';
import type { BatchWork, PlannedBatchWork } from './planning/cost/batch-estimate';
import type { ChipRow } from './catalog/chips';
import type { DeclaredStorage } from './planning/plan';
import type { GoogleDeviceClaim, GoogleMachineRow, GoogleNetwork } from './catalog/google-machines';
import type { LoraProps } from './workload/training-job';
import type { Machine } from './catalog/machines';
import type { OptionsProps } from './planning/options';
import type { PriceOverride } from './catalog/price-override';
import type { ReplicaLimits } from './planning/serving/endpoint-load';
import type { ServingLoadProps } from './workload/serving-load';
import type { ServingPlanProps } from './planning/serving/plan-serving';
import type { StorageSizing } from './planning/storage/open-storage';
import type { TrainingPlanProps } from './planning/plan-training';
import {
  BOOLEAN,
  FUNCTION,
  NUMBER,
  STRING,
  STRING_OR_EMPTY,
  anyOf,
  instanceOf,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  required,
  type PropSchema,
  type PropType,
} from './prop-schema';

export const AWS_MARKET: PropType = oneOf(['on-demand', 'spot', 'reservation', 'capacity-block']);
export const CHIP_VENDOR: PropType = oneOf(['NVIDIA', 'AMD', 'AWS', 'Google']);
export const DATA_CLASS: PropType = oneOf(['public', 'internal', 'confidential', 'restricted']);
export const DATA_PURPOSE: PropType = oneOf(['datasets', 'checkpoints', 'models', 'logs']);
export const GOOGLE_PROVISIONING: PropType = oneOf([
  'on-demand',
  'spot',
  'flex-start',
  'reservation',
  'calendar-reservation',
  'mig-resize-request',
]);
export const MODEL_SPEC: PropType = instanceOf('core.ModelSpec', 'a ModelSpec', (value) =>
  typeof value === 'string'
    ? `Use ModelSpec.fromName('${value}').`
    : 'Use a static member of ModelSpec, for example ModelSpec.LLAMA_7B.',
);
export const OPTIMIZER: PropType = oneOf(['adam', 'adam-8bit', 'sgd']);
export const PRECISION: PropType = oneOf(['fp8', 'bf16', 'fp4']);
export const PRICES: PropType = instanceOf(
  'core.Prices',
  'a Prices',
  'Use Prices.of(…), Prices.fromFile(…) or Prices.asOf(…).',
);
export const PRICE_MARKET: PropType = oneOf(['on-demand', 'spot', 'committed']);
export const SERVING_LOAD: PropType = instanceOf('core.ServingLoad', 'a ServingLoad', 'Use ServingLoad.of(…).');
export const TRAINING_JOB: PropType = instanceOf(
  'core.TrainingJob',
  'a TrainingJob',
  'Use TrainingJob.pretrain(…), TrainingJob.fineTune(…) or TrainingJob.lora(…).',
);

export const ALICLOUD_MACHINE_ROW: PropSchema<AlicloudMachineRow> = {
  chip: required(
    oneOf([
      'A100-40',
      'T4',
      'A10',
      'A10G',
      'L4',
      'L20',
      'L40S',
      'RTXPRO4500',
      'RTXPRO6000',
      'A100-80',
      'A100-80-PCIe',
      'H100',
      'H100-PCIe',
      'H100-NVL',
      'H800',
      'H200',
      'H200-NVL',
      'ALI-HOPPER-96',
      'ALI-BLACKWELL-48',
      'ALI-BLACKWELL-72',
      'B200',
      'GB200',
      'B300',
      'GB300',
      'MI300X',
      'MI325X',
      'MI350X',
      'MI355X',
      'Inferentia2',
      'Trainium1',
      'Trainium2',
      'Trainium3',
      'TPU v4',
      'TPU v5e',
      'TPU v5p',
      'TPU v6e',
      'TPU7x',
    ]),
  ),
  accelerators: required(NUMBER),
  acceleratorMemoryGB: required(NUMBER),
  vcpus: required(NUMBER),
  memoryGiB: required(NUMBER),
  networkGbps: required(NUMBER),
  erdma: required(BOOLEAN),
  erdmaGbps: NUMBER,
  ackErdma: required(BOOLEAN),
  bareMetal: required(BOOLEAN),
  uefiImageRequired: required(BOOLEAN),
  maxEnis: NUMBER,
  lowLatencyDeploymentSet: BOOLEAN,
  note: STRING,
  unverified: STRING,
};

export const AWS_NETWORK_CARD: PropSchema<AwsNetworkCard> = {
  maxInterfaces: required(NUMBER),
  efa: required(BOOLEAN),
};

export const AZURE_INFINIBAND: PropSchema<AzureInfiniband> = {
  links: required(NUMBER),
  gbpsPerLink: required(NUMBER),
  generation: required(STRING),
};

export const AZURE_MACHINE_ROW: PropSchema<AzureMachineRow> = {
  chip: required(
    oneOf([
      'A100-40',
      'T4',
      'A10',
      'A10G',
      'L4',
      'L20',
      'L40S',
      'RTXPRO4500',
      'RTXPRO6000',
      'A100-80',
      'A100-80-PCIe',
      'H100',
      'H100-PCIe',
      'H100-NVL',
      'H800',
      'H200',
      'H200-NVL',
      'ALI-HOPPER-96',
      'ALI-BLACKWELL-48',
      'ALI-BLACKWELL-72',
      'B200',
      'GB200',
      'B300',
      'GB300',
      'MI300X',
      'MI325X',
      'MI350X',
      'MI355X',
      'Inferentia2',
      'Trainium1',
      'Trainium2',
      'Trainium3',
      'TPU v4',
      'TPU v5e',
      'TPU v5p',
      'TPU v6e',
      'TPU7x',
    ]),
  ),
  accelerators: required(NUMBER),
  acceleratorMemoryGB: required(NUMBER),
  vcpus: required(NUMBER),
  memoryGiB: required(NUMBER),
  arch: required(oneOf(['amd64', 'arm64'])),
  infiniband: objectOf(() => AZURE_INFINIBAND, 'an object { links, gbpsPerLink, generation }'),
  localDisk: required(STRING),
  localNvmeGB: NUMBER,
  rackMachines: NUMBER,
  aksInfinibandFeature: oneOf(['register', 'unregister']),
  aksOsSku: oneOf(['Ubuntu2404']),
  gpuDriver: required(listOf(oneOf(['Install', 'None']))),
  capacityReservationGroup: BOOLEAN,
  note: STRING,
  unverified: STRING,
};

export const BATCH_WORK: PropSchema<BatchWork> = {
  load: required(SERVING_LOAD),
  requests: required(NUMBER),
};

export const CHIP_ROW: PropSchema<ChipRow> = {
  vendor: required(CHIP_VENDOR),
  bf16DenseTflops: NUMBER,
  fp8DenseTflops: NUMBER,
  fp4DenseTflops: NUMBER,
  lacksBf16: BOOLEAN,
  logicalCores: NUMBER,
  memoryGiB: required(NUMBER),
  usableMemoryMiB: NUMBER,
  memoryBandwidthGBps: required(NUMBER),
  scaleUp: required(STRING),
  scaleUpGBpsBidirectional: NUMBER,
  scaleUpDomain: required(NUMBER),
  scaleOutGbpsTypical: NUMBER,
  tdpWatts: NUMBER,
  measuredMaxBf16Tflops: NUMBER,
  measuredMaxFp8Tflops: NUMBER,
  note: STRING,
  source: required(STRING),
  confidence: required(oneOf(['read', 'secondary', 'read+recalled', 'recalled'])),
};

export const DECLARED_STORAGE: PropSchema<DeclaredStorage> = {
  throughputMBps: required(NUMBER),
  sizeGiB: required(NUMBER),
};

export const GOOGLE_DEVICE_CLAIM: PropSchema<GoogleDeviceClaim> = {
  deviceClass: required(STRING),
  count: required(NUMBER),
};

export const GOOGLE_MACHINE_ROW: PropSchema<GoogleMachineRow> = {
  kind: required(oneOf(['gpu', 'tpu'])),
  chip: required(
    oneOf([
      'A100-40',
      'T4',
      'A10',
      'A10G',
      'L4',
      'L20',
      'L40S',
      'RTXPRO4500',
      'RTXPRO6000',
      'A100-80',
      'A100-80-PCIe',
      'H100',
      'H100-PCIe',
      'H100-NVL',
      'H800',
      'H200',
      'H200-NVL',
      'ALI-HOPPER-96',
      'ALI-BLACKWELL-48',
      'ALI-BLACKWELL-72',
      'B200',
      'GB200',
      'B300',
      'GB300',
      'MI300X',
      'MI325X',
      'MI350X',
      'MI355X',
      'Inferentia2',
      'Trainium1',
      'Trainium2',
      'Trainium3',
      'TPU v4',
      'TPU v5e',
      'TPU v5p',
      'TPU v6e',
      'TPU7x',
    ]),
  ),
  acceleratorLabel: required(STRING),
  accelerators: required(NUMBER),
  acceleratorMemoryGB: required(NUMBER),
  vcpus: NUMBER,
  memoryGB: NUMBER,
  arch: required(oneOf(['amd64', 'arm64'])),
  networkGbps: NUMBER,
  transport: oneOf(['GPUDirect-TCPX', 'GPUDirect-TCPXO', 'RoCE']),
  networks: listOf(objectOf(() => GOOGLE_NETWORK, 'an object { role, count, subnetsPerVpc, mtu }')),
  deviceClaim: objectOf(() => GOOGLE_DEVICE_CLAIM, 'an object { deviceClass, count }'),
  primaryNic: oneOf(['IDPF']),
  plugins: listOf(STRING),
  extraNetworks: objectOf(() => ({ max: required(NUMBER), mtu: required(NUMBER) }), 'an object { max, mtu }'),
  localSsd: anyOf(
    objectOf(
      () => ({ mode: required(oneOf(['attached'])), count: required(NUMBER), sizeGB: required(NUMBER) }),
      'an object { mode, count, sizeGB }',
    ),
    objectOf(
      () => ({
        mode: required(oneOf(['optional'])),
        sizeGB: required(NUMBER),
        allowedCounts: required(listOf(NUMBER)),
      }),
      'an object { mode, sizeGB, allowedCounts }',
    ),
    objectOf(() => ({ mode: required(oneOf(['none'])) }), 'an object { mode }'),
  ),
  bootDisk: oneOf(['hyperdisk-balanced']),
  minGkeVersion: recordOf(STRING_OR_EMPTY),
  provisioning: listOf(GOOGLE_PROVISIONING),
  allowlisted: listOf(GOOGLE_PROVISIONING),
  placement: oneOf(['compact', '1x72']),
  note: STRING,
  unverified: STRING,
};

export const GOOGLE_NETWORK: PropSchema<GoogleNetwork> = {
  role: required(oneOf(['gpu', 'host', 'rdma'])),
  count: required(NUMBER),
  subnetsPerVpc: required(NUMBER),
  interfaces: NUMBER,
  mtu: required(NUMBER),
  networkProfile: STRING,
  nicType: oneOf(['IDPF', 'MRDMA']),
  deviceMode: oneOf(['NetDevice', 'RDMA']),
};

export const LORA_PROPS: PropSchema<LoraProps> = {
  rank: NUMBER,
  model: required(MODEL_SPEC),
  tokens: required(NUMBER),
  sequenceLength: NUMBER,
  globalBatch: NUMBER,
  microBatch: NUMBER,
  precision: PRECISION,
  optimizer: OPTIMIZER,
  sharding: oneOf(['none', 'zero-1', 'zero-2', 'zero-3']),
  parallelism: objectOf(
    () => ({
      tensor: NUMBER,
      pipeline: NUMBER,
      virtualPipeline: NUMBER,
      context: NUMBER,
      expert: NUMBER,
      data: NUMBER,
    }),
    'an object { tensor, pipeline, virtualPipeline, context, … }',
  ),
  recompute: oneOf(['none', 'selective', 'full']),
  finishWithin: anyOf(
    objectOf(() => ({ toSeconds: required(FUNCTION) }), 'an object { toSeconds }'),
    objectOf(() => ({ toDays: required(FUNCTION) }), 'an object { toDays }'),
  ),
  finishWithinDays: NUMBER,
  budgetUsd: NUMBER,
  probability: NUMBER,
};

export const MACHINE: PropSchema<Machine> = {
  cloud: required(oneOf(['aws', 'google', 'azure', 'alicloud'])),
  name: required(STRING),
  chip: required(
    oneOf([
      'A100-40',
      'T4',
      'A10',
      'A10G',
      'L4',
      'L20',
      'L40S',
      'RTXPRO4500',
      'RTXPRO6000',
      'A100-80',
      'A100-80-PCIe',
      'H100',
      'H100-PCIe',
      'H100-NVL',
      'H800',
      'H200',
      'H200-NVL',
      'ALI-HOPPER-96',
      'ALI-BLACKWELL-48',
      'ALI-BLACKWELL-72',
      'B200',
      'GB200',
      'B300',
      'GB300',
      'MI300X',
      'MI325X',
      'MI350X',
      'MI355X',
      'Inferentia2',
      'Trainium1',
      'Trainium2',
      'Trainium3',
      'TPU v4',
      'TPU v5e',
      'TPU v5p',
      'TPU v6e',
      'TPU7x',
    ]),
  ),
  accelerators: required(NUMBER),
  acceleratorMemoryGiB: required(NUMBER),
  vcpus: NUMBER,
  memoryGiB: NUMBER,
  arch: required(oneOf(['amd64', 'arm64'])),
  rdma: required(BOOLEAN),
  fabricGbps: NUMBER,
  scaleUpDomain: required(NUMBER),
  domainNodes: listOf(NUMBER),
  localNvmeGB: NUMBER,
  note: STRING,
  unverified: STRING,
};

export const OPTIONS_PROPS: PropSchema<OptionsProps> = {
  clouds: listOf(oneOf(['aws', 'google', 'azure', 'alicloud'])),
  markets: listOf(PRICE_MARKET),
  regions: listOf(STRING),
  prices: PRICES,
  rankBy: oneOf(['cost', 'time']),
};

export const PLANNED_BATCH_WORK: PropSchema<PlannedBatchWork> = {
  finishWithinHours: NUMBER,
  budgetUsd: NUMBER,
  load: required(SERVING_LOAD),
  requests: required(NUMBER),
};

export const PRICE_OVERRIDE: PropSchema<PriceOverride> = {
  machine: required(STRING),
  market: required(PRICE_MARKET),
  usdPerHour: required(NUMBER),
  cloud: oneOf(['aws', 'google', 'azure', 'alicloud']),
  region: STRING,
  date: STRING,
  source: STRING,
};

export const REPLICA_LIMITS: PropSchema<ReplicaLimits> = {
  minReplicas: required(NUMBER),
  maxReplicas: required(NUMBER),
};

export const SERVING_LOAD_PROPS: PropSchema<ServingLoadProps> = {
  model: required(MODEL_SPEC),
  inputTokens: required(NUMBER),
  outputTokens: required(NUMBER),
  requestsPerSecond: NUMBER,
  concurrency: NUMBER,
  serviceLevel: oneOf([
    'mlperf-8b',
    'mlperf-8b-interactive',
    'mlperf-70b',
    'mlperf-70b-interactive',
    'mlperf-405b',
    'mlperf-405b-interactive',
    'mlperf-deepseek-r1',
  ]),
  ttftMs: NUMBER,
  tpotMs: NUMBER,
  percentile: NUMBER,
  weightPrecision: PRECISION,
  kvPrecision: PRECISION,
};

export const SERVING_PLAN_PROPS: PropSchema<ServingPlanProps> = {
  load: required(SERVING_LOAD),
  acceleratorsPerReplica: NUMBER,
  replicas: NUMBER,
  derate: NUMBER,
  wideExperts: BOOLEAN,
  machine: required(objectOf(() => MACHINE, 'an object { cloud, name, chip, accelerators, … }')),
  market: PRICE_MARKET,
  region: STRING,
  storage: objectOf(() => DECLARED_STORAGE, 'an object { throughputMBps, sizeGiB }'),
  prices: PRICES,
  spotNodeLifeHours: NUMBER,
};

export const STORAGE_SIZING: PropSchema<StorageSizing> = {
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
};

export const TRAINING_PLAN_PROPS: PropSchema<TrainingPlanProps> = {
  job: required(TRAINING_JOB),
  nodes: required(NUMBER),
  machine: required(objectOf(() => MACHINE, 'an object { cloud, name, chip, accelerators, … }')),
  market: PRICE_MARKET,
  region: STRING,
  storage: objectOf(() => DECLARED_STORAGE, 'an object { throughputMBps, sizeGiB }'),
  prices: PRICES,
  spotNodeLifeHours: NUMBER,
};
