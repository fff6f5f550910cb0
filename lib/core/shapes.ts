import type { IConstruct } from 'constructs';
import type { ErrorCode } from './error-codes';
import { Problems } from './errors';

/** A type of value, judged at run time: plain JavaScript reads no declarations. */
export interface Kind {
  /** What is allowed, as the end of "must be …". */
  readonly allowed: string;
  /** Whether a value is of this kind; adds a problem where it is not. Absent is fine, and `null` is not absent. */
  readonly fits: (problems: Problems, prop: string, value: unknown) => boolean;
}

/** The kind of each prop: the compiler refuses a prop without one. */
export type Shape<P> = { readonly [Prop in keyof P]-?: Kind };

/** How to mend a value. */
type Fix = string | ((value: unknown) => string);

/** A kind by its test. */
export function kind(
  allowed: string,
  test: (value: unknown) => boolean,
  fix: Fix = '',
  code: ErrorCode = 'PropType',
): Kind {
  return {
    allowed,
    fits: (problems, prop, value) => {
      if (value === undefined || test(value)) return true;
      const text = value === null ? 'Leave it out where it has a default: null is no value.' : fix;
      problems.add({ code, prop, allowed, got: value, fix: typeof text === 'string' ? text : text(value) });
      return false;
    },
  };
}

/** That kind, and never absent. */
export function required({ allowed, fits }: Kind): Kind {
  return {
    allowed,
    fits: (problems, prop, value) => {
      if (value !== undefined && value !== null) return fits(problems, prop, value);
      problems.add({ code: 'ValueMissing', prop, allowed, got: value, fix: `Give ${prop}.` });
      return false;
    },
  };
}

/** Whatever a rule of its own judges. */
export const ANYTHING: Kind = kind('anything', () => true);

export const FLAG: Kind = kind(
  'true or false',
  (value) => typeof value === 'boolean',
  'Write true or false, without quotes.',
);

export const NUMBER: Kind = kind(
  'a number',
  (value) => typeof value === 'number',
  (value) => (typeof value === 'string' ? 'Write it as a number, not text.' : 'Write a number.'),
);

/** The empty text says nothing: it is most often a variable of the environment that is not set. */
export const TEXT: Kind = kind('a text', (value) => isText(value) && value !== '', textFix);

/** A text that may say nothing, such as a line of a script. */
export const TEXT_OR_EMPTY: Kind = kind('a text', isText, textFix);

export const DATE: Kind = kind(
  'a Date',
  (value) => Object.prototype.toString.call(value) === '[object Date]',
  "Use new Date('2030-01-31').",
);

/** One of some values, as an enum has them. */
export function oneOf(values: readonly (string | number)[]): Kind {
  const allowed = `one of ${values.join(', ')}`;
  return kind(allowed, (value) => (values as unknown[]).includes(value), 'Take one of these.', 'ChoiceUnknown');
}

/** A list whose every item is of a kind. */
export function listOf(item: Kind): Kind {
  const list = kind(`a list, each item ${item.allowed}`, Array.isArray, 'Put it into [ ].');
  const each = required(item);
  return {
    allowed: list.allowed,
    fits: (problems, prop, value) =>
      list.fits(problems, prop, value) &&
      // Array.from turns holes into items: all items are judged, and all that is wrong is told.
      Array.from<unknown>((value ?? []) as ArrayLike<unknown>)
        .map((one, index) => each.fits(problems, `${prop}[${index}]`, one))
        .every(Boolean),
  };
}

/** An object with entries, whatever they are. */
export const RECORD: Kind = kind('an object with entries', isRecord, 'Write { name: value }.');

/** An object whose every entry is of a kind. */
export function recordOf(entry: Kind): Kind {
  const record = kind(`an object, each entry ${entry.allowed}`, isRecord, 'Write { name: value }.');
  const each = required(entry);
  return {
    allowed: record.allowed,
    fits: (problems, prop, value) =>
      record.fits(problems, prop, value) &&
      Object.entries(value ?? {})
        .map(([name, one]) => each.fits(problems, `${prop}.${name}`, one))
        .every(Boolean),
  };
}

