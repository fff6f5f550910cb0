import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ModelSpec, Prices, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import {
  acceptRules,
  acknowledge,
  AwsMachine,
  Capacity,
  DataBucket,
  DataPurpose,
  Installation,
  KubernetesInference,
  type KubernetesInferenceProps,
  type KubernetesManifest,
  ModelArtifact,
  ServingIngress,
  ServingModel,
  ServingScaling,
} from 'ai-infra-constructs/aws';
import type { Json } from '../support';

export const PRICED: StackProps = { env: { account: '111122223333', region: 'us-east-1' } };

/** A load for a few replicas of Llama 3.1 8B. */
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

/** The weights on the Hugging Face Hub, without a bucket. */
export function hub(sizeGiB = 15): ServingModel {
  return ServingModel.huggingFace('meta-llama/Llama-3.1-8B', { revision: 'b'.repeat(40), sizeGiB });
}

export type Changes = Partial<KubernetesInferenceProps>;

/** A model on EKS in a separate stack. GitOps is faster to synthesize. */
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

/** A model behind a load balancer, installed by the deployment, with some changes. */
export function serve(app: App, changes: Changes = {}): { stack: Stack; inference: KubernetesInference } {
  const stack = new Stack(app, 'Test', PRICED);
  const certificate = Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:us-east-1:111122223333:certificate/1');
  const inference = new KubernetesInference(stack, 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: artifact(stack),
    load: chat(),
    scaling: ServingScaling.keda({ maxReplicas: 6 }),
    ingress: ServingIngress.internalLoadBalancer({ certificate }),
    ...changes,
  });
  acknowledge(inference, 'evidence/no-measurement', 'A load test of one replica comes first.');
  acceptRules(stack);
  return { stack, inference };
}

/** Changes for spot capacity. */
export const SPOT: Changes = {
  capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
  prices: Prices.of([{ machine: 'g6e.12xlarge', market: 'spot', usdPerHour: 4 }]),
};
