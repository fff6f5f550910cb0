import {
  AT_DEPLOYMENT,
  type Encryption,
  type Known,
  type Sections,
  type ComputeGroup,
  type Count,
} from './architecture';

/** Resource of a synthesized stack. */
export interface Resource {
  /** Identifier in references. */
  readonly id: string;
  /** Type of the resource. */
  readonly type: string;
  /** Readable name of the resource. */
  readonly name: string;
  /** Properties of the resource. */
  readonly props: Props;
  /** Whole entry of the resource, including its properties. */
  readonly entry: Props;
}

/** Reads a resource. Returns undefined if the resource is only counted with the other resources. */
export type Reader = (resource: Resource, view: View) => Partial<Sections> | undefined;

/** Readers by type of resource. */
export type Readers = Readonly<Record<string, Reader>>;

/** View of a synthesized stack, for readers of any engine. */
export abstract class View {
  private readonly byId: ReadonlyMap<string, Resource>;
  private readonly byType = new Map<string, Resource[]>();

  constructor(public readonly resources: readonly Resource[]) {
    this.byId = new Map(resources.map((resource) => [resource.id, resource]));
    for (const resource of resources) {
      const same = this.byType.get(resource.type);
      if (same) same.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  /** Returns the resources of the given types. */
  ofType(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** Returns the resource of this stack that a value refers to, or undefined. */
  abstract find(value: unknown): Resource | undefined;

  /** Returns a value as a string, or `AT_DEPLOYMENT`. Returns undefined for a missing or empty value. */
  abstract text(value: unknown): string | undefined;

  /** Returns a string that can contain JSON, with `0` for values that are only known at deployment. */
  joined(value: unknown): string {
    return this.text(value) ?? '';
  }

  /** Returns a value as a number, or `AT_DEPLOYMENT`. Returns undefined for a missing or empty value. */
  number(value: unknown): Known<number> | undefined {
    const text = this.text(value);
    if (text === undefined || text === '') return undefined;
    return Number.isNaN(Number(text)) ? AT_DEPLOYMENT : Number(text);
  }

  /** Returns a boolean, or a string that contains one. Returns undefined for a missing or unknown value. */
  flag(value: unknown): boolean | undefined {
    const text = this.text(value);
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  /** Returns the encryption with a key. */
  encryption(key: unknown, otherwise: Encryption = MANAGED): Encryption {
    const text = this.text(key);
    if (text === undefined || text === '') return otherwise;
    const resource = this.find(key);
    if (resource) return { key: 'customer', name: resource.name };
    return text.includes('alias/aws/') ? MANAGED : { key: 'customer' };
  }

  protected byIdOf(id: string): Resource | undefined {
    return this.byId.get(id);
  }
}

/** Encryption with a key of the service. */
export const MANAGED: Encryption = { key: 'managed' };

/** No encryption. */
export const UNENCRYPTED: Encryption = { key: 'none' };

/** Returns labels with their texts, without missing ones. */
export function details(
  labels: Readonly<Record<string, string | number | false | undefined>>,
): { readonly details: Readonly<Record<string, string>> } | undefined {
  const present = Object.entries(labels).filter(([, text]) => text !== undefined && text !== false && text !== '');
  if (present.length === 0) return undefined;
  return { details: Object.fromEntries(present.map(([label, text]) => [label, String(text)])) };
}

/** Returns a number with its unit. */
export function amount(value: Known<number> | undefined, unit: string): string | undefined {
  if (value === undefined || value === AT_DEPLOYMENT) return value;
  return `${value} ${unit}`;
}

/** Returns the sections of a group of machines. @param why why it is open to the internet @default - it is not open */
export function group(compute: ComputeGroup, why?: string): Partial<Sections> {
  const { name, kind } = compute;
  return { compute: [compute], ...(why !== undefined && { exposure: [{ name, kind, why }] }) };
}

/** Returns a count from values that can be unknown before deployment. */
export function counts(view: View, { min, desired, max }: { readonly [Key in keyof Count]: unknown }): Count {
  const of = (value: unknown): Known<number> | undefined => view.number(value);
  return { min: of(min), desired: of(desired), max: of(max) };
}

/** Returns the values of a list, or a single value, as strings. */
export function textsOf(view: View, values: unknown): readonly string[] {
  return list(values)
    .map((value) => view.text(value))
    .filter((text) => text !== undefined);
}

/** Sources that include the whole internet. */
export const EVERYONE = ['0.0.0.0/0', '::/0', '*', 'Internet', 'Any', 'any'];

const DIRECTION = '(?:(?:gov|iso[a-z]?)-)?(?:north|south|east|west|central)(?:east|west)?';

/** Values that differ between two syntheses of the same architecture, and their replacements. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\$\{(?:Tf)?Token\[[^\]]*\]\}|#\{(?:Tf)?Token\[[^\]]*\]\}/g, '<token>'],
  [/(?<![0-9A-Za-z])[0-9a-f]{32,64}(?![0-9A-Za-z])/g, '<hash>'],
  [/(?<!\d)\d{12}(?!\d)/g, '<account>'],
  [new RegExp(`\\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-${DIRECTION}-\\d(?:[a-z]\\b)?`, 'g'), '<region>'],
];

/** Returns text without tokens, asset hashes, account numbers and regions. */
export function neutral(text: string): string {
  // All of these values contain digits, and most texts do not.
  return /\d/.test(text) ? VOLATILE.reduce((sofar, [pattern, word]) => sofar.replace(pattern, word), text) : text;
}

// The CDK also hides these segments from logical ids.
const HIDDEN = ['Resource', 'Default'];

/** Returns a readable path, without the segments and hashes that constructs add. */
export function nameOfPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const visible = segments.filter((segment) => !HIDDEN.includes(segment)).map(withoutHash);
  return neutral((visible.length > 0 ? visible : segments).join('/'));
}

/** Returns a logical id, or the name of a Terraform resource, without its hash. */
export function nameOfId(id: string): string {
  return neutral(id.replace(/(?<=.)_?[0-9A-F]{8}$/, ''));
}

// Singleton constructs of the CDK have a UUID in their ids.
function withoutHash(segment: string): string {
  return segment.replace(/(?<=.)-?[0-9a-f]{32}$/, '');
}

/** JSON object. */
export type Props = Readonly<Record<string, unknown>>;

/** Returns an object, or an empty object for any other value, because synthesized output can have any form. */
export function record(value: unknown): Props {
  return isRecord(value) ? value : {};
}

/** Returns whether a value is an object and not a list. */
export function isRecord(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the items of a list. A single value is a list of one item, because Terraform accepts both forms for a single block. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Returns the objects in a list. */
export function records(value: unknown): readonly Props[] {
  return list(value).filter(isRecord);
}

/** Returns the first block in a value, or an empty object. */
export function block(value: unknown): Props {
  return records(value)[0] ?? {};
}

/** Returns a string, number or boolean as a string, and an empty string for other values. */
export function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Returns parsed JSON, or undefined if the string is not valid JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compares strings in an order that does not depend on the locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Returns how often each string occurs, ordered by string. */
export function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => byText(a, b)));
}
