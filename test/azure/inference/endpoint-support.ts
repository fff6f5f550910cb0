import { ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import {
  AzureMachine,
  InferenceEndpoint,
  type InferenceEndpointProps,
  ModelArtifact,
  type ServedModel,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { WORKSPACE } from '../machine-learning/support';
import { newStack } from '../support';

export const IMAGE = `research.azurecr.io/vllm@sha256:${'0'.repeat(64)}`;

/** A model with a custom server. */
export function servedModel(props: Partial<ServedModel> = {}): ServedModel {
  return {
    container: ServingContainer.image({ image: IMAGE, port: 8000 }),
    artifact: ModelArtifact.registered({ name: 'chat', version: '3', sizeGB: 16 }),
    ...props,
  };
}

/** The load of a chat. */
export function chatLoad(props: Partial<ServingLoadProps> = {}): ServingLoad {
  return ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 512,
    outputTokens: 256,
    requestsPerSecond: 20,
    ...props,
  });
}

/** An endpoint in a new stack. */
export function synthMlEndpoint(props: Partial<InferenceEndpointProps> = {}) {
  const stack = newStack();
  const endpoint = new InferenceEndpoint(stack, 'Chat', {
    workspace: WORKSPACE,
    machine: AzureMachine.NC24ADS_A100_V4,
    models: { blue: servedModel() },
    ...props,
  });
  return { stack, endpoint };
}
