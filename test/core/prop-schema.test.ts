import { Construct } from 'constructs';
import { ProblemCollector } from '../../lib/core/errors';
import {
  branded,
  CONSTRUCT,
  DATE,
  assertProps,
  validateProps,
  BOOLEAN,
  hasMembers,
  type PropType,
  listOf,
  NUMBER,
  objectOf,
  oneOf,
  RECORD,
  recordOf,
  required,
  STRING,
  STRING_OR_EMPTY,
  without,
} from '../../lib/core/prop-schema';
import { errorOf } from '../aws/support';

/** Returns `code prop` for each problem of a value. */
function wrong(type: PropType, value: unknown): string[] {
  const problems = new ProblemCollector();
  expect(type.validate(problems, 'it', value)).toBe(problems.all.length === 0);
  return problems.all.map(({ code, prop }) => `${code} ${prop}`);
}

class Spoon {}
const SPOON = branded(Spoon, 'Spoon', 'a Spoon', 'Use new Spoon().');
const ROOT = new Construct(undefined as unknown as Construct, '');

describe.each<[string, PropType, unknown[], unknown[]]>([
  ['BOOLEAN', BOOLEAN, [true, false], ['true', 0, {}]],
  ['NUMBER', NUMBER, [0, Number.NaN], ['4', 4n, {}]],
  [
    'STRING',
    STRING,
    ['a', '${Token[TOKEN.1]}'],
    ['', 5, ['a'], Symbol('a'), '#{Token[TOKEN.1]}', '#{TfToken[TOKEN.1]}'],
  ],
  ['STRING_OR_EMPTY', STRING_OR_EMPTY, ['', 'a'], [5, {}, '#{Token[TOKEN.1]}']],
  ['DATE', DATE, [new Date()], ['2030-01-01', 0, {}]],
  ['RECORD', RECORD, [{}, Object.create(null), { a: 1 }], [[], new Map(), new Date(), ROOT, 'a']],
  ['CONSTRUCT', CONSTRUCT, [ROOT], [{}, { node: {} }, 'a', () => ROOT]],
  ['hasMembers', hasMembers('a widget', ['id'], 'Fix it.'), [{ id: undefined }], [{}, [], 'id']],
  ['branded', SPOON, [new Spoon()], [{}, Spoon, 'Spoon']],
])('%s', (_, kind, right, others) => {
  test('accepts undefined unless it is required', () => {
    expect(wrong(kind, undefined)).toEqual([]);
    expect(wrong(required(kind), undefined)).toEqual(['ValueMissing it']);
  });

  test('rejects null', () => {
    expect(wrong(kind, null)).toEqual(['PropType it']);
    expect(wrong(required(kind), null)).toEqual(['ValueMissing it']);
  });

  test.each(right)('accepts %p', (value) => {
    expect(wrong(kind, value)).toEqual([]);
  });

  test.each(others)('rejects %p', (value) => {
    expect(wrong(kind, value)).toEqual(['PropType it']);
  });
});

test('oneOf accepts only the given values', () => {
  expect(wrong(oneOf(['a', 1]), 'a')).toEqual([]);
  expect(wrong(oneOf(['a', 1]), '1')).toEqual(['ChoiceUnknown it']);
});

test('listOf checks every item, including holes', () => {
  const list = listOf(NUMBER);
  expect(wrong(list, [1, 2])).toEqual([]);
  expect(wrong(list, 'ab')).toEqual(['PropType it']);
  expect(wrong(list, [1, 'a', null, ...Array(1)])).toEqual([
    'PropType it[1]',
    'ValueMissing it[2]',
    'ValueMissing it[3]',
  ]);
});

test('recordOf checks every entry', () => {
  expect(wrong(recordOf(STRING), { a: 'b' })).toEqual([]);
  expect(wrong(recordOf(STRING), { a: 5, b: null })).toEqual(['PropType it.a', 'ValueMissing it.b']);
});

test('objectOf checks every prop', () => {
  const card = objectOf<{ size: number; efa?: boolean }>({ size: required(NUMBER), efa: BOOLEAN });
  expect(wrong(card, { size: 1, other: 'x' })).toEqual([]);
  expect(wrong(card, { efa: 'yes' })).toEqual(['ValueMissing it.size', 'PropType it.efa']);
  expect(wrong(card, [])).toEqual(['PropType it']);
});

test('without removes props from a schema', () => {
  const shape = without<{ count: number; name: string; flag: boolean }, 'count' | 'flag'>(
    { count: required(NUMBER), name: STRING, flag: BOOLEAN },
    'count',
    'flag',
  );
  expect(shape).toEqual({ name: STRING });
});

test('validateProps rejects props that are not an object', () => {
  for (const props of ['string', 5, [], () => 5]) {
    const problems = new ProblemCollector();
    expect(validateProps(problems, props, { size: NUMBER })).toBe(false);
    expect(problems.all).toMatchObject([{ code: 'PropType', prop: 'props' }]);
  }
});

test('assertProps reports the given value and the fix', () => {
  expect(
    errorOf(() => {
      assertProps({ spoon: 'tea' }, { spoon: SPOON }, { scope: new Construct(ROOT, 'Cup') });
    }).message,
  ).toBe("Cup: spoon must be a Spoon (got 'tea'). Use new Spoon(). [PropType]");
});

test('branded recognizes another copy of a class', () => {
  class Other {}
  branded(Other, 'Spoon', 'a Spoon', '');
  expect(wrong(SPOON, new Other())).toEqual([]);
});
