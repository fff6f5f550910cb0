import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Runs something once for each stack, however many constructs in it ask for it. */
export function onceInStack(scope: IConstruct, name: string, run: (stack: TerraformStack) => void): void {
  const stack = TerraformStack.of(scope);
  const mark = Symbol.for(`ai-infra-constructs.once.${name}`);
  if (mark in stack) return;
  Object.defineProperty(stack, mark, { value: true });
  run(stack);
}

/** The construct of that id in the stack of a scope, made where there is none yet. */
export function onlyInStack<C extends IConstruct>(
  scope: IConstruct,
  id: string,
  make: (stack: TerraformStack) => C,
): C {
  const stack = TerraformStack.of(scope);
  return (stack.node.tryFindChild(id) as C | undefined) ?? make(stack);
}
