import type { IConstruct } from 'constructs';
import type { ErrorCode } from './error-codes';
import { type Problem, ProblemCollector } from './errors';
import { nearest } from './nearest';

/** A type that is checked at run time, because plain JavaScript ignores type declarations. */
export interface PropType {
  /** The allowed values, as the end of "must be …". */
  readonly allowed: string;
  /** The problem if a required value is missing. @default - the code is `ValueMissing`, and the fix is to set the prop */
  readonly missing?: Pick<Problem, 'code' | 'allowed' | 'fix'>;
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
export function required({ allowed, missing, validate: fits }: PropType): PropType {
  return {
    allowed,
    validate: (problems, prop, value) => {
      if (value !== undefined && value !== null) return fits(problems, prop, value);
      problems.add({ code: 'ValueMissing', prop, allowed, got: value, fix: `Set ${prop}.`, ...missing });
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

export const FUNCTION: PropType = propType('a function', (value) => typeof value === 'function', 'Pass a function.');

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

/** A list of strings that can be empty, such as arguments of a command. */
export const LINES: PropType = listOf(STRING_OR_EMPTY);

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

/** An object with its own schema. The schema is a function, because it can refer to a schema that is declared later. */
export function objectOf<P extends object>(schema: () => PropSchema<P>, allowed: string): PropType {
  const object = propType(allowed, isOptions, 'Write { name: value }.');
  return {
    allowed,
    validate: (problems, prop, value) =>
      object.validate(problems, prop, value) &&
      (!isObject(value) || validateEach(problems.within(prop), value, schema())),
  };
}

/** A value of one of several types. */
export function anyOf(...types: readonly [PropType, PropType, ...PropType[]]): PropType {
  const allowed = types.map((type) => type.allowed).join(', or ');
  return {
    allowed,
    validate: (problems, prop, value) => {
      const attempts = types.map((type) => {
        const attempt = new ProblemCollector();
        type.validate(attempt, prop, value);
        return attempt.all;
      });
      if (attempts.some((found) => found.length === 0)) return true;
      // The problem is inside the value if a type accepts the value itself.
      const inside = attempts.find((found) => found.every((one) => one.prop !== prop));
      const [first] = attempts;
      for (const problem of inside ?? first!.map((one) => ({ ...one, allowed }))) problems.add(problem);
      return false;
    },
  };
}

/** Marks the objects of a class, so that `instanceOf` recognizes them. npm can install two copies of the package, which do not share classes. */
export function brand(type: { readonly prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, symbolOf(name), { value: true });
}

/**
 * Objects of a class that `brand` marks, from any copy of the package.
 *
 * @param name layer and class, for example `aws.Capacity`, stable across releases
 */
export function instanceOf(name: string, allowed: string, fix: Fix): PropType {
  const mark = symbolOf(name);
  return propType(allowed, (value) => isObject(value) && mark in value, fix);
}

/** Objects with the given members. For interfaces of other packages, which do not exist at run time. */
export function hasMembers(allowed: string, members: readonly string[], fix: Fix): PropType {
  return propType(allowed, (value) => isObject(value) && members.every((member) => member in value), fix);
}

/** The type of a member, as `typeof` says it. */
export type MemberType = 'string' | 'number' | 'boolean' | 'function' | 'object';

/** Objects with members of the given types. For interfaces of this library, which a user's own object can implement. */
export function withMembers(allowed: string, members: Readonly<Record<string, MemberType>>, fix: Fix): PropType {
  const hasMember = (value: object, name: string, type: MemberType) => {
    if (!(name in value)) return false;
    const member = readable(value, name);
    return member === UNREADABLE || (typeof member === type && member !== null && member !== '');
  };
  return propType(
    allowed,
    (value) => isObject(value) && Object.entries(members).every(([name, type]) => hasMember(value, name, type)),
    fix,
  );
}

const UNREADABLE = Symbol('unreadable');

/** Returns a member, or a mark if reading it throws, as on an imported object without the attribute. */
function readable(value: object, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
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

/** Returns the props that a schema has: a composite construct passes them to a part. */
export function pick<P extends object>(schema: PropSchema<P>, props: P): P {
  return Object.fromEntries(Object.entries(props).filter(([prop]) => prop in schema)) as P;
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

function validateEach<P extends object>(problems: ProblemCollector, props: object, schema: PropSchema<P>): boolean {
  const valid = Object.entries<PropType>(schema)
    .map(([prop, { validate }]) => validate(problems, prop, (props as Record<string, unknown>)[prop]))
    .every(Boolean);
  return checkPropNames(problems, props, schema) && valid;
}

/** Rejects props that the schema does not have: a misspelled prop would have no effect. Objects of a class can have other members. */
export function checkPropNames(problems: ProblemCollector, props: object, schema: object): boolean {
  const known = Object.keys(schema);
  const prototype: unknown = Object.getPrototypeOf(props);
  if (prototype !== Object.prototype && prototype !== null) return true;
  const unknown = Object.entries(props).filter(([prop, value]) => value !== undefined && !known.includes(prop));
  for (const [prop, got] of unknown) {
    const close = nearest(prop, known, 1);
    const fix = isTerraformProvider(got)
      ? 'Call useProviders(scope, provider) for a scope above the construct.'
      : close.length > 0
        ? `Did you mean ${close.join('')}?`
        : `Remove it. The props are ${known.join(', ')}.`;
    const name = /^[\w$-]+$/.test(prop) ? prop : JSON.stringify(prop);
    problems.add({ code: 'PropUnknown', prop: name, allowed: 'left out: there is no such prop', got, fix });
  }
  return unknown.length === 0;
}

/** A provider of Terraform, detected by a member: this layer does not depend on CDK for Terraform. */
function isTerraformProvider(value: unknown): boolean {
  return isObject(value) && 'terraformProviderSource' in value;
}

function symbolOf(brandName: string): symbol {
  return Symbol.for(`ai-infra-constructs.${brandName}`);
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
