import { App, TerraformResource, TerraformStack } from 'cdktf';
import { resolve } from 'cdktf/lib/_tokens';
import { invokeAspects } from 'cdktf/lib/synthesize/synthesizer';

/** What a synthesized stack holds, as JSON gives it. */
export type Json = ReturnType<typeof JSON.parse>;

/** A stack of its own. */
export function newStack(id = 'Test'): TerraformStack {
  return new TerraformStack(new App(), id);
}

/** The resources of a type, by their address in the stack. Resolves only these resources, as a synthesis of the stack takes ten times as long. */
export function resourcesOf(stack: TerraformStack, type: string): Record<string, Json> {
  invokeAspects(stack);
  const resources = stack.node
    .findAll()
    .filter((one) => TerraformResource.isTerraformResource(one))
    .filter((one) => one.cdktfStack === stack && one.terraformResourceType === type);
  const entries = resources.map((one) => [one.friendlyUniqueId, configurationOf(stack, one)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A resource as JSON gives it, without the metadata of CDK for Terraform. */
function configurationOf(stack: TerraformStack, resource: TerraformResource): Json {
  const { resource: types } = resolve(stack, resource.toTerraform()) as {
    resource: Record<string, Record<string, Json>>;
  };
  return JSON.parse(
    JSON.stringify(types[resource.terraformResourceType]![resource.friendlyUniqueId], (key, value: unknown) =>
      key === '//' ? undefined : value,
    ),
  );
}

/** The only resource of a type. */
export function theOnly(stack: TerraformStack, type: string): Json {
  const found = Object.values(resourcesOf(stack, type));
  expect(found).toHaveLength(1);
  return found[0];
}
