import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type CostAllocationProps, costTags } from '../../core/cost-allocation';
import { CONSTRUCT, demand, required } from '../../core/shapes';

/**
 * Tags that say who pays, on every resource of a tree: also on what EC2 makes itself at launch, the instances, volumes and network
 * interfaces of node groups. Activate the keys as cost allocation tags in the billing account, or no bill shows them.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export class CostAllocation {
  /** Tags a construct and everything below it, now or later. A value that some cloud refuses is an error. */
  static apply(scope: IConstruct, props: CostAllocationProps): CostAllocation {
    demand({ scope }, { scope: required(CONSTRUCT) });
    const tags = costTags(props, scope);
    for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
    return new CostAllocation(tags);
  }

  private constructor(
    /** The tags, by key. */
    public readonly tags: Readonly<Record<string, string>>,
  ) {}
}
