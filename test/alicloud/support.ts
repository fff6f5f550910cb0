import {
  ControlPlane,
  type ControlPlaneAttributes,
  type IAckCluster,
  type IMlNetwork,
  MlNetwork,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { newStack } from '../terraform/resources';

export { codesOf, problemsOf, refusalsOf } from '../refusals';
export { type Json, newStack, resourcesOf, theOnly } from '../terraform/resources';

/** A stack with a provider. */
export function stackIn(region = 'cn-hangzhou'): TerraformStack {
  const stack = newStack();
  new AlicloudProvider(stack, 'Alicloud', { region });
  return stack;
}

export const ZONE = 'cn-hangzhou-i';

/** An existing network with vSwitches for nodes and pods in two zones. */
export function existingNetwork(scope: Construct, id = 'Existing'): IMlNetwork {
  return MlNetwork.fromMlNetworkAttributes(scope, id, {
    vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
    region: 'cn-hangzhou',
    securityGroupId: 'sg-bp1fg655nh68xyz90000',
    vswitches: ['i', 'j'].map((zone) => ({ zone: `cn-hangzhou-${zone}`, vswitchId: `vsw-bp12mw1f8k3jgnodes${zone}` })),
    podVswitches: ['i', 'j'].map((zone) => ({
      zone: `cn-hangzhou-${zone}`,
      vswitchId: `vsw-bp12mw1f8k3jgpods${zone}`,
    })),
    serviceCidr: '172.21.0.0/20',
  });
}

/** An existing cluster in an existing network. */
export function existingCluster(scope: Construct, attributes: Partial<ControlPlaneAttributes> = {}): IAckCluster {
  return ControlPlane.fromControlPlaneAttributes(scope, 'Cluster', {
    clusterId: `c${'0123456789abcdef'.repeat(2)}`,
    network: existingNetwork(scope),
    ...attributes,
  });
}
