import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { schemaFiles } from '../../scripts/prop-schemas/schema-file';
import { readSources } from '../../scripts/prop-schemas/sources';

const LAYERS = { core: { layers: [] }, aws: { layers: ['core'] } };

/** Files of every program: the types that a schema uses, and two types of another package. */
const SHARED: Readonly<Record<string, string>> = {
  'tsconfig.build.json': JSON.stringify({
    compilerOptions: { lib: ['ES2015'], types: [], strict: true, module: 'Node16', moduleResolution: 'Node16' },
    include: ['lib'],
  }),
  'lib/core/prop-schema.ts': 'export const TEXT = 1;',
  'node_modules/network/index.d.ts': 'export interface Network { id: string } export declare class Key { id: string }',
};

let folder: string;
beforeEach(() => {
  // A checkout can be below a folder `lib`.
  folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'prop-schemas-'))), 'lib/checkout');
});
afterEach(() => {
  rmSync(join(folder, '../..'), { recursive: true });
});

/** Returns the generated file of each layer of a program. */
function generated(files: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, text] of Object.entries({ ...SHARED, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const texts = schemaFiles(readSources(folder, LAYERS));
  return Object.fromEntries([...texts].map(([path, text]) => [path.slice(folder.length + 1), text]));
}

const REQUEST = "import { QUEUE_PROPS } from './prop-schemas';\n";

/** The module of an interface `QueueProps`. @param code other declarations and imports of the module */
const queue = (members: string, code = '') => `${REQUEST}${code}\nexport interface QueueProps {\n${members} }`;

/** Returns the schema of `QueueProps`, in the layer `aws`. */
function schemaOf(members: string, code = '', files: Readonly<Record<string, string>> = {}): string {
  return generated({ 'lib/aws/queue.ts': queue(members, code), ...files })['lib/aws/prop-schemas.ts']!;
}

/** Returns the rows of the schema of `QueueProps`, without the commas at their ends. */
function rowsOf(...args: Parameters<typeof schemaOf>): string[] {
  const [, rows] = /QUEUE_PROPS: PropSchema<QueueProps> = \{\n(.*?)\n\};/s.exec(schemaOf(...args))!;
  return rows!.split('\n').map((row) => row.replace(/,$/, ''));
}

/** Returns the faults of a program, one a line. */
function faultsOf(...args: Parameters<typeof schemaOf>): string[] {
  let message = 'no fault';
  try {
    schemaOf(...args);
  } catch (error) {
    ({ message } = error as Error);
  }
  const [title, ...faults] = message.split('\n');
  expect(title).toBe('Types without a schema:');
  return faults;
}

describe('the row of a prop', () => {
  // One program for all rows, because each takes a part of a second: the members are `a0`, `a1`, …
  const numbered = (texts: readonly string[]) => texts.map((text, index) => text.replace(/^a/, `a${index}`));
  const ROWS = [
    ['a: string', 'a: required(STRING)'],
    ['a?: string', 'a: STRING'],
    ['a: string | undefined', 'a: STRING'],
    ['a: number', 'a: required(NUMBER)'],
    ['a: boolean', 'a: required(BOOLEAN)'],
    ['a?: boolean', 'a: BOOLEAN'],
    ['a: Date', 'a: required(DATE)'],
    ['a: `arn:${string}`', 'a: required(STRING)'],
    ['a: { b: () => void }', "a: required(objectOf(() => ({ b: required(FUNCTION) }), 'an object { b }'))"],
    ['a: unknown', 'a: ANY'],
    ['a: object', 'a: ANY'],
    ["a: 'cost' | 'time'", 'a: required(oneOf(["cost", "time"]))'],
    ["a: 'cost'", 'a: required(oneOf(["cost"]))'],
    ['a?: 1 | 2', 'a: oneOf([1, 2])'],
    ['a: string | number', 'a: required(anyOf(STRING, NUMBER))'],
    ['a: string | boolean', 'a: required(anyOf(BOOLEAN, STRING))'],
    ['a: string | readonly string[]', 'a: required(anyOf(STRING, listOf(STRING)))'],
    ['a: string[]', 'a: required(listOf(STRING))'],
    ['a?: readonly number[]', 'a: listOf(NUMBER)'],
    ['a: readonly (readonly string[])[]', 'a: required(listOf(listOf(STRING)))'],
    ['a: readonly [string, string]', 'a: required(listOf(STRING))'],
    ['a: Readonly<Record<string, number>>', 'a: required(recordOf(NUMBER))'],
    ['a: Record<string, string>', 'a: required(recordOf(STRING_OR_EMPTY))'],
    ["'a-b': string", "'a-b': required(STRING)"],
    ['a: {}', 'a: required(RECORD)'],
    [
      'a: { b: string; c?: number }',
      "a: required(objectOf(() => ({ b: required(STRING), c: NUMBER }), 'an object { b }'))",
    ],
  ] as const;

  test('follows its type', () => {
    const members = numbered(ROWS.map(([member]) => member));
    expect(rowsOf(members.join('\n'))).toEqual(numbered(ROWS.map(([, row]) => row)));
  });

  test('includes the props of interfaces that it extends', () => {
    const code = 'interface Base { a: string } interface Other { b?: number }';
    const text = `${REQUEST}${code} export interface QueueProps extends Base, Partial<Other> { c: boolean }`;
    const file = generated({ 'lib/aws/queue.ts': text })['lib/aws/prop-schemas.ts']!;
    expect(['a: required(STRING)', 'b: NUMBER', 'c: required(BOOLEAN)'].filter((row) => !file.includes(row))).toEqual(
      [],
    );
  });

  test('imports what the rows use, and the interface as a type', () => {
    const lines = schemaOf('a?: readonly string[]').split('\n');
    expect(lines.filter((line) => line.startsWith('import'))).toEqual([
      "import type { QueueProps } from './queue';",
      "import { STRING, listOf, type PropSchema } from '../core/prop-schema';",
    ]);
  });
});

describe('a nested interface', () => {
  const retry = 'export interface RetryOptions { readonly times: number; readonly seconds?: number }';

  test('has its own schema, with its required props in the message', () => {
    const text = schemaOf('a?: RetryOptions; b: readonly RetryOptions[]', retry);
    expect(text).toContain("a: objectOf(() => RETRY_OPTIONS, 'an object { times }'),");
    expect(text).toContain("b: required(listOf(objectOf(() => RETRY_OPTIONS, 'an object { times }'))),");
    expect(text.match(/export const RETRY_OPTIONS: PropSchema<RetryOptions> = \{/g)).toHaveLength(1);
    expect(text).toContain('times: required(NUMBER),\nseconds: NUMBER,');
  });

  test('shows its first props if all are optional', () => {
    expect(rowsOf('a: Limits', 'export interface Limits { b?: 1; c?: 1; d?: 1; e?: 1; f?: 1 }')).toEqual([
      "a: required(objectOf(() => LIMITS, 'an object { b, c, d, e, … }'))",
    ]);
  });

  test('is generated in the layer that declares it', () => {
    const files = generated({
      'lib/core/retry.ts': retry,
      'lib/aws/queue.ts': queue('a: RetryOptions', "import type { RetryOptions } from '../core/retry';"),
    });
    expect(files['lib/core/prop-schemas.ts']).toContain('export const RETRY_OPTIONS');
    expect(files['lib/aws/prop-schemas.ts']).not.toContain('export const RETRY_OPTIONS');
    expect(files['lib/aws/prop-schemas.ts']).toContain("import { RETRY_OPTIONS } from '../core/prop-schemas';");
  });
});

describe('a type of the library', () => {
  const machine = `
    export class Machine { private constructor() {} static readonly P5 = new Machine(); static of(name: string) { return new Machine(); } }
    brand(Machine, 'aws.Machine');`;

  test('is a class that marks its objects, with its factories in the fix', () => {
    const text = schemaOf('a: Machine', machine);
    expect(text).toContain('a: required(MACHINE),');
    expect(text).toContain(
      "export const MACHINE: PropType = instanceOf('aws.Machine', 'a Machine', 'Use Machine.P5 or Machine.of(…).');",
    );
  });

  test('is an interface with methods, which any object with its required members has', () => {
    const code = 'export interface IBucket { readonly arn: string; readonly key?: string; grantRead(): void }';
    expect(schemaOf('a?: IBucket', code)).toContain(
      "export const BUCKET: PropType = withMembers('an IBucket', { arn: 'string', grantRead: 'function' }, 'Pass the bucket itself.');",
    );
  });

  test('suggests the class of an interface only from the same layer', () => {
    const code = 'export interface IBucket { grantRead(): void }';
    const bucket = 'export class Bucket { grantRead(): void {} }';
    expect(schemaOf('a?: IBucket', code, { 'lib/core/bucket.ts': bucket })).toContain("'Pass the bucket itself.'");
    expect(schemaOf('a?: IBucket', `${code}\n${bucket}`)).toContain("'Use new Bucket(…).'");
  });

  test('is an enum, or a name for strings', () => {
    const text = schemaOf(
      'a: Mode; b?: Level',
      "export enum Mode { FAST = 'fast', SAFE = 'safe' } export type Level = 'low' | 'high';",
    );
    expect(text).toContain('export const MODE: PropType = oneOf(["fast", "safe"]);');
    expect(text).toContain('export const LEVEL: PropType = oneOf(["low", "high"]);');
  });

  test('is written out if two enums have its name', () => {
    const files = { 'lib/aws/topic.ts': "export type Level = 'on' | 'off';" };
    expect(rowsOf('a: Level', "export type Level = 'low' | 'high';", files)).toEqual([
      'a: required(oneOf(["low", "high"]))',
    ]);
  });
});

describe('a type that is written by hand', () => {
  const byHand = { 'lib/aws/props/prop-types.ts': 'export const NETWORK = 1; export const NAME_OR_EMPTY = 1;' };
  const network = "import type { Network } from 'network';";

  test('is used for a type of another package with its name', () => {
    const text = schemaOf('a: Network', network, byHand);
    expect(text).toContain('a: required(NETWORK),');
    expect(text).toContain("import { NETWORK } from './props/prop-types';");
  });

  test('is used if the tag @schema names it', () => {
    expect(rowsOf('/** A name. @schema NAME_OR_EMPTY */ a?: string; b: string', '', byHand)).toEqual([
      'a: NAME_OR_EMPTY',
      'b: required(STRING)',
    ]);
  });

  test('can come from the core', () => {
    const files = { 'lib/core/prop-types.ts': 'export const GIB = 1;' };
    expect(rowsOf('/** @schema GIB */ a: number', '', files)).toEqual(['a: required(GIB)']);
  });

  test('leaves a missing prop to another rule with ANY', () => {
    expect(rowsOf('/** @schema ANY */ a: string', '', { 'lib/core/prop-schema.ts': 'export const ANY = 1;' })).toEqual([
      'a: ANY',
    ]);
  });
});

describe('one fault is reported for', () => {
  const network = "import type { Key, Network } from 'network';";

  test('an interface or a class of another package, with the prop', () => {
    expect(faultsOf('a: Network; b?: readonly Key[]', network)).toEqual([
      'lib/aws: QueueProps.a: Network is a type of another package. Export NETWORK from prop-types.ts.',
      'lib/aws: QueueProps.b: Key is a type of another package. Export KEY from prop-types.ts.',
    ]);
  });

  test('a type of another package in an object without a name, with the path of the prop', () => {
    expect(faultsOf('a: { b: string | Network }', network)).toEqual([
      'lib/aws: QueueProps.a.b: Network is a type of another package. Export NETWORK from prop-types.ts.',
    ]);
  });

  test('a class that does not mark its objects, also if two props use it', () => {
    const code = "export class Machine {} export class Zone {}\nbrand(Zone, 'aws.Zone');";
    expect(faultsOf('a: Machine; b?: Machine; c?: Zone', code)).toEqual([
      "lib/aws: Add brand(Machine, 'aws.Machine') below the class Machine.",
    ]);
  });

  test('a name that the layer exports twice, also if two props use it', () => {
    const files = { 'lib/aws/topic.ts': 'export interface RetryOptions { a: string }' };
    expect(faultsOf('a: RetryOptions; b: RetryOptions', 'export interface RetryOptions { b: string }', files)).toEqual([
      'lib/aws exports more than one RetryOptions: rename one.',
    ]);
  });

  test('a name that another layer exports, too, also if two props use it', () => {
    const files = {
      'lib/core/retry.ts': 'export interface RetryOptions { a: string }',
      'lib/aws/topic.ts': 'export interface RetryOptions { b: string }',
    };
    expect(
      faultsOf('a: RetryOptions; b?: RetryOptions', "import type { RetryOptions } from '../core/retry';", files),
    ).toEqual(['lib/aws and lib/core both export a type for RETRY_OPTIONS: rename one.']);
  });

  test('a tag @schema that names nothing', () => {
    expect(faultsOf('/** @schema NAME_OR_EMPTY */ a: string')).toEqual([
      'lib/aws: QueueProps.a: no prop-types.ts exports NAME_OR_EMPTY.',
    ]);
  });

  test('an imported name without a type', () => {
    expect(faultsOf('a: string', "import { TOPIC_PROPS } from './prop-schemas';")).toEqual([
      'lib/aws exports no type for TOPIC_PROPS.',
    ]);
  });

  test('an imported name that is written by hand', () => {
    const files = { 'lib/aws/prop-types.ts': 'export const NETWORK = 1;' };
    expect(faultsOf('a: string', "import { NETWORK } from './prop-schemas';", files)).toEqual([
      'lib/aws: NETWORK is written by hand. Import it from prop-types.ts.',
    ]);
  });

  test('an imported name of a type without members', () => {
    const code = "import { SIZE } from './prop-schemas'; export type Size = string | number;";
    expect(faultsOf('a: string', code)).toEqual(['lib/aws: Size is neither an interface, a class nor an enum.']);
  });
});
