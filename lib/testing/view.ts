import { AT_DEPLOYMENT, type Encryption, type Known, type Sections } from './architecture';
import type { Props } from './json';

/** A resource of a synthesized stack. */
export interface Resource {
  /** What others refer to it by. */
  readonly id: string;
  readonly type: string;
  /** What people know it by. */
  readonly name: string;
  readonly props: Props;
  /** The whole entry, with what stands beside its properties. */
  readonly entry: Props;
}

/** Reads a resource. Nothing: no section tells of it, and it is counted among the others. */
export type Reader = (resource: Resource, view: View) => Partial<Sections> | undefined;

/** Readers by type of resource. */
export type Readers = Readonly<Record<string, Reader>>;

/** A synthesized stack as readers see it, whichever engine it is for. */
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

  ofType(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The resource of this stack that a value refers to, if any. */
  abstract find(value: unknown): Resource | undefined;

  /** A value as text: what is known only at deployment says so. Nothing for what is absent or empty. */
  abstract text(value: unknown): string | undefined;

  /** A text that may hold a document in JSON, with `0` for what only the deployment knows. */
  joined(value: unknown): string {
    return this.text(value) ?? '';
  }

  number(value: unknown): Known<number> | undefined {
    const text = this.text(value);
    if (text === undefined || text === '') return undefined;
    return Number.isNaN(Number(text)) ? AT_DEPLOYMENT : Number(text);
  }

  /** True and false, also written as texts. Nothing for what is absent or open. */
  flag(value: unknown): boolean | undefined {
    const text = this.text(value);
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  /** A key by the value that names it. */
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

/** Encrypted by the service with a key of its own. */
export const MANAGED: Encryption = { key: 'managed' };

export const UNENCRYPTED: Encryption = { key: 'none' };

/** Labels with their texts, without those that are absent. */
export function details(
  labels: Readonly<Record<string, string | number | false | undefined>>,
): { readonly details: Readonly<Record<string, string>> } | undefined {
  const told = Object.entries(labels).filter(([, text]) => text !== undefined && text !== false && text !== '');
  if (told.length === 0) return undefined;
  return { details: Object.fromEntries(told.map(([label, text]) => [label, String(text)])) };
}

/** A number with its unit. */
export function amount(value: Known<number> | undefined, unit: string): string | undefined {
  if (value === undefined || value === AT_DEPLOYMENT) return value;
  return `${value} ${unit}`;
}
