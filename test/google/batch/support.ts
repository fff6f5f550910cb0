import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import { BatchInference, type BatchInferenceProps, GoogleMachine, ServingModel } from 'ai-infra-constructs/google';
import type { TerraformStack } from 'cdktf';
import { newStack, ZONE } from '../support';

export const SHA = 'c0ffee00'.repeat(8);

/** Props that a test changes. */
export type Changes = Partial<BatchInferenceProps>;

/** A model of the hub. */
export function hub(sizeGiB = 15.3): ServingModel {
  return ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB });
}

/** A load with 256 concurrent requests for each container. */
export const LOAD = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 300,
  concurrency: 256,
  weightPrecision: 'fp8',
});

/** The same load in a precision without published runs. */
export const UNMEASURED = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 300,
  concurrency: 256,
  weightPrecision: 'fp4',
});

export const PROPS: BatchInferenceProps = {
  zone: ZONE,
  machine: GoogleMachine.G2_STANDARD_24,
  maxMachines: 4,
  model: hub(),
  input: { name: 'requests' },
  inputPrefix: 'requests/2026/',
  results: { name: 'results' },
};

/** A workflow in a separate stack. */
export function synth(changes: Changes = {}): { stack: TerraformStack; inference: BatchInference } {
  const stack = newStack();
  return { stack, inference: new BatchInference(stack, 'Ranking', { ...PROPS, ...changes }) };
}
