import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Runs a function once per stack. */
export function onceInStack(scope: IConstruct, name: string, run: (stack: TerraformStack) => void): void {
  const stack = TerraformStack.of(scope);
  const mark = Symbol.for(`ai-infra-constructs.once.${name}`);
  if (mark in stack) return;
  Object.defineProperty(stack, mark, { value: true });
  run(stack);
}

/** Returns the construct with an id in the stack of a scope, and creates it on first use. */
export function onlyInStack<C extends IConstruct>(
  scope: IConstruct,
  id: string,
  make: (stack: TerraformStack) => C,
): C {
  const stack = TerraformStack.of(scope);
  return (stack.node.tryFindChild(id) as C | undefined) ?? make(stack);
}
