// Limits of SageMaker hosting. Sources, read 2026-11-25:
// - botocore 1.44.8, sagemaker 2017-07-24: names, variants, timeouts, volume, serverless, async, routing, batches, waits, environment
// - SageMaker developer guide, "Serverless Inference", feature exclusions
// - SageMaker developer guide, "Asynchronous inference": payload, time to live, processing time
// - SageMaker developer guide, "Real-time inference": body of a request, time to answer
export const SAGEMAKER_HOSTING = {
  /** Characters in the name of an endpoint, variant, model or inference component. */
  maxNameCharacters: 63,
  variants: { min: 1, max: 10 },
  /** Timeout of the model download, and of the first passing health check of the container. */
  timeoutSeconds: { min: 60, max: 3_600 },
  /** Volume of machines without local disks. The default is 30. */
  volumeGB: { min: 1, max: 512 },
  /** CloudWatch alarms that can roll back an update. */
  rollbackAlarms: { min: 1, max: 10 },
  rollingPercent: { min: 5, max: 50 },
  canaryPercent: { min: 1, max: 50 },
  linearPercent: { min: 10, max: 50 },
  waitSeconds: { min: 0, max: 3_600 },
  /** Bytes of the prompt prefix that determine its route. */
  prefixLength: { min: 1_024, max: 65_536 },
  prefixConcurrency: { min: 1, max: 1_024 },
  /** The service also accepts 0, which captures nothing. */
  capturePercent: { min: 1, max: 100 },
  asyncConcurrency: { min: 1, max: 1_000 },
  serverlessMemoryMiB: [1_024, 2_048, 3_072, 4_096, 5_120, 6_144],
  serverlessConcurrency: { min: 1, max: 200 },
  environment: { maxEntries: 100, maxCharacters: 1_024 },
  /** The service documents no maximum. */
  componentMemoryMiB: { min: 128 },
} as const satisfies Record<string, unknown>;

/** Regions that rejected an endpoint with zero instances, in one report: hashicorp/terraform-provider-aws#40606. */
export const NO_SCALE_TO_ZERO_REGIONS: readonly string[] = ['eu-west-3'];

/** The AMI of an instance. Its driver and CUDA version determine which containers run. */
export interface InferenceAmiRow {
  readonly accelerators: 'NVIDIA' | 'AWS';
  /** Version of the NVIDIA or Neuron driver. */
  readonly driver: string;
  /** Newest CUDA version that containers can use. @default - no CUDA */
  readonly cuda?: string;
}

// Source: botocore 1.44.8, sagemaker 2017-07-24, ProductionVariant.InferenceAmiVersion; read 2026-11-25.
/** The inference AMIs of SageMaker, by name. */
export const INFERENCE_AMIS = {
  'al2-ami-sagemaker-inference-gpu-2': { accelerators: 'NVIDIA', driver: '535', cuda: '12.2' },
  'al2-ami-sagemaker-inference-gpu-2-1': { accelerators: 'NVIDIA', driver: '535', cuda: '12.2' },
  'al2-ami-sagemaker-inference-gpu-3-1': { accelerators: 'NVIDIA', driver: '550', cuda: '12.4' },
  'al2023-ami-sagemaker-inference-gpu-4-1': { accelerators: 'NVIDIA', driver: '580', cuda: '13.0' },
  'al2-ami-sagemaker-inference-neuron-2': { accelerators: 'AWS', driver: '2.19' },
} as const satisfies Record<string, InferenceAmiRow>;

/** Driver of the instances that have no AMI of their own choice. */
export type DefaultDriver = Pick<InferenceAmiRow, 'driver' | 'cuda'>;

const DRIVER_470: DefaultDriver = { driver: '470', cuda: '11.4' };
const DRIVER_535: DefaultDriver = { driver: '535', cuda: '12.2' };
const DRIVER_550: DefaultDriver = { driver: '550', cuda: '12.4' };

// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-gpu-drivers.html, real-time inference; read 2026-11-28.
/** Drivers of SageMaker endpoints without an inference AMI, by machine family. AWS does not publish them for the other families. */
export const DEFAULT_DRIVERS: Readonly<Record<string, DefaultDriver>> = {
  g4dn: DRIVER_470,
  g5: DRIVER_470,
  p4d: DRIVER_470,
  p4de: DRIVER_470,
  g6: DRIVER_535,
  p5: DRIVER_535,
  p5e: DRIVER_550,
  p5en: DRIVER_550,
};

/** The name of an AMI for instances. */
export type InferenceAmi = keyof typeof INFERENCE_AMIS;
