import { Construct } from 'constructs';
import { Problems } from '../../lib/core/errors';
import {
  branded,
  CONSTRUCT,
  DATE,
  demand,
  fits,
  FLAG,
  having,
  type Kind,
  listOf,
  NUMBER,
  objectOf,
  oneOf,
  RECORD,
  recordOf,
  required,
  TEXT,
  TEXT_OR_EMPTY,
  without,
} from '../../lib/core/shapes';
import { errorOf } from '../aws/support';

/** `code prop` of what is wrong with a value. */
function wrong(kind: Kind, value: unknown): string[] {
  const problems = new Problems();
  expect(kind.fits(problems, 'it', value)).toBe(problems.all.length === 0);
  return problems.all.map(({ code, prop }) => `${code} ${prop}`);
}

class Spoon {}
const SPOON = branded(Spoon, 'Spoon', 'a Spoon', 'Use new Spoon().');
const ROOT = new Construct(undefined as unknown as Construct, '');

describe.each<[string, Kind, unknown[], unknown[]]>([
  ['FLAG', FLAG, [true, false], ['true', 0, {}]],
  ['NUMBER', NUMBER, [0, Number.NaN], ['4', 4n, {}]],
  ['TEXT', TEXT, ['a', '${Token[TOKEN.1]}'], ['', 5, ['a'], Symbol('a'), '#{Token[TOKEN.1]}', '#{TfToken[TOKEN.1]}']],
  ['TEXT_OR_EMPTY', TEXT_OR_EMPTY, ['', 'a'], [5, {}, '#{Token[TOKEN.1]}']],
  ['DATE', DATE, [new Date()], ['2030-01-01', 0, {}]],
  ['RECORD', RECORD, [{}, Object.create(null), { a: 1 }], [[], new Map(), new Date(), ROOT, 'a']],
  ['CONSTRUCT', CONSTRUCT, [ROOT], [{}, { node: {} }, 'a', () => ROOT]],
  ['having', having('a thing', ['id'], 'Fix it.'), [{ id: undefined }], [{}, [], 'id']],
  ['branded', SPOON, [new Spoon()], [{}, Spoon, 'Spoon']],
])('%s', (_, kind, right, others) => {
  test('may be absent', () => {
    expect(wrong(kind, undefined)).toEqual([]);
    expect(wrong(required(kind), undefined)).toEqual(['ValueMissing it']);
  });

  test('is never null', () => {
    expect(wrong(kind, null)).toEqual(['PropType it']);
    expect(wrong(required(kind), null)).toEqual(['ValueMissing it']);
  });

  test.each(right)('is %p', (value) => {
    expect(wrong(kind, value)).toEqual([]);
  });

  test.each(others)('is not %p', (value) => {
    expect(wrong(kind, value)).toEqual(['PropType it']);
  });
});

test('one of some values is none of the others', () => {
  expect(wrong(oneOf(['a', 1]), 'a')).toEqual([]);
  expect(wrong(oneOf(['a', 1]), '1')).toEqual(['ChoiceUnknown it']);
});

test('a list is judged item by item, holes too', () => {
  const list = listOf(NUMBER);
  expect(wrong(list, [1, 2])).toEqual([]);
  expect(wrong(list, 'ab')).toEqual(['PropType it']);
  expect(wrong(list, [1, 'a', null, ...Array(1)])).toEqual([
    'PropType it[1]',
    'ValueMissing it[2]',
    'ValueMissing it[3]',
  ]);
});

test('a record is judged entry by entry', () => {
  expect(wrong(recordOf(TEXT), { a: 'b' })).toEqual([]);
  expect(wrong(recordOf(TEXT), { a: 5, b: null })).toEqual(['PropType it.a', 'ValueMissing it.b']);
});

test('an object is judged prop by prop, all of them', () => {
  const card = objectOf<{ size: number; efa?: boolean }>({ size: required(NUMBER), efa: FLAG });
  expect(wrong(card, { size: 1, other: 'x' })).toEqual([]);
  expect(wrong(card, { efa: 'yes' })).toEqual(['ValueMissing it.size', 'PropType it.efa']);
  expect(wrong(card, [])).toEqual(['PropType it']);
});

test('a shape may leave props to whoever uses it', () => {
  const shape = without<{ count: number; name: string; flag: boolean }, 'count' | 'flag'>(
    { count: required(NUMBER), name: TEXT, flag: FLAG },
    'count',
    'flag',
  );
  expect(shape).toEqual({ name: TEXT });
});

test('props that are no object are refused whole', () => {
  for (const props of ['text', 5, [], () => 5]) {
    const problems = new Problems();
    expect(fits(problems, props, { size: NUMBER })).toBe(false);
    expect(problems.all).toMatchObject([{ code: 'PropType', prop: 'props' }]);
  }
});

test('a demand tells what was given, and how to mend it', () => {
  expect(
    errorOf(() => {
      demand({ spoon: 'tea' }, { spoon: SPOON }, { scope: new Construct(ROOT, 'Cup') });
    }).message,
  ).toBe("Cup: spoon must be a Spoon, got 'tea'. Use new Spoon(). [PropType]");
});

test('another copy of a class is known by its mark', () => {
  class Other {}
  branded(Other, 'Spoon', 'a Spoon', '');
  expect(wrong(SPOON, new Other())).toEqual([]);
});
