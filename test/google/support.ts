import { App, TerraformStack, Testing } from 'cdktf';
import { AiInfraError, type ErrorCode } from 'ai-infra-constructs';
import {
  AcceleratorNetworks,
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  GoogleMachine,
} from 'ai-infra-constructs/google';

/** What a synthesized stack holds, as JSON gives it. */
export type Json = ReturnType<typeof JSON.parse>;

export const ZONE = 'us-central1-b';
export const CLUSTER = { name: 'research', location: 'us-central1' };

/** A stack of its own. */
export function newStack(id = 'Test'): TerraformStack {
  return new TerraformStack(new App(), id);
}

/** The resources of a type, by their address in the stack. */
export function resourcesOf(stack: TerraformStack, type: string): Record<string, Json> {
  const { resource = {} } = JSON.parse(Testing.synth(stack)) as { resource?: Record<string, Record<string, Json>> };
  return resource[type] ?? {};
}

/** The only resource of a type. */
export function theOnly(stack: TerraformStack, type: string): Json {
  const found = Object.values(resourcesOf(stack, type));
  expect(found).toHaveLength(1);
  return found[0];
}

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

/** The problems that a piece of code refuses its input with. */
export function problemsOf(
  run: () => unknown,
): { code: ErrorCode; prop: string; allowed: string; got: unknown; fix: string }[] {
  try {
    run();
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return [...error.problems];
  }
  throw new Error('nothing was refused');
}

/** The codes of these problems. */
export function codesOf(run: () => unknown): ErrorCode[] {
  return problemsOf(run).map(({ code }) => code);
}
