import { readFileSync, statSync } from 'node:fs';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { jsonFault } from './json-fault';
import { UsageError } from './usage-error';

/** A file of data, parsed, which can tell where its keys stand. */
export interface DataFile {
  readonly name: string;
  readonly value: unknown;
  /** `plan.yaml:3:5`, the place of a key; the file's name where there is no such key. */
  at(path: readonly string[]): string;
}

/** Reads a file of JSON or YAML. What is no JSON is read as YAML, which takes comments, bare keys and `NaN`, too. */
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

/** Characters up to which YAML is read: its parser takes a second for each million. */
const LARGEST_YAML = 4 * 2 ** 20;

function parseYaml(name: string, text: string): unknown {
  if (text.length > LARGEST_YAML) {
    throw jsonError(name, text) ?? new UsageError(`${name}: is no JSON, and too large to be read as YAML`);
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  // Aliases that make a document endless are found only when it is read.
  if (!error) return told(name, () => document.toJS() as unknown);
  const place = error.linePos ? `${name}:${error.linePos[0].line}:${error.linePos[0].col}` : name;
  const [sentence = error.message] = error.message.split(/ at line |\n/);
  throw jsonError(name, text) ?? new UsageError(`${place}: ${sentence}`);
}

/** What is wrong with a text that means to be JSON, as its name and first sign tell. */
function jsonError(name: string, text: string): UsageError | undefined {
  const fault = !/\.ya?ml$/i.test(name) && /^\s*[[{]/.test(text) ? jsonFault(text) : undefined;
  if (!fault) return undefined;
  const got = fault.offset === text.length ? 'the end of the file' : JSON.stringify(text.charAt(fault.offset));
  return new UsageError(`${placeAt(name, text, fault.offset)}: expected ${fault.expected}, got ${got}`);
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
  const { size } = told(name, () => statSync(name));
  if (size > LARGEST) throw new UsageError(`${name}: is larger than 256 MiB`);
  const bytes = told(name, () => readFileSync(name));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name}: is no text in UTF-8`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EEXIST: 'is there already, and is no folder',
  ENOTDIR: 'lies below what is no folder',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read',
};

/** Does something with a file or folder; what the system says of it is an error that names it. */
export function told<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`${name}: ${reasonOf(error)}`);
  }
}

/** What the system says of a file, in words. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return REASONS[String(code)] ?? String(message);
}
