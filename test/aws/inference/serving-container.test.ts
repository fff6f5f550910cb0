import { Duration, Size } from 'aws-cdk-lib';
import { ServingContainer } from 'ai-infra-constructs/aws';
import { IMAGE } from './endpoint-support';

const image = IMAGE;

describe('the environment of a container', () => {
  test('of vLLM sets its flags and a tensor parallel size equal to the accelerators', () => {
    const container = ServingContainer.vllm({ image, maxModelLength: 8192, maxSequences: 64, memoryShare: 0.85 });
    expect(container.environment({ accelerators: 4 })).toEqual({
      SM_VLLM_MODEL: '/opt/ml/model',
      SM_VLLM_TENSOR_PARALLEL_SIZE: '4',
      SM_VLLM_MAX_MODEL_LEN: '8192',
      SM_VLLM_MAX_NUM_SEQS: '64',
      SM_VLLM_GPU_MEMORY_UTILIZATION: '0.85',
    });
  });

  test('of Large Model Inference lets DJL count accelerators and choose how to run vLLM', () => {
    expect(ServingContainer.lmi({ image, maxSequences: 16 }).environment({ accelerators: 12 })).toEqual({
      HF_MODEL_ID: '/opt/ml/model',
      OPTION_TENSOR_PARALLEL_DEGREE: 'max',
      OPTION_MAX_ROLLING_BATCH_SIZE: '16',
      SERVING_FAIL_FAST: 'true',
    });
  });

  test('of Triton sets the shared memory of its processes, and does not log requests', () => {
    const container = ServingContainer.triton({
      image,
      modelName: 'ranker',
      sharedMemory: Size.mebibytes(64),
      sharedMemoryGrowth: Size.mebibytes(8),
    });
    expect(container.environment({ accelerators: 1 })).toEqual({
      SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: 'ranker',
      SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: String(64 * 2 ** 20),
      SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE: String(8 * 2 ** 20),
      SAGEMAKER_TRITON_LOG_VERBOSE: '0',
    });
  });

  test('of TensorFlow Serving enables batching if a batch size is set', () => {
    const container = ServingContainer.tensorFlowServing({
      image,
      maxBatchSize: 32,
      batchTimeout: Duration.millis(0.5),
    });
    expect(container.environment({})).toEqual({
      SAGEMAKER_TFS_ENABLE_BATCHING: 'true',
      SAGEMAKER_TFS_MAX_BATCH_SIZE: '32',
      SAGEMAKER_TFS_BATCH_TIMEOUT_MICROS: '500',
    });
    expect(ServingContainer.tensorFlowServing({ image, modelName: 'half' }).environment({})).toEqual({
      SAGEMAKER_TFS_DEFAULT_MODEL_NAME: 'half',
    });
  });

  test('of TorchServe sets the number of processes', () => {
    const container = ServingContainer.torchServe({
      image,
      workers: 2,
      maxBatchSize: 4,
      batchDelay: Duration.millis(20),
    });
    expect(container.environment({ accelerators: 1 })).toEqual({
      SAGEMAKER_TS_BATCH_SIZE: '4',
      SAGEMAKER_TS_MAX_BATCH_DELAY: '20',
      SAGEMAKER_TS_MIN_WORKERS: '2',
      SAGEMAKER_TS_MAX_WORKERS: '2',
    });
  });

  test('gives precedence to the variables of the user', () => {
    const environment = { SM_VLLM_TENSOR_PARALLEL_SIZE: '2', SM_VLLM_ENFORCE_EAGER: 'true' };
    expect(ServingContainer.vllm({ image, environment }).environment({ accelerators: 4 })).toMatchObject(environment);
  });
});

test('a custom container has its own startup time', () => {
  expect(ServingContainer.of({ image, startupTime: Duration.minutes(15) }).startupSeconds).toBe(900);
  expect(ServingContainer.of({ image }).startupSeconds).toBe(240);
});
