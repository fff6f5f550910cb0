import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { jsonFault, readData } from '../../lib/cli/data-file';
import { fileOf, scratch } from './support';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const isTwice = (fault: ReturnType<typeof jsonFault>) => fault?.problem.endsWith('is set twice') === true;

describe('jsonFault', () => {
  test('returns nothing for valid JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(jsonFault(text)).toBeUndefined()));
  });

  test('finds a fault exactly if JSON.parse fails', () => {
    const sign = fc.constantFrom(...Array.from('{}[]",:\\0-1.e+tn \n\u0001é'));
    const broken = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), sign, fc.boolean()).map(([text, at, one, replaces]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + one + text.slice(place + (replaces ? 1 : 0));
    });
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: sign, maxLength: 12 })), (text) => {
        fc.pre(!isTwice(jsonFault(text)));
        expect(jsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a .json file', () => {
  test.each([
    ['no colon', '{"a" 1}', '1:6: expected \':\' (got "1")'],
    ['a trailing comma in an object', '{"a": 1,\n}', '2:1: expected a key in double quotes (got "}")'],
    ['a trailing comma in a list', '[1,]', '1:4: expected a value (got "]")'],
    [
      'an unquoted key',
      '{\n  a: 1}',
      '2:3: expected a string in double quotes, a number, true, false, or null (got "a")',
    ],
    [
      'single quotes',
      "{'a': 1}",
      `1:2: expected a string in double quotes, a number, true, false, or null (got "'a'")`,
    ],
    ['a comment', '[1] // one', '1:5: expected no comment, because JSON has none (got "// one")'],
    ['a duplicate key', '{"a": 1, "b": {"a": 2}, "a": 3}', '1:25: the key "a" is set twice'],
    ['an open list', '[1, 2', "1:6: expected ',' or ']' (got the end of the file)"],
    ['no comma', '{"a": 1 "b": 2}', '1:9: expected \',\' (got "\\"b\\"")'],
    ['a leading zero', '[01]', '1:3: expected \',\' (got "1")'],
    [
      'a line break in a string',
      '{"a": "b\n"}',
      '1:7: expected a string that ends with a double quote on the same line',
    ],
    ['an unknown escape', '["\\x"]', '1:2: expected a JSON escape sequence'],
    ['a second value', '[1]]', '1:4: expected nothing more (got "]")'],
    ['an incomplete number', '[1.]', '1:2: expected a digit at the end of the number (got "1.")'],
    ['YAML', 'a: 1', '1:1: expected a string in double quotes, a number, true, false, or null (got "a")'],
  ])('with %s is an error with a position', (_, text, message) => {
    const path = fileOf('x.json', text);
    expect(() => readData(path)).toThrow(`${path}:${message}`);
  });

  test.each(['NaN', 'Infinity', '-Infinity'])('can contain %s from Python', (number) => {
    expect(readData(fileOf('x.json', `{"a": [${number}]}`)).value).toEqual({ a: [number] });
  });
});

test('a file with another name is YAML', () => {
  for (const name of ['x.yaml', 'x.yml', 'x']) {
    expect(readData(fileOf(name, '{a: 1, # one\n}')).value).toEqual({ a: 1 });
    expect(() => readData(fileOf(name, '{"a": 1, "a": 2}'))).toThrow(/:1:10: /);
  }
});

test('a position leads to a key, an item of a list, or the closest parent', () => {
  const file = readData(fileOf('x.json', '{\n  "a": [\n    {},\n    {"b": 1}\n  ]\n}'));
  expect([['a'], ['a', 1], ['a', 1, 'b'], ['a', 1, 'c'], ['a', 7], ['c']].map((path) => file.at(path))).toEqual([
    `${file.name}:2:3`,
    `${file.name}:4:5`,
    `${file.name}:4:6`,
    `${file.name}:4:5`,
    `${file.name}:2:3`,
    file.name,
  ]);
});

describe('readData', () => {
  test('reads large JSON files', () => {
    const rows = Array.from({ length: 400_000 }, (_, at) => ({ at }));
    expect(readData(fileOf('large.json', JSON.stringify(rows))).value).toHaveLength(400_000);
  });

  test.each<[string, string, string | Buffer, RegExp]>([
    [
      'large and broken JSON',
      'x.json',
      `[${'{"a": 1},\n'.repeat(500_000)}`,
      /x\.json:500001:1: expected a value \(got the end/,
    ],
    [
      'large YAML',
      'x.yaml',
      '- a: 1\n'.repeat(700_000),
      /x\.yaml: is not valid JSON, and too large to be read as YAML/,
    ],
    ['binary data', 'x.json', Buffer.from([0xff, 0xfe, 0x41, 0x00]), /x\.json: is not UTF-8 text/],
    ['unclosed brackets', 'x.json', '['.repeat(100_000), /x\.json: is nested too deeply/],
    ['unclosed brackets in YAML', 'x.yaml', '['.repeat(100_000), /x\.yaml:1:\d+: is nested too deeply/],
  ])('rejects %s with a one-line error', (_, name, content, message) => {
    const path = join(scratch(), name);
    writeFileSync(path, content);
    expect(() => readData(path)).toThrow(message);
  });

  test('rejects missing files and folders', () => {
    mkdirSync(join(scratch(), 'folder'));
    expect(() => readData(join(scratch(), 'folder'))).toThrow('is a folder, not a file');
    expect(() => readData(join(scratch(), 'nothing'))).toThrow('the file does not exist');
    expect(() => readData(join(fileOf('file', '{}'), 'below'))).toThrow('has a parent that is not a folder');
  });

  test('keeps the message of the YAML parser', () => {
    expect(() => readData(fileOf('x.yaml', '{ a: [1, 2 }'))).toThrow(/x\.yaml:1:\d+: Flow/);
  });
});
