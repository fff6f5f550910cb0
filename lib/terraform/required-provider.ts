import { TerraformProvider, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AiInfraError } from '../core/errors';

/**
 * Rejects a stack without a provider at synthesis. This library creates no provider, because only its user can configure the connection to the cluster.
 * The provider can be added after the construct that needs it.
 */
export function requireProvider(scope: Construct, type: string, fix: string): void {
  scope.node.addValidation({
    validate: () => {
      const stack = TerraformStack.of(scope);
      const found = stack.node.findAll().filter((each) => TerraformProvider.isTerraformProvider(each));
      if (found.some(({ terraformResourceType }) => terraformResourceType === type)) return [];
      throw new AiInfraError(
        [
          {
            code: 'ProviderMissing',
            prop: `provider '${type}'`,
            allowed: `in the stack '${stack.node.id}'`,
            got: found.map(({ terraformResourceType }) => terraformResourceType),
            fix,
          },
        ],
        scope,
      );
    },
  });
}
