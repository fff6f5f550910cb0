import { Aspects, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Path of the tags of a resource, for example `labels`. Undefined if the resource does not support tags. */
export type TagPath = (resource: TerraformResource) => string | undefined;

/**
 * Tags all resources of a construct tree, now or later. Existing tags of a resource take precedence.
 *
 * @param check checks all tags of a resource, including its own
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
      // Overrides keep the other tags of the resource.
      for (const [key, value] of Object.entries(tags))
        if (own[key] === undefined) construct.addOverride(`${path}.${key}`, value);
    },
  });
}

/** Tags in the configuration of a resource. */
function ownTags(resource: TerraformResource, path: string): Readonly<Record<string, string>> {
  const input = (resource as unknown as Record<string, unknown>)[`${path}Input`];
  return typeof input === 'object' && input !== null ? (input as Record<string, string>) : {};
}
