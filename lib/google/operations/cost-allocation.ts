import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';
import { tagTree } from '../../terraform/tagged-tree';

/** The label attribute of resource types that do not use `labels`. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  google_container_cluster: 'resource_labels',
  google_container_node_pool: 'node_config.resource_labels',
  google_monitoring_notification_channel: 'user_labels',
};

/**
 * Labels for cost allocation on every resource of a tree that supports labels. Labels of a node pool apply to its machines and disks. The billing
 * export contains the labels.
 *
 * @see https://cloud.google.com/resource-manager/docs/labels-overview
 * @example
 * ```ts
 * import { CostAllocation } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * CostAllocation.apply(stack, {
 *   project: 'atlas',
 *   team: 'research',
 *   environment: 'prod',
 *   costCenter: 'r-17',
 *   owner: 'ml-platform',
 * });
 * ```
 */
export class CostAllocation {
  /** Labels a construct and all its current and later descendants. Values must be valid on every cloud, and become lower case. */
  static apply(scope: IConstruct, props: CostAllocationProps): CostAllocation {
    assertProps({ scope }, { scope: required(CONSTRUCT) });
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
