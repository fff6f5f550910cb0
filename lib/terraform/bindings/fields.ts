import { canInspect, Tokenization } from 'cdktf';
import { camelCase } from './names';

/** Type of an attribute: `string`, `list(string)`, `map(string)`, and so on. Users cannot set an attribute that starts with `computed`. */
export type AttributeType = string;

/** How often a block occurs: at most once as an item of a list or set, in a list or set, or once. */
export type Nesting = 'list[1]' | 'set[1]' | 'list' | 'set' | 'single';

/** A block, or an attribute with objects. */
export interface Nested {
  readonly nesting: Nesting;
  /** Whether it is written as an attribute in HCL. */
  readonly isAttribute?: boolean;
  /** Whether users cannot set it. */
  readonly isComputed?: boolean;
  readonly fields: Fields;
}

/** Attributes and blocks by their names in Terraform. */
export type Fields = Readonly<Record<string, AttributeType | Nested>>;

/** An optional block. Terraform stores it as a list with one item. */
export const block = (fields: Fields): Nested => ({ nesting: 'list[1]', fields });
/** An optional block. Terraform stores it as a set with one item. */
export const blockInSet = (fields: Fields): Nested => ({ nesting: 'set[1]', fields });
/** A list of blocks. */
export const blocks = (fields: Fields): Nested => ({ nesting: 'list', fields });
/** A set of blocks. */
export const blockSet = (fields: Fields): Nested => ({ nesting: 'set', fields });
/** A block that is not in a list, such as `timeouts`. */
export const singleBlock = (fields: Fields): Nested => ({ nesting: 'single', fields });
/** An attribute with a list of objects. */
export const objects = (fields: Fields): Nested => ({ nesting: 'list', isAttribute: true, fields });
/** An attribute with a list of objects that users cannot set. */
export const computedObjects = (fields: Fields): Nested => ({
  nesting: 'list',
  isAttribute: true,
  isComputed: true,
  fields,
});

/** Whether users can set a field. */
export function isInput(field: AttributeType | Nested): boolean {
  return typeof field === 'string' ? !field.startsWith('computed ') : !field.isComputed;
}

/** Whether the value of a field is one object, not a list of objects. */
export function isOne({ nesting }: Nested): boolean {
  return nesting === 'list[1]' || nesting === 'set[1]' || nesting === 'single';
}

/** Values of fields by their names in TypeScript. */
export type Values = Readonly<Record<string, unknown>>;

/** Converts values to the names of Terraform. Undefined values and unknown keys are left out. */
export function toTerraform(fields: Fields, values: Values): Record<string, unknown> {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value = values[camelCase(name)];
    if (value === undefined || !isInput(field)) return [];
    return [[name, typeof field === 'string' ? value : nestedValue(field, value, toTerraform)] as const];
  });
  return Object.fromEntries(entries);
}

interface HclAttribute {
  readonly value: unknown;
  readonly isBlock: boolean;
  readonly type: string;
  readonly storageClassType: string;
}

/** Converts values to the form that the HCL renderer of CDK for Terraform reads. */
export function toHcl(fields: Fields, values: Values): Record<string, HclAttribute> {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value = values[camelCase(name)];
    if (value === undefined || !isInput(field)) return [];
    return [[name, typeof field === 'string' ? hclAttribute(field, value) : hclBlock(name, field, value)] as const];
  });
  return Object.fromEntries(entries);
}

const STORAGE: Readonly<Record<string, string>> = { string: 'string', number: 'number', bool: 'boolean' };

function hclAttribute(type: AttributeType, value: unknown): HclAttribute {
  const [, collection = '', item = ''] = /^(list|set|map)\((\w+)\)$/.exec(type) ?? [];
  if (!collection) return { value, isBlock: false, type: 'simple', storageClassType: STORAGE[type] ?? 'any' };
  const storageClassType = `${STORAGE[item] ?? 'any'}${collection === 'map' ? 'Map' : 'List'}`;
  return { value, isBlock: false, type: collection, storageClassType };
}

function hclBlock(name: string, field: Nested, value: unknown): HclAttribute {
  const [type = ''] = field.nesting.split('[');
  return {
    value: nestedValue(field, value, toHcl),
    isBlock: !field.isAttribute,
    type: type === 'single' ? 'struct' : type,
    storageClassType: type === 'single' ? name : `${name}List`,
  };
}

type Conversion = (fields: Fields, values: Values) => unknown;

function nestedValue({ fields }: Nested, value: unknown, convert: Conversion): unknown {
  const one = (item: unknown) => {
    if (!canInspect(item) || Tokenization.isResolvable(item)) return item;
    return convert(fields, item as Values);
  };
  return Array.isArray(value) ? value.map(one) : one(value);
}
