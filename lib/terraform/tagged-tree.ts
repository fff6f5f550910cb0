import { Aspects, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Where a resource keeps its tags, e.g. `labels`, or `node_config.resource_labels`; nothing where it takes none. */
export type TagPath = (resource: TerraformResource) => string | undefined;

/**
 * Tags every resource of a tree that takes tags, now or later. Tags which a resource has already stay: the nearest one wins.
 *
 * @param check judges all tags of a resource together, its own included
 */
export function tagTree(
  scope: IConstruct,
  tags: Readonly<Record<string, string>>,
  pathOf: TagPath,
  check: (resource: TerraformResource, all: Readonly<Record<string, string>>) => void = () => undefined,
): void {
  Aspects.of(scope).add({
    visit: (construct) => {
      if (!TerraformResource.isTerraformResource(construct)) return;
      const path = pathOf(construct);
      if (path === undefined) return;
      const own = ownTags(construct, path);
      check(construct, { ...tags, ...own });
      // By override, so that what the resource says of itself is not replaced as a whole.
      for (const [key, value] of Object.entries(tags))
        if (own[key] === undefined) construct.addOverride(`${path}.${key}`, value);
    },
  });
}

/** Tags that a resource was made with, where they are an attribute of its own. */
function ownTags(resource: TerraformResource, path: string): Readonly<Record<string, string>> {
  const input = (resource as unknown as Record<string, unknown>)[`${path}Input`];
  return typeof input === 'object' && input !== null ? (input as Record<string, string>) : {};
}
