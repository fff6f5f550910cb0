import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from 'cdktf';

export { codesOf, problemsOf, refusalsOf, told } from '../refusals';
export { type Json, newStack, resourcesOf, theOnly } from '../terraform/resources';

/** A value as Terraform resolves it. */
export function resolvedIn(scope: TerraformStack, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}
