import { findingsOf, ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  DataBucket,
  EndpointModel,
  type IMlNetwork,
  InferenceEndpoint,
  type InferenceEndpointProps,
  MlNetwork,
} from 'ai-infra-constructs/alicloud';
import type { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type Json, newStack, resourcesOf } from '../../terraform/resources';

import { evaluated } from '../../terraform/support';

export { codesOf, problemsOf, refusalsOf } from '../../refusals';
export { type Json, newStack, resourcesOf, theOnly } from '../../terraform/resources';

export const SERVICE = 'alicloud_pai_service';

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

/** An existing network, once in each stack. */
export function networkIn(
  stack: TerraformStack,
  zones: readonly string[] = ['cn-hangzhou-i', 'cn-hangzhou-j'],
): IMlNetwork {
  const existing = stack.node.tryFindChild('Network') as unknown as IMlNetwork | undefined;
  if (existing) return existing;
  return MlNetwork.fromMlNetworkAttributes(stack, 'Network', {
    vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
    region: 'cn-hangzhou',
    securityGroupId: 'sg-bp1fg655nh68xyz90000',
    vswitches: zones.map((zone, index) => ({ zone, vswitchId: `vsw-bp12mw1f8k3jgygk900${index}` })),
  });
}

export function modelIn(stack: TerraformStack, prefix = 'llama-3.1-8b/v3/'): EndpointModel {
  const existing = stack.node.tryFindChild('Bucket') as ReturnType<typeof DataBucket.fromBucketName> | undefined;
  const bucket = existing ?? DataBucket.fromBucketName(stack, 'Bucket', 'my-models');
  return EndpointModel.bucket(bucket, { prefix, sizeGiB: 15 });
}

/** An endpoint in a stack of its own, and the configurations of its services. */
export function synthEndpoint(
  props: Partial<InferenceEndpointProps> | ((stack: TerraformStack) => Partial<InferenceEndpointProps>) = {},
) {
  const stack = newStack();
  const endpoint = new InferenceEndpoint(stack, 'Chat', {
    network: networkIn(stack),
    machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
    models: { chat: { model: modelIn(stack) } },
    ...(typeof props === 'function' ? props(stack) : props),
  });
  const services = Object.values(resourcesOf(stack, SERVICE));
  return { stack, endpoint, services, bodies: services.map((one) => bodyOf(one.service_config as string)) };
}

/** The configuration of a service. An expression becomes its text, because its value exists only at deployment. */
export function bodyOf(config: string): Json {
  return JSON.parse(evaluated(config));
}

export function idsOf(construct: IConstruct): string[] {
  return findingsOf(construct).map(({ id }) => id);
}
