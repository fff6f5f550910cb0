import { AT_DEPLOYMENT } from '../architecture';
import {
  isRecord,
  list,
  type Props,
  record,
  records,
  word,
  nameOfId,
  nameOfPath,
  neutral,
  type Resource,
  View,
} from '../view';

/** View of a Terraform configuration in JSON. */
export class TerraformView extends View {
  private readonly variables: Props;

  constructor(configuration: Props) {
    super([
      ...Object.entries(record(configuration.resource)).flatMap(([type, byName]) => resourcesOf(type, byName)),
      ...Object.entries(record(configuration.module)).flatMap(([name, entry]) =>
        records(entry).map((each) => resourceOf('module', name, each)),
      ),
    ]);
    this.variables = record(configuration.variable);
  }

  find(value: unknown): Resource | undefined {
    for (const text of list(value)) {
      for (const [, type, name] of word(text).matchAll(/(?<![\w.])([a-z][a-z0-9_]*)\.([A-Za-z_][\w-]*)/g)) {
        const found = this.byIdOf(`${type}.${name}`);
        if (found) return found;
      }
    }
    return undefined;
  }

  text(value: unknown): string | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'object') return AT_DEPLOYMENT;
    const text = word(value);
    const [, variable] = /^\$\{var\.([\w-]+)\}$/.exec(text) ?? [];
    if (variable !== undefined) return this.defaultOf(variable);
    return text.includes('${') ? AT_DEPLOYMENT : neutral(text);
  }

  private defaultOf(variable: string): string {
    const { default: value } = record(this.variables[variable]);
    return typeof value === 'object' || value === undefined ? AT_DEPLOYMENT : neutral(word(value));
  }
}

function resourcesOf(type: string, byName: unknown): Resource[] {
  return Object.entries(record(byName)).flatMap(([name, entry]) =>
    // A resource can be a list of one block.
    records(entry).map((each) => resourceOf(type, name, each)),
  );
}

function resourceOf(type: string, name: string, entry: Props): Resource {
  const { path } = record(record(entry['//']).metadata);
  const pathName = typeof path === 'string' ? nameOfPath(path.split('/').slice(1).join('/')) : '';
  return { id: `${type}.${name}`, type, name: pathName === '' ? nameOfId(name) : pathName, props: entry, entry };
}

/** Returns whether a value is a Terraform configuration in JSON. */
export function isTerraform(value: unknown): value is Props {
  return isRecord(value) && ['resource', 'module', 'terraform', 'provider', 'data'].some((key) => isRecord(value[key]));
}
