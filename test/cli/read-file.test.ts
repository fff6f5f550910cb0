import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { jsonFault } from '../../lib/cli/json-fault';
import { readData } from '../../lib/cli/read-file';
import { fileOf, scratch } from './support';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

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
        expect(jsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"a" 1}', 5, "':'"],
    ['{"a": 1,}', 8, 'a key in double quotes'],
    ['{a: 1}', 1, "a key in double quotes or '}'"],
    ['[1, 2', 5, "',' or ']'"],
    ['[1 2]', 3, "',' or ']'"],
    ['[01]', 1, "a value or ']'"],
    ['{"a": "b\n"}', 8, "'\"'"],
    ['["\\x"]', 2, 'a JSON escape sequence'],
    ['[1]]', 3, 'nothing more'],
  ])('%j', (text, offset, expected) => expect(jsonFault(text)).toEqual({ offset, expected }));
});

describe('readData', () => {
  test('reads large JSON files', () => {
    const rows = Array.from({ length: 400_000 }, (_, at) => ({ at }));
    expect(readData(fileOf('large.json', JSON.stringify(rows))).value).toHaveLength(400_000);
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['large and broken JSON', `[${'{"a": 1},\n'.repeat(500_000)}`, /x\.json:500001:1: expected a value \(got the end/],
    ['large YAML', '- a: 1\n'.repeat(700_000), /x\.json: is not valid JSON, and too large to be read as YAML/],
    ['binary data', Buffer.from([0xff, 0xfe, 0x41, 0x00]), /x\.json: is not UTF-8 text/],
    ['unclosed brackets', '['.repeat(100_000), /x\.json:1:100001: expected a value or '\]'/],
  ])('rejects %s with a one-line error', (_, content, message) => {
    const path = join(scratch(), 'x.json');
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
