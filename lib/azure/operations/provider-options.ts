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
  "Write `new AzurermProvider(stack, 'Azurerm', { features: [{ storage: [{ dataPlaneAvailable: false }] }], … })`, or storageUseAzuread: true where whoever applies reaches the account.";

/**
 * Refuses to synthesize a stack whose provider asks a storage account itself, with its key: an account that takes no keys, or is closed to
 * whoever applies, answers 403. The provider may well come after the account.
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
  const wrong = providers.map((one) => optionsOf(one)).find((options) => !isSound(options));
  if (!wrong) return [];
  throw new AiInfraError(
    [
      {
        code: 'ProviderOption',
        prop: "provider 'azurerm'",
        allowed: 'one that leaves the data of storage accounts alone, or signs in to it: they take no keys',
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

function isSound({ storage_use_azuread: signsIn, features }: Options): boolean {
  const { storage } = first(features) ?? {};
  return signsIn === true || first(storage)?.data_plane_available === false;
}

/** A block as an object, or the list of one that it may be. */
function first<T extends object>(block: T | readonly T[] | undefined): T | undefined {
  return Array.isArray(block) ? (block as readonly T[])[0] : (block as T | undefined);
}
