import { TerraformProvider, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import { onceInStack } from '../../terraform/once-in-stack';

interface Options {
  readonly storage_use_azuread?: unknown;
  readonly features?: Features | readonly Features[];
}

interface Features {
  readonly storage?: Storage | readonly Storage[];
}

interface Storage {
  readonly data_plane_available?: unknown;
}

const FIX =
  "Use `new AzurermProvider(stack, 'Azurerm', { features: [{ storage: [{ dataPlaneAvailable: false }] }], … })`, or `storageUseAzuread: true` if Terraform can reach the account.";

/**
 * Rejects a stack at synthesis if its provider calls a storage account with an account key. An account returns 403 if it has
 * no keys, or if Terraform cannot reach it. The check runs at synthesis because the provider can be added after the account.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/guides/features-block#storage
 */
export function requireNoDataPlane(scope: IConstruct): void {
  onceInStack(scope, 'ai-infra:no-data-plane', (stack) => {
    stack.node.addValidation({ validate: () => check(stack) });
  });
}

function check(stack: TerraformStack): string[] {
  const providers = stack.node
    .findAll()
    .filter((each) => TerraformProvider.isTerraformProvider(each))
    .filter(({ terraformResourceType }) => terraformResourceType === 'azurerm');
  const wrong = providers.map((one) => optionsOf(one)).find((options) => !isValid(options));
  if (!wrong) return [];
  throw new AiInfraError(
    [
      {
        code: 'ProviderOption',
        prop: "provider 'azurerm'",
        allowed: 'configured without data plane access to storage accounts, or with Entra authentication',
        got: wrong,
        fix: FIX,
      },
    ],
    stack,
  );
}

function optionsOf(provider: TerraformProvider): Options {
  const { provider: written } = provider.toTerraform() as { provider: Record<string, readonly Options[]> };
  return written.azurerm?.[0] ?? {};
}

function isValid({ storage_use_azuread: signsIn, features }: Options): boolean {
  const { storage } = first(features) ?? {};
  return signsIn === true || first(storage)?.data_plane_available === false;
}

/** The first block: a block is an object or a list. */
function first<T extends object>(block: T | readonly T[] | undefined): T | undefined {
  return Array.isArray(block) ? (block as readonly T[])[0] : (block as T | undefined);
}
