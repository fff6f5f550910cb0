// Limits of SageMaker hosting. Sources, read 2026-11-25:
// - botocore 1.44.8, sagemaker 2017-07-24: names, variants, timeouts, volume, serverless, async, routing, batches, waits, environment
// - SageMaker developer guide, "Serverless Inference", feature exclusions
// - SageMaker developer guide, "Asynchronous inference": payload, time to live, processing time
// - SageMaker developer guide, "Real-time inference": body of a request, time to answer
export const SAGEMAKER_HOSTING = {
  /** Characters of the name of an endpoint, a variant, a model or an inference component. */
  mostNameCharacters: 63,
  variants: { least: 1, most: 10 },
  /** Of the download of a model, and of the first healthy answer of its container. */
  timeoutSeconds: { least: 60, most: 3_600 },
  /** Of machines without local disks; 30 where none is asked for. */
  volumeGB: { least: 1, most: 512 },
  /** CloudWatch alarms that may roll an update back. */
  rollbackAlarms: { least: 1, most: 10 },
  rollingPercent: { least: 5, most: 50 },
  canaryPercent: { least: 1, most: 50 },
  linearPercent: { least: 10, most: 50 },
  waitSeconds: { least: 0, most: 3_600 },
  /** Bytes of a prompt that decide where it goes. */
  prefixLength: { least: 1_024, most: 65_536 },
  prefixConcurrency: { least: 1, most: 1_024 },
  /** The service also takes 0, which captures nothing. */
  capturePercent: { least: 1, most: 100 },
  asyncConcurrency: { least: 1, most: 1_000 },
  serverlessMemoryMiB: [1_024, 2_048, 3_072, 4_096, 5_120, 6_144],
  serverlessConcurrency: { least: 1, most: 200 },
  environment: { mostEntries: 100, mostCharacters: 1_024 },
  /** The service states no upper bound. */
  componentMemoryMiB: { least: 128 },
} as const satisfies Record<string, unknown>;

/** Regions where an endpoint without instances was refused: one report, hashicorp/terraform-provider-aws#40606. */
export const NO_SCALE_TO_ZERO_REGIONS: readonly string[] = ['eu-west-3'];

/** The system of an instance: driver and CUDA decide which containers run. */
export interface InferenceAmiRow {
  readonly accelerators: 'NVIDIA' | 'AWS';
  /** Version of the NVIDIA or Neuron driver. */
  readonly driver: string;
  /** The newest CUDA that containers may use. @default - it has none */
  readonly cuda?: string;
}

// Source: botocore 1.44.8, sagemaker 2017-07-24, ProductionVariant.InferenceAmiVersion; read 2026-11-25.
export const INFERENCE_AMIS = {
  'al2-ami-sagemaker-inference-gpu-2': { accelerators: 'NVIDIA', driver: '535', cuda: '12.2' },
  'al2-ami-sagemaker-inference-gpu-2-1': { accelerators: 'NVIDIA', driver: '535', cuda: '12.2' },
  'al2-ami-sagemaker-inference-gpu-3-1': { accelerators: 'NVIDIA', driver: '550', cuda: '12.4' },
  'al2023-ami-sagemaker-inference-gpu-4-1': { accelerators: 'NVIDIA', driver: '580', cuda: '13.0' },
  'al2-ami-sagemaker-inference-neuron-2': { accelerators: 'AWS', driver: '2.19' },
} as const satisfies Record<string, InferenceAmiRow>;

/** The name of a system for instances. */
export type InferenceAmi = keyof typeof INFERENCE_AMIS;
