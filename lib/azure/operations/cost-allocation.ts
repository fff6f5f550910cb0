import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { AiInfraError } from '../../core/errors';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';
import { tagTree } from '../../terraform/tagged-tree';

/** Maximum number of tags of a resource. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources#limitations */
const MAX_TAGS = 50;
const FEWER_TAGS: Readonly<Record<string, number>> = { azurerm_private_dns_zone: 15, azurerm_dns_zone: 15 };

/**
 * Cost tags on every resource of a construct tree that supports tags. Tags of a cluster are also on the machines that AKS creates. Cost analysis
 * shows the tags from the day they are set. Resources do not inherit the tags of their resource group.
 *
 * @see https://learn.microsoft.com/en-us/azure/cost-management-billing/costs/understand-cost-mgt-data#how-tags-are-used-in-cost-and-usage-data
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { CostAllocation } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * CostAllocation.apply(stack, {
 *   project: 'atlas',
 *   team: 'research',
 *   environment: 'prod',
 *   costCenter: 'R-17',
 *   owner: 'ml-platform',
 * });
 * ```
 */
export class CostAllocation {
  /** Tags a construct and all constructs below it, now or later. Throws if a cloud rejects a value. */
  static apply(scope: IConstruct, props: CostAllocationProps): CostAllocation {
    assertProps({ scope }, { scope: required(CONSTRUCT) });
    const tags = costTags(props, scope);
    tagTree(scope, tags, pathOf, checkNumber);
    return new CostAllocation(tags);
  }

  private constructor(
    /** Tags by key. */
    public readonly tags: Readonly<Record<string, string>>,
  ) {}
}

/** azapi resources with a location support tags. AKS agent pools have tags in their body, which AKS copies to its machines. */
function pathOf(resource: TerraformResource): string | undefined {
  const type = resource.terraformResourceType;
  if (type !== 'azapi_resource') return type.startsWith('azurerm_') && 'tagsInput' in resource ? 'tags' : undefined;
  if ('typeInput' in resource && String(resource.typeInput).startsWith(AGENT_POOL)) return 'body.properties.tags';
  return 'locationInput' in resource && resource.locationInput ? 'tags' : undefined;
}

const AGENT_POOL = 'Microsoft.ContainerService/managedClusters/agentPools@';

function checkNumber(resource: TerraformResource, all: Readonly<Record<string, string>>): void {
  const max = FEWER_TAGS[resource.terraformResourceType] ?? MAX_TAGS;
  const got = Object.keys(all).length;
  if (got <= max) return;
  throw new AiInfraError(
    [
      {
        code: 'TagsTooMany',
        prop: 'additionalTags',
        allowed: `short enough that each ${resource.terraformResourceType} has at most ${max} tags`,
        got,
        fix: 'Remove tags that you do not use to split costs.',
      },
    ],
    resource,
  );
}
