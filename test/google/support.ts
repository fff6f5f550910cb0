import type { TerraformStack } from 'cdktf';
import {
  AcceleratorNetworks,
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  GoogleMachine,
} from 'ai-infra-constructs/google';
import { type Json, newStack, resourcesOf, theOnly } from '../terraform/resources';

export { codesOf, problemsOf, refusalsOf, told } from '../refusals';
export { type Json, newStack, resourcesOf, theOnly } from '../terraform/resources';

export const ZONE = 'us-central1-b';
export const CLUSTER = { name: 'research', location: 'us-central1' };

/** A pool in a stack of its own, with the networks that its machine needs. */
export function synthPool(props: Partial<AcceleratorNodePoolProps> = {}): {
  stack: TerraformStack;
  pool: AcceleratorNodePool;
  resource: Json;
} {
  const stack = newStack();
  const { machine = GoogleMachine.A3_ULTRAGPU_8G, zone = ZONE } = props;
  const networks =
    machine.networks.length > 0 ? new AcceleratorNetworks(stack, 'Networks', { machine, zone }) : undefined;
  const nodes = machine.isTpu ? undefined : 2;
  const pool = new AcceleratorNodePool(stack, 'Nodes', { cluster: CLUSTER, machine, zone, nodes, networks, ...props });
  return { stack, pool, resource: theOnly(stack, 'google_container_node_pool') };
}

/** Whether a node pool comes after the nodes of the system. */
export function waitsForSystemNodes(stack: TerraformStack, name: string): boolean {
  const pools = Object.values(resourcesOf(stack, 'google_container_node_pool'));
  const { depends_on: after } = pools.find((pool) => pool.name === name) as { depends_on: string[] };
  return after.some((one) => /^google_container_node_pool\..*_System_/.test(one));
}
