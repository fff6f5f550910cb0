import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import type { TerraformStack } from 'cdktf';
import { newStack } from '../terraform/resources';

export { codesOf, problemsOf, refusalsOf } from '../refusals';
export { type Json, newStack, resourcesOf, theOnly } from '../terraform/resources';

/** A stack with a provider. */
export function stackIn(region = 'cn-hangzhou'): TerraformStack {
  const stack = newStack();
  new AlicloudProvider(stack, 'Alicloud', { region });
  return stack;
}
