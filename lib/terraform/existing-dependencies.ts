import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';

/**
 * Returns the dependencies in the stack of the scope. For a resource in another stack, adds a dependency on that stack, because Terraform orders only
 * resources of one stack.
 */
export function existingDependencies(
  scope: IConstruct,
  resources: readonly ITerraformDependable[] = [],
): ITerraformDependable[] {
  const stack = TerraformStack.of(scope);
  const own: ITerraformDependable[] = [];
  for (const resource of resources) {
    const other = Construct.isConstruct(resource) ? TerraformStack.of(resource) : stack;
    if (other === stack) own.push(resource);
    else stack.addDependency(other);
  }
  return own;
}
