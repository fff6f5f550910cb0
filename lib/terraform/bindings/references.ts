import {
  AnyMap,
  BooleanMap,
  ComplexList,
  ComplexObject,
  Fn,
  type IInterpolatingParent,
  type IResolvable,
  NumberMap,
  StringMap,
  Tokenization,
} from 'cdktf';
import { type AttributeType, type Fields, isInput, isOne, type Nested, type Values } from './fields';
import { camelCase, capitalized } from './names';

/** What the getters of attributes need: a resource, a data source, or a block of them. */
type Owner = IInterpolatingParent & {
  getStringAttribute(name: string): string;
  getNumberAttribute(name: string): number;
  getBooleanAttribute(name: string): IResolvable;
  getListAttribute(name: string): string[];
  getNumberListAttribute(name: string): number[];
  getStringMapAttribute(name: string): Record<string, string>;
  getNumberMapAttribute(name: string): Record<string, number>;
  getBooleanMapAttribute(name: string): Record<string, boolean>;
};

const INPUTS = Symbol('ai-infra-constructs.inputs');

/** The values that users set on a resource, a data source, a provider, or a block. */
export class Inputs {
  /** The values of an object with the members of `defineMembers`. */
  static of(owner: object): Inputs {
    return (owner as { [INPUTS]: Inputs })[INPUTS];
  }

  private readonly values: Record<string, unknown> = {};
  private readonly references = new Map<string, Reference>();

  constructor(
    private readonly owner: object,
    private readonly fields: Fields,
    values: Values = {},
  ) {
    Object.defineProperty(owner, INPUTS, { value: this });
    this.setAll(values);
  }

  /** All values, by their names in TypeScript. */
  get all(): Values {
    return Object.fromEntries(Object.keys(this.values).map((name) => [name, this.get(name)]));
  }

  /** Replaces all values. */
  setAll(values: Values): void {
    for (const name of Object.keys(this.fields).map(camelCase)) this.set(name, values[name]);
  }

  get(name: string): unknown {
    const reference = this.references.get(name);
    return reference ? reference.internalValue : this.values[name];
  }

  set(name: string, value: unknown): void {
    const reference = this.references.get(name);
    if (reference) reference.internalValue = value;
    this.values[name] = value;
  }

  /** The reference to a block, which is created once. */
  referenceTo(name: string, field: Nested): Reference {
    const camel = camelCase(name);
    const existing = this.references.get(camel);
    if (existing) return existing;
    const made = newReference(this.owner as IInterpolatingParent, name, field);
    made.internalValue = this.values[camel];
    this.references.set(camel, made);
    return made;
  }
}

/** A reference to a block, whose value can also be set. */
type Reference = IResolvable & { internalValue: unknown };

function newReference(owner: IInterpolatingParent, name: string, field: Nested): Reference {
  const isSet = field.nesting.startsWith('set');
  if (!isOne(field)) return new BlockListReference(owner, name, isSet, field.fields);
  const Class = referenceClassOf(field.fields);
  return new Class(owner, name, isSet, field.nesting === 'single' ? undefined : 0);
}

class BlockListReference extends ComplexList {
  internalValue: unknown;

  constructor(
    owner: IInterpolatingParent,
    name: string,
    isSet: boolean,
    private readonly fields: Fields,
  ) {
    super(owner, name, isSet);
  }

  get(index: number): Reference {
    const Class = referenceClassOf(this.fields);
    return new Class(this.terraformResource, this.terraformAttribute, this.wrapsSet, index);
  }
}

type ReferenceClass = new (owner: IInterpolatingParent, name: string, isSet: boolean, index?: number) => Reference;

const CLASSES = new WeakMap<Fields, ReferenceClass>();

/** The class of references to a block, with a member for each of its fields. */
function referenceClassOf(fields: Fields): ReferenceClass {
  const existing = CLASSES.get(fields);
  if (existing) return existing;
  class BlockReference extends ComplexObject {
    private whole: unknown;
    private isEmpty = false;

    constructor(owner: IInterpolatingParent, name: string, isSet: boolean, index?: number) {
      super(owner, name, isSet, index);
      new Inputs(this, fields);
    }

    get internalValue(): unknown {
      if (this.whole !== undefined) return this.whole;
      const set = Object.entries(Inputs.of(this).all).filter(([, value]) => value !== undefined);
      return set.length > 0 || this.isEmpty ? Object.fromEntries(set) : undefined;
    }

    set internalValue(value: unknown) {
      const isWhole = Tokenization.isResolvable(value);
      this.whole = isWhole ? value : undefined;
      this.isEmpty = value !== undefined && !isWhole && Object.keys(value as object).length === 0;
      Inputs.of(this).setAll(isWhole ? {} : ((value as Values | undefined) ?? {}));
    }
  }
  defineMembers(BlockReference.prototype, fields, read);
  CLASSES.set(fields, BlockReference);
  return BlockReference;
}

/** Returns the value of a member. */
type Read = (owner: object, name: string, field: AttributeType | Nested) => unknown;

/** Adds a getter for each field, and a setter, `<field>Input`, `reset<Field>`, and `put<Field>` if users can set it. */
export function defineMembers(prototype: object, fields: Fields, readMember: Read): void {
  for (const [name, field] of Object.entries(fields)) {
    const camel = camelCase(name);
    const get = function (this: object) {
      return readMember(this, name, field);
    };
    if (!isInput(field)) {
      Object.defineProperty(prototype, camel, { configurable: true, get });
      continue;
    }
    const set = function (this: object, value: unknown) {
      Inputs.of(this).set(camel, value);
    };
    const input = function (this: object) {
      return Inputs.of(this).get(camel);
    };
    const reset = function (this: object) {
      Inputs.of(this).set(camel, undefined);
    };
    const isNested = typeof field !== 'string';
    Object.defineProperties(prototype, {
      [camel]: { configurable: true, get, ...(isNested ? {} : { set }) },
      [`${camel}Input`]: { configurable: true, get: input },
      [`reset${capitalized(camel)}`]: { configurable: true, value: reset },
      ...(isNested && { [`put${capitalized(camel)}`]: { configurable: true, value: set } }),
    });
  }
}

/** Returns a reference to an attribute or a block. */
export const read: Read = (owner, name, field) => {
  if (typeof field !== 'string') return Inputs.of(owner).referenceTo(name, field);
  const isComputed = !isInput(field);
  const type = isComputed ? field.slice('computed '.length) : field;
  return readAttribute(owner as Owner, name, type, isComputed);
};

function readAttribute(owner: Owner, name: string, type: string, isComputed: boolean): unknown {
  switch (type) {
    case 'string':
      return owner.getStringAttribute(name);
    case 'number':
      return owner.getNumberAttribute(name);
    case 'bool':
      return owner.getBooleanAttribute(name);
    case 'list(string)':
      return owner.getListAttribute(name);
    case 'set(string)':
      return Fn.tolist(owner.getListAttribute(name));
    case 'list(number)':
      return owner.getNumberListAttribute(name);
    case 'map(string)':
      return isComputed ? new StringMap(owner, name) : owner.getStringMapAttribute(name);
    case 'map(number)':
      return isComputed ? new NumberMap(owner, name) : owner.getNumberMapAttribute(name);
    case 'map(bool)':
      return isComputed ? new BooleanMap(owner, name) : owner.getBooleanMapAttribute(name);
    default:
      return type.startsWith('map(') ? new AnyMap(owner, name) : owner.interpolationForAttribute(name);
  }
}
