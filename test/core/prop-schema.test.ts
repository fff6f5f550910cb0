import { Construct } from 'constructs';
import { ProblemCollector } from '../../lib/core/errors';
import {
  anyOf,
  brand,
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
  instanceOf,
  STRING_OR_EMPTY,
  withMembers,
} from '../../lib/core/prop-schema';
import { errorOf } from '../aws/support';

/** Returns `code prop` for each problem of a value. */
function wrong(type: PropType, value: unknown): string[] {
  const problems = new ProblemCollector();
  expect(type.validate(problems, 'it', value)).toBe(problems.all.length === 0);
  return problems.all.map(({ code, prop }) => `${code} ${prop}`);
}

class Spoon {}
brand(Spoon, 'test.Spoon');
const SPOON = instanceOf('test.Spoon', 'a Spoon', 'Use new Spoon().');
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
  ['instanceOf', SPOON, [new Spoon()], [{}, Spoon, 'Spoon']],
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
  const card = objectOf<{ size: number; efa?: boolean }>(
    () => ({ size: required(NUMBER), efa: BOOLEAN }),
    'a card { size }',
  );
  expect(wrong(card, { size: 1, efa: true })).toEqual([]);
  expect(wrong(card, { efa: 'yes' })).toEqual(['ValueMissing it.size', 'PropType it.efa']);
  expect(wrong(card, [])).toEqual(['PropType it']);
});

describe('a prop that the schema does not have', () => {
  const card = objectOf<{ size: number; efa?: boolean }>(() => ({ size: required(NUMBER), efa: BOOLEAN }), 'a card');
  const problemsOf = (props: object) => {
    const problems = new ProblemCollector();
    validateProps(problems, props, { nodes: NUMBER, machine: STRING, card });
    return problems.all.map(({ code, prop, fix }) => ({ code, prop, fix }));
  };

  test('is rejected with the nearest name', () => {
    expect(problemsOf({ nodse: 2 })).toEqual([{ code: 'PropUnknown', prop: 'nodse', fix: 'Did you mean nodes?' }]);
  });

  test('is rejected with the names of all props if none is near', () => {
    expect(problemsOf({ colour: 2 })).toMatchObject([{ fix: 'Remove it. The props are nodes, machine, card.' }]);
  });

  test('is rejected in a nested object', () => {
    expect(problemsOf({ card: { size: 1, eva: true } })).toMatchObject([{ code: 'PropUnknown', prop: 'card.eva' }]);
  });

  test('has no effect if it is undefined', () => {
    expect(problemsOf({ other: undefined })).toEqual([]);
  });

  test('is accepted on an object of a class, which can have members of its own', () => {
    class Options {
      readonly nodes = 2;
      readonly other = 'own';
    }
    expect(problemsOf(new Options())).toEqual([]);
  });
});

describe('anyOf', () => {
  const either = anyOf(
    STRING,
    objectOf<{ size: number }>(() => ({ size: required(NUMBER) }), 'an object { size }'),
  );

  test('accepts a value of any of its types', () => {
    expect([...wrong(either, 'a'), ...wrong(either, { size: 1 }), ...wrong(either, undefined)]).toEqual([]);
  });

  test('reports the problem inside a value that one type accepts', () => {
    expect(wrong(either, { size: 'big' })).toEqual(['PropType it.size']);
  });

  test('lists all types for a value of none of them', () => {
    const problems = new ProblemCollector();
    either.validate(problems, 'it', 5);
    expect(problems.all).toMatchObject([{ prop: 'it', allowed: 'a string, or an object { size }' }]);
  });
});

describe('withMembers', () => {
  const network = withMembers('a network', { id: 'string', allow: 'function' }, 'Pass the network.');
  const allow = () => undefined;

  test('accepts an object whose members have the right types', () => {
    expect(wrong(network, { id: 'net', allow })).toEqual([]);
  });

  test('accepts a member that throws when it is read, as on an imported object', () => {
    const imported = {
      allow,
      get id(): string {
        throw new Error('unknown');
      },
    };
    expect(wrong(network, imported)).toEqual([]);
  });

  test.each([{ id: '', allow }, { id: 5, allow }, { id: 'net' }, { id: null, allow }, 'net'])('rejects %p', (value) => {
    expect(wrong(network, value)).toEqual(['PropType it']);
  });
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

test('instanceOf recognizes another copy of a class', () => {
  class Other {}
  brand(Other, 'test.Spoon');
  expect(wrong(SPOON, new Other())).toEqual([]);
});
