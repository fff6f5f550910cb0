import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { CONSTRUCT, demand, required } from '../../core/shapes';
import { tagTree } from '../../terraform/tagged-tree';

/** Where a resource keeps its labels, when it is not `labels`. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  google_container_cluster: 'resource_labels',
  google_container_node_pool: 'node_config.resource_labels',
};

/**
 * Labels that say who pays, on every resource of a tree that takes labels: those of a node pool stand on its machines and disks. Bills
 * show labels without further ado, once billing data is exported.
 *
 * @see https://cloud.google.com/resource-manager/docs/labels-overview
 */
export class CostAllocation {
  /** Labels a construct and everything below it, now or later. A value that some cloud refuses is an error; upper case is lowered. */
  static apply(scope: IConstruct, props: CostAllocationProps): CostAllocation {
    demand({ scope }, { scope: required(CONSTRUCT) });
    const tags = costTags(props, scope);
    const labels = Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, value.toLowerCase()]));
    tagTree(scope, labels, pathOf);
    return new CostAllocation(labels);
  }

  private constructor(
    /** The labels, by key. */
    public readonly labels: Readonly<Record<string, string>>,
  ) {}
}

function pathOf(resource: TerraformResource): string | undefined {
  const type = resource.terraformResourceType;
  if (!type.startsWith('google_')) return undefined;
  return ELSEWHERE[type] ?? ('labelsInput' in resource ? 'labels' : undefined);
}
