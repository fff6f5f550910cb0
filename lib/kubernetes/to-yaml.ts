import type * as Yaml from 'yaml';

/** A value as YAML. The package is loaded on first use: importing this library must not cost its 20 ms. */
export function toYaml(value: unknown): string {
  const { stringify } = require('yaml') as typeof Yaml;
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
