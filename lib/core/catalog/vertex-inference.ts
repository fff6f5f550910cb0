/*
 * What Vertex AI takes for online inference.
 *
 * Sources: documentation of the provider, google 6.50.0, vertex_ai_endpoint_with_model_garden_deployment and vertex_ai_endpoint; the enum
 * AcceleratorType of google-cloud-ai_platform-v1 1.40.0 for RTX PRO 6000; limits of requests from cloud.google.com
 * vertex-ai/docs/predictions/choose-endpoint-type and create-public-endpoint. Read 2026-11-26.
 */

/** What Vertex AI calls an accelerator, by the name that Compute Engine gives it. TPUs have none: machine and topology say it. */
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

/** Chips of TPU machines that Vertex AI serves on, one machine a replica. Source: vertex-ai/docs/predictions/use-tpu. */
export const VERTEX_TPUS = ['TPU v5e', 'TPU v6e'] as const;

/**
 * What an endpoint takes, by how it is reached. A dedicated one waits up to an hour where `clientConnectionConfig` says so, which the provider
 * does not know: without it, ten minutes.
 */
export const VERTEX_ENDPOINTS = {
  shared: { requestMB: 1.5, timeoutSeconds: 60, streams: false },
  dedicated: { requestMB: 10, timeoutSeconds: 600, streams: true },
} as const;

export const VERTEX_INFERENCE = {
  /** Limit of `deployment_timeout`. */
  deploymentSeconds: 7200,
  /** What the provider waits for a deployment: mmv1/products/vertexai/EndpointWithModelGardenDeployment.yaml. */
  createMinutes: 180,
  /** Share of the accelerators' time at which replicas are added, where nothing is stated. */
  acceleratorUsePercent: 60,
  /** An endpoint has a name of digits alone, the first of them no zero. */
  endpointNameDigits: 10,
} as const;
