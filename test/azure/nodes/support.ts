import {
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  AzureMachine,
  InfinibandFeature,
} from 'ai-infra-constructs/azure';
import type { TerraformStack } from 'cdktf';
import { type Json, newStack, resourcesOf } from '../support';

export const CLUSTER = {
  id: '/subscriptions/s/resourceGroups/ml/providers/Microsoft.ContainerService/managedClusters/research',
  resourceGroup: { name: 'ml', location: 'swedencentral' },
  nodeSubnetId: '/subscriptions/s/resourceGroups/ml/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes',
  principalId: '0f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10',
};

/** The InfiniBand feature state that a machine requires. */
export function featureFor({ spec }: AzureMachine): InfinibandFeature | undefined {
  if (spec?.aksInfinibandFeature === undefined) return undefined;
  return spec.aksInfinibandFeature === 'register' ? InfinibandFeature.REGISTERED : InfinibandFeature.UNREGISTERED;
}

/** A pool in its own stack. */
export function synthPool(props: Partial<AcceleratorNodePoolProps> = {}): {
  stack: TerraformStack;
  pool: AcceleratorNodePool;
  /** The azurerm resource, if azurerm creates the pool. */
  resource: Json;
  /** The azapi resource, if azapi creates the pool. */
  azapi: Json;
  /** Its body. */
  body: Json;
} {
  const stack = newStack();
  const { machine = AzureMachine.ND96ISR_H100_V5 } = props;
  const infinibandFeature = featureFor(machine);
  const pool = new AcceleratorNodePool(stack, 'Nodes', {
    cluster: CLUSTER,
    machine,
    nodes: 2,
    infinibandFeature,
    ...props,
  });
  const [resource] = Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool'));
  const made = Object.values(resourcesOf(stack, 'azapi_resource')).find(({ type }) =>
    (type as string).includes('agentPools'),
  );
  return { stack, pool, resource, azapi: made, body: made?.body };
}
