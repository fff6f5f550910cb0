import { createHash, randomUUID } from 'node:crypto';
import compile from 'jsonata';
import { StatesError } from './errors';

/** A value of JSON. */
export type Json = ReturnType<typeof JSON.parse>;

/** Names that an expression can use: `states` and the variables. */
export type Bindings = Readonly<Record<string, unknown>>;

/** Whether a string is an expression: `{% … %}`. */
export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}');
}

/** Replaces each expression in a value, at any depth, with its result. */
export async function evaluateAll(value: unknown, bindings: Bindings): Promise<Json> {
  if (typeof value === 'string') return isExpression(value) ? evaluate(value, bindings) : value;
  if (Array.isArray(value)) return Promise.all(value.map((each) => evaluateAll(each, bindings)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([name, each]) => [name, await evaluateAll(each, bindings)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluate(text: string, bindings: Bindings): Promise<Json> {
  let result: unknown;
  try {
    result = await parsed(text).evaluate(undefined, bindings as Record<string, unknown>);
  } catch (error) {
    throw new StatesError(
      'States.QueryEvaluationError',
      `${text}: ${(error as Error).message ?? JSON.stringify(error)}`,
    );
  }
  if (result === undefined) throw new StatesError('States.QueryEvaluationError', `${text} has no result`);
  return JSON.parse(JSON.stringify(result));
}

const CACHE = new Map<string, ReturnType<typeof compile>>();

/** Parses an expression. Throws an error if it is invalid. */
export function parsed(text: string): ReturnType<typeof compile> {
  const cached = CACHE.get(text);
  if (cached) return cached;
  const expression = compile(text.slice(2, -2));
  // Functions that Step Functions adds to JSONata, and `eval`, which it does not support.
  expression.registerFunction('partition', partition);
  expression.registerFunction('range', range);
  expression.registerFunction('hash', hash);
  expression.registerFunction('uuid', () => randomUUID());
  expression.registerFunction('parse', (json: string) => JSON.parse(json) as unknown);
  expression.registerFunction('eval', () => {
    throw new Error('Step Functions has no $eval');
  });
  CACHE.set(text, expression);
  return expression;
}

function partition(values: unknown[], size: number): unknown[][] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, index) => [...values.slice(index * size, (index + 1) * size)]);
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function hash(value: string, algorithm: string): string {
  return createHash(algorithm.replace('-', '').toLowerCase()).update(value).digest('hex');
}
