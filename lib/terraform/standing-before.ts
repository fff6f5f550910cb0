import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';

/**
 * What must stand before a resource, as Terraform takes it: it orders what is in one stack. The stack of whatever stands in another is deployed
 * before, as a whole.
 */
export function standingBefore(
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
