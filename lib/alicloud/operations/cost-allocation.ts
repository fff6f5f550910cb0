import type { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { AiInfraError } from '../../core/errors';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';
import { tagTree } from '../../terraform/tagged-tree';

/** Maximum number of tags of a resource. @see https://www.alibabacloud.com/help/en/resource-management/tag/product-overview/limits */
const MAX_TAGS = 20;
/** @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/oss_bucket */
const FEWER_TAGS: Readonly<Record<string, number>> = { alicloud_oss_bucket: 10 };

/**
 * Cost tags on every resource of a construct tree that supports tags. The bill shows a tag after the account enables it as a cost tag.
 *
 * @see https://www.alibabacloud.com/help/en/user-center/user-guide/use-cost-tags
 * @example
 * ```ts
 * import { CostAllocation } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
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

function pathOf(resource: TerraformResource): string | undefined {
  return resource.terraformResourceType.startsWith('alicloud_') && 'tagsInput' in resource ? 'tags' : undefined;
}

/** Tags that ACK adds to the instances of a node pool: three, and with the autoscaler two more and one for each label and taint. */
function tagsOfAck(resource: TerraformResource): number {
  if (resource.terraformResourceType !== 'alicloud_cs_kubernetes_node_pool') return 0;
  const { scalingConfigInput, labelsInput, taintsInput } = resource as TerraformResource & Inputs;
  if (scalingConfigInput === undefined) return POOL_TAGS;
  return POOL_TAGS + AUTOSCALER_TAGS + (labelsInput?.length ?? 0) + (taintsInput?.length ?? 0);
}

/** Inputs of a node pool. */
interface Inputs {
  readonly scalingConfigInput?: object;
  readonly labelsInput?: readonly object[];
  readonly taintsInput?: readonly object[];
}

/** @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/create-a-node-pool */
const [POOL_TAGS, AUTOSCALER_TAGS] = [3, 2];

function checkNumber(resource: TerraformResource, all: Readonly<Record<string, string>>): void {
  const max = FEWER_TAGS[resource.terraformResourceType] ?? MAX_TAGS - tagsOfAck(resource);
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
