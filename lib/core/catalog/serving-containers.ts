/** A model server, and what it requires of the service that runs it. */
export interface ServingContainerRow {
  readonly title: string;
  /** Port on SageMaker, and the path that returns 200 when the server is ready. */
  readonly port: number;
  readonly healthPath: string;
  readonly invocationPath: string;
  /** Folder that SageMaker copies the model to before the container starts. */
  readonly modelPath: string;
  /** Start time in seconds, without loading weights. A generous estimate of ours: no publisher states it. */
  readonly startupSeconds: number;
  /** How processes in the container share memory: through `/dev/shm`, with a setting of the server, or not at all. */
  readonly sharedMemory: 'dev-shm' | 'setting' | 'none';
  /** Accelerator vendors of its published images. */
  readonly accelerators: readonly ('NVIDIA' | 'AWS')[];
  /** Day on which it was archived. @default - it is maintained */
  readonly archivedSince?: string;
  readonly source: string;
}

const CONTRACT = { port: 8080, healthPath: '/ping', invocationPath: '/invocations', modelPath: '/opt/ml/model' } as const;

/**
 * Model servers with images from AWS. SageMaker defines the ports and paths: developer guide, "Custom Inference Code with Hosting
 * Services". Read 2026-11-25.
 */
export const SERVING_CONTAINERS = {
  vllm: { title: 'vLLM', ...CONTRACT, startupSeconds: 300, sharedMemory: 'dev-shm', accelerators: ['NVIDIA'], source: 'https://aws.github.io/deep-learning-containers/vllm/configuration/' },
  lmi: { title: 'DJL Large Model Inference', ...CONTRACT, startupSeconds: 300, sharedMemory: 'dev-shm', accelerators: ['NVIDIA', 'AWS'], source: 'https://docs.djl.ai/docs/serving/serving/docs/lmi/deployment_guide/configurations.html' },
  triton: { title: 'Triton Inference Server', ...CONTRACT, startupSeconds: 120, sharedMemory: 'setting', accelerators: ['NVIDIA'], source: 'triton-inference-server/server, docker/sagemaker/serve' },
  tensorFlowServing: { title: 'TensorFlow Serving', ...CONTRACT, startupSeconds: 60, sharedMemory: 'none', accelerators: ['NVIDIA'], source: 'aws/sagemaker-tensorflow-serving-container, docker/build_artifacts/sagemaker/serve.py' },
  torchServe: { title: 'TorchServe', ...CONTRACT, startupSeconds: 120, sharedMemory: 'none', accelerators: ['NVIDIA', 'AWS'], archivedSince: '2025-08-07', source: 'https://github.com/pytorch/serve' },
  own: { title: 'your own container', ...CONTRACT, startupSeconds: 240, sharedMemory: 'none', accelerators: ['NVIDIA', 'AWS'], source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html' },
} as const satisfies Record<string, ServingContainerRow>;

/** The short name of a model server. */
export type ServingContainerName = keyof typeof SERVING_CONTAINERS;
