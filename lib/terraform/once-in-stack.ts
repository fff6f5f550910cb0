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
