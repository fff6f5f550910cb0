import type { ManifestBundle } from '../kubernetes';
import { isUnknown } from './tokens';

/** A value in a bundle that can be known only at deployment. */
export interface BundleValue {
  /** What the value is, for the header of the files. */
  readonly meaning: string;
  /** The value, or a token. */
  readonly value: string;
}

/** Variables of a GitOps bundle for values that are known only at deployment. The stack writes them as outputs. */
export class BundleVariables {
  private readonly unknown: readonly (readonly [string, BundleValue])[];

  /** @param values values by variable name, in capital letters. Those that are known at synthesis get no variable */
  constructor(values: Readonly<Record<string, BundleValue>>) {
    this.unknown = Object.entries(values).filter(([, { value }]) => isUnknown(value));
  }

  /** Values by the id of their output: `FileSystemName` for FILE_SYSTEM_NAME. */
  get outputs(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.unknown.map(([name, { value }]) => [outputOf(name), value]));
  }

  /** Returns the bundle with variables instead of the values. */
  replaceIn({ releases, manifests, variables = {} }: ManifestBundle): ManifestBundle {
    const text = JSON.stringify({ releases, manifests });
    const used = this.unknown.filter(([, { value }]) => text.includes(jsonOf(value)));
    const replaced = used.reduce((all, [name, { value }]) => all.replaceAll(jsonOf(value), `\${${name}}`), text);
    const meanings = Object.fromEntries(used.map(([name, { meaning }]) => [name, meaning]));
    return {
      ...(JSON.parse(replaced) as Pick<ManifestBundle, 'releases' | 'manifests'>),
      variables: { ...variables, ...meanings },
    };
  }
}

function outputOf(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}

/** A string as it is inside a JSON string. */
function jsonOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
