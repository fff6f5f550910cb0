import { findingsOf, ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import { GardenModel, GoogleMachine, InferenceEndpoint, type InferenceEndpointProps } from 'ai-infra-constructs/google';
import type { IConstruct } from 'constructs';
import { newStack, theOnly } from '../support';

/** A load for a model with 8 billion parameters. */
export function loadOf(props: Partial<ServingLoadProps> = {}): ServingLoad {
  return ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 5,
    ...props,
  });
}

export const DEPLOYMENT = 'google_vertex_ai_endpoint_with_model_garden_deployment';

/** An endpoint in a separate stack. */
export function synthEndpoint(props: Partial<InferenceEndpointProps> = {}) {
  const stack = newStack();
  const endpoint = new InferenceEndpoint(stack, 'Chat', {
    region: 'us-central1',
    model: GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it', { acceptEula: true }),
    machine: GoogleMachine.G2_STANDARD_48,
    ...props,
  });
  return { stack, endpoint, resource: theOnly(stack, DEPLOYMENT) };
}

export function idsOf(construct: IConstruct): string[] {
  return findingsOf(construct).map(({ id }) => id);
}
