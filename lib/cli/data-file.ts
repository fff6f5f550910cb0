import { readFileSync, statSync } from 'node:fs';
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { UsageError } from './exit';

/** Keys and list positions that lead to a value. */
export type Path = readonly (string | number)[];

/** A parsed data file that can report the position of its keys. */
export interface DataFile {
  readonly name: string;
  readonly value: unknown;
  /** Returns the position of a key as `plan.yaml:3:5`. If the key does not exist, returns the position of the closest parent. */
  at(path: Path): string;
}

/** Reads a JSON or YAML file. A file that is named `.json` must be JSON. Every other file can be either. */
export function readData(name: string): DataFile {
  const text = readText(name);
  if (text.trim() === '') throw new UsageError(`${name}: is empty`);
  const value = /\.json$/i.test(name) || isJson(text) ? parseJson(name, text) : parseYaml(name, text);
  return { name, value, at: (path) => placeOf(name, text, path) };
}

/** Returns a value as an object. Throws an error with its position if it has another type. */
export function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`${place}: must be an object with keys`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Numbers that Python writes into JSON files. JSON does not have them. */
const PYTHON_NUMBER = /^-?(?:NaN|Infinity)\b/;

function parseJson(name: string, text: string): unknown {
  const fault = withFileName(name, () => jsonFault(text));
  // YAML reads these numbers as strings, so a check of the value can ignore or reject them.
  if (fault && PYTHON_NUMBER.test(text.slice(fault.offset))) return parseYaml(name, text);
  if (fault) throw new UsageError(`${name}:${fault.line}:${fault.column}: ${fault.problem}`);
  return withFileName(name, () => JSON.parse(text) as unknown);
}

/** A syntax error, or a key that is set twice. */
interface JsonFault {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** What JSON requires instead of each error of jsonc-parser. */
const EXPECTED: Readonly<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  InvalidSymbol: 'a string in double quotes, a number, true, false, or null',
  InvalidNumberFormat: 'a number',
  PropertyNameExpected: 'a key in double quotes',
  ValueExpected: 'a value',
  ColonExpected: "':'",
  CommaExpected: "','",
  CloseBraceExpected: "',' or '}'",
  CloseBracketExpected: "',' or ']'",
  EndOfFileExpected: 'nothing more',
  InvalidCommentToken: 'no comment, because JSON has none',
  UnexpectedEndOfComment: 'no comment, because JSON has none',
  UnexpectedEndOfString: 'a string that ends with a double quote on the same line',
  UnexpectedEndOfNumber: 'a digit at the end of the number',
  InvalidUnicode: 'four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'a JSON escape sequence',
  InvalidCharacter: 'an escape sequence instead of a control character',
  '<unknown ParseErrorCode>': 'valid JSON',
};

/** Returns the first fault of a JSON text. `JSON.parse` gives no position for most errors, and keeps the last of two values. */
export function jsonFault(text: string): JsonFault | undefined {
  const faults: JsonFault[] = [];
  const keys: Set<string>[] = [];
  const report = (problem: string, offset: number, line: number, column: number) =>
    void faults.push({ offset, line: line + 1, column: column + 1, problem });
  visit(
    text,
    {
      onObjectBegin: () => void keys.push(new Set()),
      onObjectEnd: () => void keys.pop(),
      onObjectProperty: (key, offset, _, line, column) => {
        if (keys.at(-1)?.has(key)) report(`the key ${JSON.stringify(key)} is set twice`, offset, line, column);
        keys.at(-1)?.add(key);
      },
      onError: (code, offset, length, line, column) =>
        report(expectation(code, text.slice(offset, offset + length)), offset, line, column),
    },
    { disallowComments: true },
  );
  return faults[0];
}

const MAX_QUOTED = 40;

function expectation(code: ParseErrorCode, found: string): string {
  const quoted = found.length > MAX_QUOTED ? `${found.slice(0, MAX_QUOTED)}…` : found;
  const got = quoted === '' ? 'the end of the file' : JSON.stringify(quoted);
  return `expected ${EXPECTED[printParseErrorCode(code)]} (got ${got})`;
}

/** Maximum number of characters for YAML. The parser takes one second per million. */
const LARGEST_YAML = 4 * 2 ** 20;

function parseYaml(name: string, text: string): unknown {
  if (text.length > LARGEST_YAML) {
    throw new UsageError(`${name}: is not valid JSON, and too large to be read as YAML`);
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  // Recursive aliases are found only when the document is converted.
  if (!error) return withFileName(name, () => document.toJS() as unknown);
  const place = error.linePos ? `${name}:${error.linePos[0].line}:${error.linePos[0].col}` : name;
  const [sentence = error.message] = error.message.split(/ at line |\n/);
  throw new UsageError(`${place}: ${wordsOf(sentence)}`);
}

function placeOf(name: string, text: string, path: Path): string {
  if (text.length > LARGEST_YAML) return name;
  const lines = new LineCounter();
  let node: unknown = parseDocument(text, { lineCounter: lines }).contents;
  let offset: number | undefined;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const item = isSeq(node) && typeof key === 'number' ? node.items[key] : undefined;
    const place = pair ? pair.key : item;
    if (!isNode(place)) break;
    offset = place.range?.[0];
    node = pair ? pair.value : item;
  }
  if (offset === undefined) return name;
  const { line, col } = lines.linePos(offset);
  return `${name}:${line}:${col}`;
}

const LARGEST = 256 * 2 ** 20;

function readText(name: string): string {
  const { size } = withFileName(name, () => statSync(name));
  if (size > LARGEST) throw new UsageError(`${name}: is larger than 256 MiB`);
  const bytes = withFileName(name, () => readFileSync(name));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name}: is not UTF-8 text`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EEXIST: 'exists, but is not a folder',
  ENOTDIR: 'has a parent that is not a folder',
  EISDIR: 'is a folder, not a file',
  EACCES: 'cannot be read: permission denied',
};

/** Runs a file operation, and adds the file name to any error. */
export function withFileName<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`${name}: ${reasonOf(error)}`);
  }
}

/** Returns the reason of an error in words. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return REASONS[String(code)] ?? wordsOf(String(message));
}

/** Returns the message of a parser in words. The parsers call themselves for each level of a value. */
function wordsOf(message: string): string {
  return message === 'Maximum call stack size exceeded' ? 'is nested too deeply' : message;
}
