import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  GoogleMachine,
  KubernetesInference,
  type KubernetesInferenceProps,
  type KubernetesManifest,
  ServingModel,
} from 'ai-infra-constructs/google';
import type { TerraformStack } from 'cdktf';
import { newStack, ZONE } from '../support';

export const SHA = 'c0ffee00'.repeat(8);
export const REVISION = '0123456789'.repeat(4);

/** Props that a test changes. */
export type Changes = Partial<KubernetesInferenceProps>;

/** A model of the hub. */
export function hub(sizeGiB = 15.3): ServingModel {
  return ServingModel.huggingFace('Qwen/Qwen3-8B', { revision: REVISION, sizeGiB });
}

/** A load that one small replica can handle. */
export function chat(model = ModelSpec.LLAMA_3_1_8B): ServingLoad {
  return ServingLoad.of({ model, inputTokens: 1500, outputTokens: 300, requestsPerSecond: 2 });
}

/** A model on GKE, in a separate stack. */
export function synth(changes: Changes = {}): { stack: TerraformStack; inference: KubernetesInference } {
  const stack = newStack();
  const props = { machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub(), ...changes };
  return { stack, inference: new KubernetesInference(stack, 'Chat', props) };
}

/** Returns the objects of a model, with variables. */
export function objectsOf(changes: Changes = {}): readonly KubernetesManifest[] {
  return synth(changes).inference.bundle.manifests;
}

/** Returns the only object of a kind, optionally with a name. */
export function objectOf(objects: readonly KubernetesManifest[], kind: string, name?: string): KubernetesManifest {
  const found = objects.filter((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  expect(found.map(({ metadata }) => metadata.name)).toHaveLength(1);
  return found[0]!;
}
