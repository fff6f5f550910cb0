import type { ArchitectureOptions, Sections, StackArchitecture } from '../../lib/testing';
import { architectureOf } from '../../lib/testing';

/** A resource of a template. */
export type Entry = Readonly<Record<string, unknown>>;

/** The architecture of a CloudFormation template of some resources. */
export function ofTemplate(
  resources: Readonly<Record<string, Entry>>,
  more: Entry = {},
  options?: ArchitectureOptions,
): StackArchitecture {
  return architectureOf({ Resources: resources, ...more }, options).stacks[0]!;
}

/** The architecture of one resource. */
export function ofResource(Type: string, Properties: Entry = {}, more: Entry = {}): StackArchitecture {
  return ofTemplate({ Subject: { Type, Properties, ...more } });
}

/** The architecture of Terraform resources, `type.name` to their arguments. */
export function ofTerraform(
  resources: Readonly<Record<string, Entry>>,
  more: Entry = {},
  options?: ArchitectureOptions,
): StackArchitecture {
  const byType: Record<string, Record<string, Entry>> = {};
  for (const [address, entry] of Object.entries(resources)) {
    const [type, name] = address.split('.') as [string, string];
    (byType[type] ??= {})[name] = entry;
  }
  return architectureOf({ resource: byType, ...more }, options).stacks[0]!;
}

/** What is open to the internet, as `name: why`. */
export function exposed({ exposure }: Pick<Sections, 'exposure'>): string[] {
  return exposure.map(({ name, why }) => `${name}: ${why}`);
}

/** Lines that two texts do not share, as `diff` shows them. */
export function changedLines(before: string, after: string): { readonly gone: string[]; readonly come: string[] } {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return { gone: a.filter((line) => !b.includes(line)), come: b.filter((line) => !a.includes(line)) };
}
