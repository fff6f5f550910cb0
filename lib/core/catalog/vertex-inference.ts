/*
 * Limits of Vertex AI for online inference. Sources, read 2026-11-26:
 * - documentation of the provider, google 6.50.0: vertex_ai_endpoint_with_model_garden_deployment and vertex_ai_endpoint
 * - google-cloud-ai_platform-v1 1.40.0, enum AcceleratorType: RTX PRO 6000
 * - cloud.google.com vertex-ai/docs/predictions/choose-endpoint-type and create-public-endpoint: limits of requests
 */

/** The Vertex AI name of each accelerator, by its Compute Engine name. TPUs have no such name, only a machine and a topology. */
export const VERTEX_ACCELERATORS = {
  'nvidia-l4': 'NVIDIA_L4',
  'nvidia-tesla-a100': 'NVIDIA_TESLA_A100',
  'nvidia-a100-80gb': 'NVIDIA_A100_80GB',
  'nvidia-h100-80gb': 'NVIDIA_H100_80GB',
  'nvidia-h100-mega-80gb': 'NVIDIA_H100_MEGA_80GB',
  'nvidia-h200-141gb': 'NVIDIA_H200_141GB',
  'nvidia-b200': 'NVIDIA_B200',
  'nvidia-rtx-pro-6000': 'NVIDIA_RTX_PRO_6000',
} as const;

/** TPU chips that Vertex AI supports, with one machine per replica. Source: vertex-ai/docs/predictions/use-tpu. */
export const VERTEX_TPUS = ['TPU v5e', 'TPU v6e'] as const;

/**
 * Request limits by kind of endpoint. With `clientConnectionConfig`, a dedicated endpoint can wait up to an hour. The Terraform provider
 * does not support it, so the limit is ten minutes.
 */
export const VERTEX_ENDPOINTS = {
  shared: { requestMB: 1.5, timeoutSeconds: 60, streams: false },
  dedicated: { requestMB: 10, timeoutSeconds: 600, streams: true },
} as const;

export const VERTEX_INFERENCE = {
  /** Limit of `deployment_timeout`. */
  deploymentSeconds: 7200,
  /** Time that the provider waits for a deployment: mmv1/products/vertexai/EndpointWithModelGardenDeployment.yaml. */
  createMinutes: 180,
  /** Default accelerator utilization at which replicas are added. */
  targetUtilizationPercent: 60,
  /** The name of an endpoint has only digits, and does not start with 0. */
  endpointNameDigits: 10,
} as const;
