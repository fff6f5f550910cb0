import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';

/**
 * Cost allocation tags for every resource below a construct, including the instances, volumes, and network interfaces that EC2 launches for
 * node groups. Activate the keys as cost allocation tags in the billing account. Otherwise they do not appear on the bill.
 *
 * @example
 * ```ts
 * import { CostAllocation } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Training');
 * CostAllocation.apply(stack, {
 *   project: 'atlas',
 *   team: 'research',
 *   environment: 'prod',
 *   costCenter: 'R-17',
 *   owner: 'ml-platform',
 * });
 * ```
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export class CostAllocation {
  /** Tags a construct and everything below it, now or later. Throws for a value that is not valid on all clouds. */
  static apply(scope: IConstruct, props: CostAllocationProps): CostAllocation {
    assertProps({ scope }, { scope: required(CONSTRUCT) });
    const tags = costTags(props, scope);
    for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
    return new CostAllocation(tags);
  }

  private constructor(
    /** The tags, by key. */
    public readonly tags: Readonly<Record<string, string>>,
  ) {}
}
