import { App, TerraformStack, Testing } from 'cdktf';

/** What a synthesized stack holds, as JSON gives it. */
export type Json = ReturnType<typeof JSON.parse>;

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
