import { type CfnTag, Lazy, type TagManager } from 'aws-cdk-lib';

/** Tags as EC2 wants them where CloudFormation has no `Tags` field. */
export interface TagSpecification {
  readonly resourceType: string;
  readonly tags: CfnTag[];
}

/** The tags of a tree for resources that EC2 makes itself. Tags arrive as an aspect after construction, so the list is rendered last. */
export function tagSpecifications(manager: TagManager, ...resourceTypes: string[]): TagSpecification[] {
  return Lazy.any({
    produce: () => {
      const tags = Object.entries(manager.tagValues()).map(([key, value]) => ({ key, value }));
      return tags.length > 0 ? resourceTypes.map((resourceType) => ({ resourceType, tags })) : undefined;
    },
  }) as unknown as TagSpecification[];
}