/** An object with props of its own. */
export function objectOf<P extends object>(shape: Shape<P>, allowed = 'an object with its options'): Kind {
  const object = kind(allowed, isOptions, 'Write { name: value }.');
  return {
    allowed,
    fits: (problems, prop, value) =>
      object.fits(problems, prop, value) && (!isObject(value) || propsFit(problems.within(prop), value, shape)),
  };
}

/**
 * Objects of a class of this library, whichever copy of the package made them: two copies, as npm may install them, share no class.
 *
 * @param name stable across releases: a mark in the global registry of symbols
 */
export function branded(type: { readonly prototype: object }, name: string, allowed: string, fix: Fix): Kind {
  const mark = Symbol.for(`ai-infra-constructs.${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  return kind(allowed, (value) => isObject(value) && mark in value, fix);
}

/** Objects that have some members: for interfaces, which leave no trace at run time. */
export function having(allowed: string, members: readonly string[], fix: Fix): Kind {
  return kind(allowed, (value) => isObject(value) && members.every((member) => member in value), fix);
}

/** Whether props, as someone gave them, have the right kinds. Rules about values come after: they may trust the types. */
export function fits<P extends object>(problems: Problems, props: unknown, shape: Shape<P>, name = 'props'): boolean {
  return required(PROPS).fits(problems, name, props) && propsFit(problems, props as object, shape);
}

/** A shape without some of its props: for what a composite gives its parts itself. */
export function without<P, Left extends keyof P>(shape: Shape<P>, ...left: readonly Left[]): Shape<Omit<P, Left>> {
  const kept = Object.entries(shape).filter(([prop]) => !(left as readonly string[]).includes(prop));
  return Object.fromEntries(kept) as Shape<Omit<P, Left>>;
}

/** Throws one error for all props of the wrong kind. */
export function demand<P extends object>(
  props: unknown,
  shape: Shape<P>,
  { scope, name }: { readonly scope?: IConstruct; readonly name?: string } = {},
): void {
  const problems = new Problems();
  fits(problems, props, shape, name);
  problems.throwIfAny(scope);
}

/** What the rules of a construct settle from its props; throws one error for all that is wrong with their kinds, or else with their values. */
export function judged<P extends object, S>(
  scope: IConstruct,
  props: P,
  shape: Shape<P>,
  settle: (problems: Problems) => S | undefined,
): S {
  const problems = new Problems();
  const settled = fits(problems, props, shape) ? settle(problems) : undefined;
  problems.throwIfAny(scope);
  return settled!;
}

/** A construct, of whichever copy of `constructs`. */
export const CONSTRUCT: Kind = kind('a construct', isConstruct, 'Pass a stack, or a construct in one.');

const PROPS = kind('an object with props', isOptions, 'Write { name: value }.');

function propsFit<P extends object>(problems: Problems, props: object, shape: Shape<P>): boolean {
  return Object.entries<Kind>(shape)
    .map(([prop, { fits: judge }]) => judge(problems, prop, (props as Record<string, unknown>)[prop]))
    .every(Boolean);
}

function isConstruct(value: unknown): boolean {
  return isObject(value) && 'node' in value && isObject(value.node) && 'path' in value.node;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** No Map and no Date: something that may have been written as { … }, or a construct that has the same members. */
function isOptions(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isRecord(value: unknown): boolean {
  return isOptions(value) && !isConstruct(value);
}

// As the CDK, and CDK for Terraform, write a list that only the deployment knows: its items are no texts by themselves.
const ITEM_OF_TOKEN = /^#\{(Tf)?Token\[/;

function isText(value: unknown): value is string {
  return typeof value === 'string' && !ITEM_OF_TOKEN.test(value);
}

function textFix(value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? 'List the values: a token list is known only at deployment.'
    : 'Write a text.';
}
