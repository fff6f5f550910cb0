import { readFileSync, statSync } from 'node:fs';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { jsonFault } from './json-fault';
import { UsageError } from './usage-error';

/** A parsed data file that can report the position of its keys. */
export interface DataFile {
  readonly name: string;
  readonly value: unknown;
  /** Returns the position of a key as `plan.yaml:3:5`, or the file name if the key does not exist. */
  at(path: readonly string[]): string;
}

/** Reads a JSON or YAML file. YAML also supports comments, unquoted keys, and `NaN`. */
export function readData(name: string): DataFile {
  const text = readText(name);
  if (text.trim() === '') throw new UsageError(`${name}: is empty`);
  const at = (path: readonly string[]) => placeOf(name, text, path);
  try {
    return { name, value: JSON.parse(text) as unknown, at };
  } catch {
    return { name, value: parseYaml(name, text), at };
  }
}

/** Maximum number of characters for YAML. The parser takes one second per million. */
const LARGEST_YAML = 4 * 2 ** 20;

function parseYaml(name: string, text: string): unknown {
  if (text.length > LARGEST_YAML) {
    throw jsonError(name, text) ?? new UsageError(`${name}: is not valid JSON, and too large to be read as YAML`);
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  // Recursive aliases are found only when the document is converted.
  if (!error) return withFileName(name, () => document.toJS() as unknown);
  const place = error.linePos ? `${name}:${error.linePos[0].line}:${error.linePos[0].col}` : name;
  const [sentence = error.message] = error.message.split(/ at line |\n/);
  throw jsonError(name, text) ?? new UsageError(`${place}: ${sentence}`);
}

/** Returns the syntax error of a file that is meant to be JSON, according to its name and first character. */
function jsonError(name: string, text: string): UsageError | undefined {
  const fault = !/\.ya?ml$/i.test(name) && /^\s*[[{]/.test(text) ? jsonFault(text) : undefined;
  if (!fault) return undefined;
  const got = fault.offset === text.length ? 'the end of the file' : JSON.stringify(text.charAt(fault.offset));
  return new UsageError(`${placeAt(name, text, fault.offset)}: expected ${fault.expected} (got ${got})`);
}

function placeAt(name: string, text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${name}:${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

function placeOf(name: string, text: string, path: readonly string[]): string {
  if (text.length > LARGEST_YAML) return name;
  const lines = new LineCounter();
  let node: unknown = parseDocument(text, { lineCounter: lines }).contents;
  let offset: number | undefined;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    if (!pair) break;
    offset = (pair.key as Node).range?.[0];
    node = pair.value;
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

/** Returns the reason of a file system error in words. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return REASONS[String(code)] ?? String(message);
}
