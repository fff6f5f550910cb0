import type { IConstruct } from 'constructs';
import type { ErrorCode } from './error-codes';
import { ProblemCollector } from './errors';

/** A type that is checked at run time, because plain JavaScript ignores type declarations. */
export interface PropType {
  /** The allowed values, as the end of "must be …". */
  readonly allowed: string;
  /** Returns whether a value has this type, and adds a problem if not. `undefined` is valid; `null` is not. */
  readonly validate: (problems: ProblemCollector, prop: string, value: unknown) => boolean;
}

/** The type of each prop. The compiler rejects a schema that lacks a prop. */
export type PropSchema<P> = { readonly [Prop in keyof P]-?: PropType };

/** How to fix a value. */
type Fix = string | ((value: unknown) => string);

/** Creates a type from a test. */
export function propType(
  allowed: string,
  test: (value: unknown) => boolean,
  fix: Fix = '',
  code: ErrorCode = 'PropType',
): PropType {
  return {
    allowed,
    validate: (problems, prop, value) => {
      if (value === undefined || test(value)) return true;
      const text = value === null ? 'Use undefined to get the default: null is not a value.' : fix;
      problems.add({ code, prop, allowed, got: value, fix: typeof text === 'string' ? text : text(value) });
      return false;
    },
  };
}

/** Returns the same type, but required. */
export function required({ allowed, validate: fits }: PropType): PropType {
  return {
    allowed,
    validate: (problems, prop, value) => {
      if (value !== undefined && value !== null) return fits(problems, prop, value);
      problems.add({ code: 'ValueMissing', prop, allowed, got: value, fix: `Set ${prop}.` });
      return false;
    },
  };
}

/** Any value. Another rule checks it. */
export const ANY: PropType = propType('anything', () => true);

export const BOOLEAN: PropType = propType(
  'true or false',
  (value) => typeof value === 'boolean',
  'Write true or false, without quotes.',
);

export const NUMBER: PropType = propType(
  'a number',
  (value) => typeof value === 'number',
  (value) => (typeof value === 'string' ? 'Write it as a number, not a string.' : 'Write a number.'),
);

/** A string that is not empty. An empty string is usually an environment variable that is not set. */
export const STRING: PropType = propType('a string', (value) => isString(value) && value !== '', stringFix);

/** A string that can be empty, such as a line of a script. */
export const STRING_OR_EMPTY: PropType = propType('a string', isString, stringFix);

export const DATE: PropType = propType(
  'a Date',
  (value) => Object.prototype.toString.call(value) === '[object Date]',
  "Use new Date('2030-01-31').",
);

/** One of the given values, such as the members of an enum. */
export function oneOf(values: readonly (string | number)[]): PropType {
  const allowed = `one of ${values.join(', ')}`;
  return propType(
    allowed,
    (value) => (values as unknown[]).includes(value),
    'Use one of these values.',
    'ChoiceUnknown',
  );
}

/** A list whose items all have one type. */
export function listOf(item: PropType): PropType {
  const list = propType(`a list, each item ${item.allowed}`, Array.isArray, 'Put it in [ ].');
  const each = required(item);
  return {
    allowed: list.allowed,
    validate: (problems, prop, value) =>
      list.validate(problems, prop, value) &&
      // Array.from turns holes into items, so every item is checked and every problem is reported.
      Array.from<unknown>((value ?? []) as ArrayLike<unknown>)
        .map((one, index) => each.validate(problems, `${prop}[${index}]`, one))
        .every(Boolean),
  };
}

/** An object with any entries. */
export const RECORD: PropType = propType('an object with entries', isRecord, 'Write { name: value }.');

/** An object whose entries all have one type. */
export function recordOf(entry: PropType): PropType {
  const record = propType(`an object, each entry ${entry.allowed}`, isRecord, 'Write { name: value }.');
  const each = required(entry);
  return {
    allowed: record.allowed,
    validate: (problems, prop, value) =>
      record.validate(problems, prop, value) &&
      Object.entries(value ?? {})
        .map(([name, one]) => each.validate(problems, `${prop}.${name}`, one))
        .every(Boolean),
  };
}

