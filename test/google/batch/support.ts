import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import { BatchInference, type BatchInferenceProps, GoogleMachine, ServingModel } from 'ai-infra-constructs/google';
import type { TerraformStack } from 'cdktf';
import { newStack, ZONE } from '../support';

export const SHA = 'c0ffee00'.repeat(8);

/** What a test changes of the props. */
export type Changes = Partial<BatchInferenceProps>;

/** A model of the hub. */
export function hub(sizeGiB = 15.3): ServingModel {
  return ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: '0123456789'.repeat(4), sizeGiB });
}

/** Requests that one container has 256 of at once. */
export const LOAD = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 300,
  concurrency: 256,
  weightPrecision: 'fp8',
});

/** The same in a precision that nobody published a run in. */
export const UNMEASURED = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 300,
  concurrency: 256,
});

export const PROPS: BatchInferenceProps = {
  zone: ZONE,
  machine: GoogleMachine.G2_STANDARD_24,
  mostMachines: 4,
  model: hub(),
  input: { name: 'requests' },
  inputPrefix: 'requests/2026/',
  results: { name: 'results' },
};

/** A workflow in a stack of its own. */
export function synth(changes: Changes = {}): { stack: TerraformStack; inference: BatchInference } {
  const stack = newStack();
  return { stack, inference: new BatchInference(stack, 'Ranking', { ...PROPS, ...changes }) };
}
