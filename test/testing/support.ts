import {
  architectureOf,
  type ArchitectureOptions,
  type Sections,
  type StackArchitecture,
} from 'ai-infra-constructs/testing';

/** Resource of a template. */
export type Entry = Readonly<Record<string, unknown>>;

/** Returns the architecture of a CloudFormation template with the given resources. */
export function ofTemplate(
  resources: Readonly<Record<string, Entry>>,
  more: Entry = {},
  options?: ArchitectureOptions,
): StackArchitecture {
  return architectureOf({ Resources: resources, ...more }, options).stacks[0]!;
}

/** Returns the architecture of one resource. */
export function ofResource(Type: string, Properties: Entry = {}, more: Entry = {}): StackArchitecture {
  return ofTemplate({ Subject: { Type, Properties, ...more } });
}

/** Returns the architecture of Terraform resources, given as arguments by `type.name`. */
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

/** Returns what is open to the internet, as `name: why`. */
export function exposed({ exposure }: Pick<Sections, 'exposure'>): string[] {
  return exposure.map(({ name, why }) => `${name}: ${why}`);
}

/** Returns the lines that differ between two texts. */
export function changedLines(before: string, after: string): { readonly gone: string[]; readonly come: string[] } {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return { gone: a.filter((line) => !b.includes(line)), come: b.filter((line) => !a.includes(line)) };
}
