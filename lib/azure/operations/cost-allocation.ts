import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { AiInfraError } from '../../core/errors';
import { CONSTRUCT, demand, required } from '../../core/shapes';
import { tagTree } from '../../terraform/tagged-tree';

/** Tags that a resource takes. @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources#limitations */
const MOST_TAGS = 50;
const FEWER_TAGS: Readonly<Record<string, number>> = { azurerm_private_dns_zone: 15, azurerm_dns_zone: 15 };

/**
 * Tags that say who pays, on every resource of a tree that takes tags: those of a cluster stand on the machines that AKS makes for it, too.
 * They show in cost analysis from the day on that they stand; resource groups hand none down by themselves.
 *
 * @see https://learn.microsoft.com/en-us/azure/cost-management-billing/costs/understand-cost-mgt-data#how-tags-are-used-in-cost-and-usage-data
 */
export class CostAllocation {
  /** Tags a construct and everything below it, now or later. A value that some cloud refuses is an error. */
  static apply(scope: IConstruct, props: CostAllocationProps): CostAllocation {
    demand({ scope }, { scope: required(CONSTRUCT) });
    const tags = costTags(props, scope);
    tagTree(scope, tags, pathOf, checkNumber);
    return new CostAllocation(tags);
  }

  private constructor(
    /** The tags, by key. */
    public readonly tags: Readonly<Record<string, string>>,
  ) {}
}

/** Of what goes through azapi, resources with a location take tags, and pools of AKS within their body: they stand on its machines. */
function pathOf(resource: TerraformResource): string | undefined {
  const type = resource.terraformResourceType;
  if (type !== 'azapi_resource') return type.startsWith('azurerm_') && 'tagsInput' in resource ? 'tags' : undefined;
  if ('typeInput' in resource && String(resource.typeInput).startsWith(AGENT_POOL)) return 'body.properties.tags';
  return 'locationInput' in resource && resource.locationInput ? 'tags' : undefined;
}

const AGENT_POOL = 'Microsoft.ContainerService/managedClusters/agentPools@';

function checkNumber(resource: TerraformResource, all: Readonly<Record<string, string>>): void {
  const most = FEWER_TAGS[resource.terraformResourceType] ?? MOST_TAGS;
  const got = Object.keys(all).length;
  if (got <= most) return;
  throw new AiInfraError(
    [
      {
        code: 'TagsTooMany',
        prop: 'additionalTags',
        allowed: `so few that a resource of type ${resource.terraformResourceType} has at most ${most} tags in all`,
        got,
        fix: 'Leave out what no bill is split by.',
      },
    ],
    resource,
  );
}
