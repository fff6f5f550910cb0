import { type Problem, Problems } from '../errors';

const LARGEST = 1e18;
const SMALLEST = 1e-9;

const RULES = {
  positive: { allowed: `a number from ${SMALLEST} to ${LARGEST}`, holds: (n: number) => n >= SMALLEST && n <= LARGEST },
  notNegative: { allowed: `a number from 0 to ${LARGEST}`, holds: (n: number) => n >= 0 && n <= LARGEST },
  count: {
    allowed: `a whole number from 1 to ${LARGEST}`,
    holds: (n: number) => Number.isInteger(n) && n >= 1 && n <= LARGEST,
  },
  share: { allowed: 'above 0 and at most 1', holds: (n: number) => n >= SMALLEST && n <= 1 },
} as const;

/** What a number of the planner may be. */
export type NumberRule = keyof typeof RULES;

/** The rule of each number of `T`; `?` before it lets the number be absent. */
export type NumberRules<T> = { readonly [K in keyof T]?: NumberRule | `?${NumberRule}` };

/** Throws one error that names every number out of range, whatever an untyped caller passed. */
export function checkNumbers<T extends object>(input: T, rules: NumberRules<T>): void {
  if (isSound(input, rules)) return;
  const problems = new Problems();
  findFaults(input, rules).forEach((fault) => problems.add(fault));
  problems.throwIfAny();
}

/** The same question without an answer in words: plans ask it thousands of times, and hardly ever hear no. */
function isSound<T extends object>(input: T, rules: NumberRules<T>): boolean {
  if (typeof input !== 'object' || input === null) return false;
  for (const prop in rules) {
    if (!keeps(rules[prop]!, input[prop])) return false;
  }
  return true;
}

function keeps(rule: string, got: unknown): boolean {
  if (got === undefined && rule.startsWith('?')) return true;
  return typeof got === 'number' && ruleOf(rule).holds(got);
}

function ruleOf(rule: string): (typeof RULES)[NumberRule] {
  return RULES[(rule.startsWith('?') ? rule.slice(1) : rule) as NumberRule];
}

function findFaults<T extends object>(input: T, rules: NumberRules<T>): Problem[] {
  if (typeof input !== 'object' || input === null) {
    return [fault('input', 'an object of numbers', input)];
  }
  return Object.entries<string>(rules as Record<string, string>).flatMap(([prop, rule]) => {
    const got: unknown = input[prop as keyof T];
    return keeps(rule, got) ? [] : [fault(prop, ruleOf(rule).allowed, got)];
  });
}

function fault(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PlanningInput', prop, allowed, got, fix: 'Give a plain number in the unit that its name tells.' };
}

/** Throws if a choice is none of those that exist. */
export function checkChoice<T extends string>(prop: string, got: T | undefined, choices: readonly T[]): void {
  if (got === undefined || choices.includes(got)) return;
  const problems = new Problems();
  problems.add({
    code: 'PlanningInput',
    prop,
    allowed: `one of ${choices.join(', ')}`,
    got,
    fix: 'Choose one of them.',
  });
  problems.throwIfAny();
}
