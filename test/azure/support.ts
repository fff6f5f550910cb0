import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from 'cdktf';
import { resourcesOf } from '../terraform/resources';

export { codesOf, problemsOf, refusalsOf, told } from '../refusals';
export { type Json, newStack, resourcesOf, theOnly } from '../terraform/resources';

/** A value as Terraform resolves it. */
export function resolvedIn(scope: TerraformStack, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}

/** The networks of subnet ids that refer to subnets of the stack. */
export function networksOf(subnetIds: readonly string[]): unknown[] {
  return [...new Set(subnetIds.map((id) => /azurerm_subnet\.(\w+?_Network)_/.exec(id)?.[1]))];
}

/** The URL of the key that encrypts the node disks of the only cluster in a stack. */
export function keyOfDisks(stack: TerraformStack): string {
  const sets = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
    (type as string).startsWith('Microsoft.Compute/diskEncryptionSets@'),
  );
  expect(sets).toHaveLength(1);
  return sets[0].body.properties.activeKey.keyUrl as string;
}
