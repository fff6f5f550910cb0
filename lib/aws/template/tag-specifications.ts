import { type CfnTag, Lazy, type TagManager } from 'aws-cdk-lib';

/** Tags in the form that EC2 requires if CloudFormation has no `Tags` field. */
export interface TagSpecification {
  readonly resourceType: string;
  readonly tags: CfnTag[];
}

/** The tags of a construct tree for resources that EC2 creates. Rendered late, because tags are an aspect that runs after construction. */
export function tagSpecifications(manager: TagManager, ...resourceTypes: string[]): TagSpecification[] {
  return Lazy.any({
    produce: () => {
      const tags = Object.entries(manager.tagValues()).map(([key, value]) => ({ key, value }));
      return tags.length > 0 ? resourceTypes.map((resourceType) => ({ resourceType, tags })) : undefined;
    },
  }) as unknown as TagSpecification[];
}
