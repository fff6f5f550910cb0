import type { Construct, IConstruct } from 'constructs';
import { AiInfraError } from 'ai-infra-constructs';

/** Tokens of one framework: values that are known only at deployment. */
export interface Tokens {
  readonly number: unknown;
  readonly text: unknown;
  readonly list: unknown;
}

/** A value and its name in the test. */
export type Hostile = readonly [name: string, value: unknown];

/** Values that plain JavaScript can pass. */
export function hostileValues({ number, text, list }: Tokens): readonly Hostile[] {
  return [
    ['null', null],
    ["''", ''],
    ["'text'", 'text'],
    ['0', 0],
    ['-1', -1],
    ['3', 3],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['10n', 10n],
    ['{}', {}],
    ['{ a: null }', { a: null }],
    ['an object without prototype', Object.create(null)],
    ['[]', []],
    ['[null]', [null]],
    ["['text']", ['text']],
    ['[{}]', [{}]],
    ['true', true],
    ['a function', () => 'text'],
    ['a symbol', Symbol('text')],
    ['a date', new Date(0)],
    ['a token number', number],
    ['a token text', text],
    ['a token list', list],
  ];
}

/**
 * Creates `Subject` in a scope. Returns `accepted` after a synthesis, or the problems of one coded error if no child was created. Throws
 * anything else.
 */
export function outcomeIn(
  scope: Construct,
  { make, synth }: { readonly make: () => IConstruct; readonly synth: () => unknown },
): 'accepted' | string[] {
  const before = scope.node.findAll().length;
  try {
    make();
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    const built = scope.node.tryFindChild('Subject');
    expect(built?.node.children ?? []).toEqual([]);
    expect(scope.node.findAll()).toHaveLength(before + (built ? 1 : 0));
    return error.problems.map(({ prop, allowed }) => `${prop} must be ${allowed}`);
  }
  synth();
  return 'accepted';
}