/** An object with its own schema. */
export function objectOf<P extends object>(shape: PropSchema<P>, allowed = 'an object with its options'): PropType {
  const object = propType(allowed, isOptions, 'Write { name: value }.');
  return {
    allowed,
    validate: (problems, prop, value) =>
      object.validate(problems, prop, value) && (!isObject(value) || validateEach(problems.within(prop), value, shape)),
  };
}

/**
 * Objects of a class of this library, from any copy of the package. npm can install two copies, which do not share classes.
 *
 * @param name a key in the global symbol registry, stable across releases
 */
export function branded(type: { readonly prototype: object }, name: string, allowed: string, fix: Fix): PropType {
  const mark = Symbol.for(`ai-infra-constructs.${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  return propType(allowed, (value) => isObject(value) && mark in value, fix);
}

/** Objects with the given members. For interfaces, which do not exist at run time. */
export function hasMembers(allowed: string, members: readonly string[], fix: Fix): PropType {
  return propType(allowed, (value) => isObject(value) && members.every((member) => member in value), fix);
}

/** Returns whether all props have the right types. Rules about values run later and can rely on the types. */
export function validateProps<P extends object>(
  problems: ProblemCollector,
  props: unknown,
  shape: PropSchema<P>,
  name = 'props',
): boolean {
  return required(PROPS).validate(problems, name, props) && validateEach(problems, props as object, shape);
}

/** Returns a schema without some of its props, which a composite construct sets itself. */
export function without<P, Left extends keyof P>(
  shape: PropSchema<P>,
  ...left: readonly Left[]
): PropSchema<Omit<P, Left>> {
  const kept = Object.entries(shape).filter(([prop]) => !(left as readonly string[]).includes(prop));
  return Object.fromEntries(kept) as PropSchema<Omit<P, Left>>;
}

/** Throws one error for all props that have the wrong type. */
export function assertProps<P extends object>(
  props: unknown,
  shape: PropSchema<P>,
  { scope, name }: { readonly scope?: IConstruct; readonly name?: string } = {},
): void {
  const problems = new ProblemCollector();
  validateProps(problems, props, shape, name);
  problems.throwIfAny(scope);
}

/** Returns what `resolve` derives from valid props. Throws one error for all wrong types or, if all types are right, for all invalid values. */
export function validated<P extends object, S>(
  scope: IConstruct,
  props: P,
  shape: PropSchema<P>,
  resolve: (problems: ProblemCollector) => S | undefined,
): S {
  const problems = new ProblemCollector();
  const resolved = validateProps(problems, props, shape) ? resolve(problems) : undefined;
  problems.throwIfAny(scope);
  return resolved!;
}

/** A construct, from any copy of `constructs`. */
export const CONSTRUCT: PropType = propType('a construct', isConstruct, 'Pass a stack, or a construct in one.');

const PROPS = propType('an object with props', isOptions, 'Write { name: value }.');

function validateEach<P extends object>(problems: ProblemCollector, props: object, shape: PropSchema<P>): boolean {
  return Object.entries<PropType>(shape)
    .map(([prop, { validate }]) => validate(problems, prop, (props as Record<string, unknown>)[prop]))
    .every(Boolean);
}

function isConstruct(value: unknown): boolean {
  return isObject(value) && 'node' in value && isObject(value.node) && 'path' in value.node;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A plain object, or a construct with the same members, but not a Map or a Date. */
function isOptions(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isRecord(value: unknown): boolean {
  return isOptions(value) && !isConstruct(value);
}

// The AWS CDK and CDK for Terraform encode list tokens in this form. Their items are not strings.
const ITEM_OF_TOKEN = /^#\{(Tf)?Token\[/;

function isString(value: unknown): value is string {
  return typeof value === 'string' && !ITEM_OF_TOKEN.test(value);
}

function stringFix(value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? 'List the values: a token list is known only at deployment.'
    : 'Write a string.';
}
