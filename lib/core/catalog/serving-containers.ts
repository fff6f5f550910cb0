/** What a server of models needs of the place that it runs in. */
export interface ServingContainerRow {
  readonly title: string;
  /** Where it listens on SageMaker, and what answers 200 once it can serve. */
  readonly port: number;
  readonly healthPath: string;
  readonly invocationPath: string;
  /** Where SageMaker puts the model before the container starts. */
  readonly modelPath: string;
  /** Seconds that it takes to start, without reading weights. Our choice, generous: nobody publishes it. */
  readonly startupSeconds: number;
  /** How processes of one container share memory: through `/dev/shm`, by a setting of the server, or not at all. */
  readonly sharedMemory: 'dev-shm' | 'setting' | 'none';
  /** Vendors of accelerators that its published images run on. */
  readonly accelerators: readonly ('NVIDIA' | 'AWS')[];
  /** Since when nobody maintains it. @default - it is maintained */
  readonly archivedSince?: string;
  readonly source: string;
}

const CONTRACT = { port: 8080, healthPath: '/ping', invocationPath: '/invocations', modelPath: '/opt/ml/model' } as const;

/**
 * Servers of models that AWS publishes images of. The contract of ports and paths is SageMaker's own: developer guide, "Custom Inference
 * Code with Hosting Services". Read 2026-11-25.
 */
export const SERVING_CONTAINERS = {
  vllm: { title: 'vLLM', ...CONTRACT, startupSeconds: 300, sharedMemory: 'dev-shm', accelerators: ['NVIDIA'], source: 'https://aws.github.io/deep-learning-containers/vllm/configuration/' },
  lmi: { title: 'DJL Large Model Inference', ...CONTRACT, startupSeconds: 300, sharedMemory: 'dev-shm', accelerators: ['NVIDIA', 'AWS'], source: 'https://docs.djl.ai/docs/serving/serving/docs/lmi/deployment_guide/configurations.html' },
  triton: { title: 'Triton Inference Server', ...CONTRACT, startupSeconds: 120, sharedMemory: 'setting', accelerators: ['NVIDIA'], source: 'triton-inference-server/server, docker/sagemaker/serve' },
  tensorFlowServing: { title: 'TensorFlow Serving', ...CONTRACT, startupSeconds: 60, sharedMemory: 'none', accelerators: ['NVIDIA'], source: 'aws/sagemaker-tensorflow-serving-container, docker/build_artifacts/sagemaker/serve.py' },
  torchServe: { title: 'TorchServe', ...CONTRACT, startupSeconds: 120, sharedMemory: 'none', accelerators: ['NVIDIA', 'AWS'], archivedSince: '2025-08-07', source: 'https://github.com/pytorch/serve' },
  own: { title: 'a container of your own', ...CONTRACT, startupSeconds: 240, sharedMemory: 'none', accelerators: ['NVIDIA', 'AWS'], source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html' },
} as const satisfies Record<string, ServingContainerRow>;

/** The short name of a server of models. */
export type ServingContainerName = keyof typeof SERVING_CONTAINERS;
