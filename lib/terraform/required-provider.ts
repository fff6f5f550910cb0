import { TerraformProvider, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AiInfraError } from '../core/errors';

/**
 * Refuses to synthesize a stack without a provider: this library makes none, since only its user knows how the cluster is reached. The
 * provider may well come after the construct that needs it.
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
            allowed: `in the stack '${stack.node.id}', which installs with it`,
            got: found.map(({ terraformResourceType }) => terraformResourceType),
            fix,
          },
        ],
        scope,
      );
    },
  });
}
