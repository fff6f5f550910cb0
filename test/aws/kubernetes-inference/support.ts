import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import {
  AwsMachine,
  DataBucket,
  DataPurpose,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  type KubernetesManifest,
  ModelArtifact,
  ServingModel,
} from 'ai-infra-constructs/aws';
import type { Json } from '../support';

export const PRICED: StackProps = { env: { account: '111122223333', region: 'us-east-1' } };

/** A load that a few replicas of Llama 3.1 8B bear. */
export function chat(props: Partial<ServingLoadProps> = {}): ServingLoad {
  return ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 5,
    ...props,
  });
}

/** The weights of that model, in a bucket. */
export function artifact(stack: Stack, sizeGB = 16, name = 'Models'): ServingModel {
  const bucket = new DataBucket(stack, name, { purpose: DataPurpose.MODELS });
  return ServingModel.artifact(
    ModelArtifact.files({ bucket, prefix: 'chat/v3/', version: 'v3', sizeGB, sha256: 'a'.repeat(64) }),
  );
}

/** The weights on the hub, which need no bucket. */
export function hub(sizeGiB = 15): ServingModel {
  return ServingModel.huggingFace('meta-llama/Llama-3.1-8B', { revision: 'b'.repeat(40), sizeGiB });
}

export type Changes = Partial<KubernetesInferenceProps>;

/** A model on EKS in a stack of its own; someone else installs, which is the quicker way. */
export function inference(
  changes: Changes = {},
  stackProps: StackProps = PRICED,
  app = new App(),
): KubernetesInference {
  return new KubernetesInference(new Stack(app, 'Test', stackProps), 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: hub(),
    installation: Installation.gitOps(),
    ...changes,
  });
}

/** The Kubernetes object of a kind. */
export function objectOf(of: KubernetesInference, kind: string, name?: string): KubernetesManifest {
  const found = of.bundle.manifests.find(
    (one) => one.kind === kind && (name === undefined || one.metadata.name === name),
  );
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

/** Properties of the resources of a type. */
export function resourcesOf(of: KubernetesInference, type: string): Record<string, Json>[] {
  const found = Template.fromStack(Stack.of(of)).findResources(type);
  return Object.values(found).map(({ Properties }) => Properties ?? {});
}
