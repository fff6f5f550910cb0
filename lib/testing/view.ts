import { AT_DEPLOYMENT, type Encryption, type Known, type Sections } from './architecture';
import type { Props } from './json';

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
