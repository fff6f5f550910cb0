import type * as Yaml from 'yaml';

/** Returns a value as YAML. Loads the package on first use, because it adds 20 ms to the import of this library. */
export function toYaml(value: unknown): string {
  const { stringify } = require('yaml') as typeof Yaml;
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
