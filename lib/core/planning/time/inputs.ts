import { type Problem, ProblemCollector } from '../../errors';

const LARGEST = 1e18;
const SMALLEST = 1e-9;

const RULES = {
  positive: { allowed: `a number from ${SMALLEST} to ${LARGEST}`, holds: (n: number) => n >= SMALLEST && n <= LARGEST },
  notNegative: { allowed: `a number from 0 to ${LARGEST}`, holds: (n: number) => n >= 0 && n <= LARGEST },
  count: {
    allowed: `a whole number from 1 to ${LARGEST}`,
    holds: (n: number) => Number.isInteger(n) && n >= 1 && n <= LARGEST,
  },
  share: { allowed: 'greater than 0 and at most 1', holds: (n: number) => n >= SMALLEST && n <= 1 },
} as const;

/** The allowed values of a number. */
export type NumberRule = keyof typeof RULES;

/** The rule of each number of `T`. The prefix `?` marks an optional number. */
export type NumberRules<T> = { readonly [K in keyof T]?: NumberRule | `?${NumberRule}` };

/** Throws one error that lists every number out of range. Checks types too, because plain JavaScript ignores type declarations. */
export function checkNumbers<T extends object>(input: T, rules: NumberRules<T>): void {
  if (areValid(input, rules)) return;
  const problems = new ProblemCollector();
  problemsOf(input, rules).forEach((one) => problems.add(one));
  problems.throwIfAny();
}

/** Returns whether all numbers are valid, without creating messages. Plans call it thousands of times. */
function areValid<T extends object>(input: T, rules: NumberRules<T>): boolean {
  if (typeof input !== 'object' || input === null) return false;
  for (const prop in rules) {
    if (!isAllowed(rules[prop]!, input[prop])) return false;
  }
  return true;
}

function isAllowed(rule: string, got: unknown): boolean {
  if (got === undefined && rule.startsWith('?')) return true;
  return typeof got === 'number' && ruleOf(rule).holds(got);
}

function ruleOf(rule: string): (typeof RULES)[NumberRule] {
  return RULES[(rule.startsWith('?') ? rule.slice(1) : rule) as NumberRule];
}

function problemsOf<T extends object>(input: T, rules: NumberRules<T>): Problem[] {
  if (typeof input !== 'object' || input === null) {
    return [invalidNumber('input', 'an object with numbers', input)];
  }
  return Object.entries<string>(rules as Record<string, string>).flatMap(([prop, rule]) => {
    const got: unknown = input[prop as keyof T];
    return isAllowed(rule, got) ? [] : [invalidNumber(prop, ruleOf(rule).allowed, got)];
  });
}

function invalidNumber(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PlanningInput', prop, allowed, got, fix: 'Use a plain number, in the unit of the name.' };
}

/** Throws if a value is not one of the choices. `undefined` is valid. */
export function checkChoice<T extends string>(prop: string, got: T | undefined, choices: readonly T[]): void {
  if (got === undefined || choices.includes(got)) return;
  const problems = new ProblemCollector();
  problems.add({
    code: 'PlanningInput',
    prop,
    allowed: `one of ${choices.join(', ')}`,
    got,
    fix: 'Use one of these values.',
  });
  problems.throwIfAny();
}
