import type { IConstruct } from 'constructs';
import type { ErrorCode } from './error-codes';

/** One problem with the input of a construct or function. */
export interface Problem {
  /** Stable code. Match on this, never on the text. */
  readonly code: ErrorCode;
  /** Path of the invalid prop, for example `nodes` or `fileSystem.sizeGiB`. */
  readonly prop: string;
  /** The allowed values, as the end of "must be …". */
  readonly allowed: string;
  /** The value that was given. */
  readonly got: unknown;
  /** How to fix it, as an imperative sentence. */
  readonly fix: string;
}

const MARK = Symbol.for('ai-infra-constructs.AiInfraError');

/** The error that this library throws for invalid input. It lists all problems at once, each with a stable code. */
export class AiInfraError extends Error {
  /** Returns whether a value is an `AiInfraError`, from any copy of the package. */
  static isAiInfraError(value: unknown): value is AiInfraError {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  /** Always `AiInfraError`. */
  override readonly name = 'AiInfraError';
  /** Code of the first problem. */
  public readonly code: ErrorCode;
  /** All problems that were found. */
  public readonly problems: readonly Problem[];
  /** Path of the construct that rejected its props. @default - the value belongs to no construct */
  public readonly constructPath?: string;

  constructor(problems: readonly [Problem, ...Problem[]], scope?: IConstruct) {
    const given = areProblems(problems) ? problems : ([noProblems(problems)] as const);
    const reported = given.map((problem) => ({ ...problem, got: printable(problem.got) })) as [Problem, ...Problem[]];
    super(messageOf(reported, scope?.node.path));
    Object.defineProperty(this, MARK, { value: true });
    this.code = reported[0].code;
    this.problems = reported;
    this.constructPath = scope?.node.path;
  }
}

function areProblems(problems: unknown): boolean {
  return Array.isArray(problems) && problems.length > 0 && problems.every((one) => typeof one === 'object' && one);
}

/** The problem to report when none was given. Throwing another error here would hide the first one. */
function noProblems(got: unknown): Problem {
  return {
    code: 'ValueMissing',
    prop: 'problems',
    allowed: 'a list with at least one problem',
    got,
    fix: 'Pass the problems that you found.',
  };
}

/** Collects problems, so that one error can report all of them. */
export class ProblemCollector {
  /**
   * @param prefix prepended to each prop, for example `fileSystem.` for a nested object
   * @param found the problems so far, shared with the nested collectors
   */
  constructor(
    private readonly prefix = '',
    private readonly found: Problem[] = [],
  ) {}

  add(problem: Problem): void {
    this.found.push({ ...problem, prop: this.prefix + problem.prop });
  }

  /** Returns a collector for a nested object. Its problems are added to this collector. */
  within(part: string): ProblemCollector {
    return new ProblemCollector(`${this.prefix}${part}.`, this.found);
  }

  /** All problems so far, including those of nested collectors. */
  get all(): readonly Problem[] {
    return this.found;
  }

  /** Throws one `AiInfraError` if there are problems. */
  throwIfAny(scope?: IConstruct): void {
    const [first, ...rest] = this.found;
    if (first) throw new AiInfraError([first, ...rest], scope);
  }
}

/** Runs a function and adds the construct path to any error it throws. */
export function withConstructPath<T>(scope: IConstruct, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error) && error.constructPath === undefined) {
      new ProblemCollector('', [...error.problems]).throwIfAny(scope);
    }
    throw error;
  }
}

function messageOf(problems: readonly Problem[], path?: string): string {
  const where = path ? `${path}: ` : '';
  const sentences = problems.map(sentenceOf);
  if (sentences.length === 1) return where + sentences.join('');
  return `${where}${sentences.length} problems\n${sentences.map((sentence) => `  - ${sentence}`).join('\n')}`;
}

/** Formats a problem as a message: the rule, the given value, and the fix. */
export function sentenceOf({ code, prop, allowed, got, fix }: Problem): string {
  return `${prop} must be ${allowed} (got ${show(got)}). ${fix} [${code}]`;
}

/** Returns a value with the path of each construct in its place. A logger would print its whole tree. */
function printable(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 2) return value;
  const path = safely(() => pathOf(value));
  if (path !== undefined) return path;
  if (Array.isArray(value)) return value.map((item) => printable(item, depth + 1));
  const prototype: unknown = safely(() => Object.getPrototypeOf(value) as unknown);
  if (prototype !== Object.prototype) return value;
  return safely(() =>
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item, depth + 1)])),
  );
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const LONGEST_SHOWN = 120;

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && isEncoded(value)) return TOKEN;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const isText = typeof value === 'string' && !/^(\$\{(Tf)?Token|the construct ')/.test(value);
  const text = isText ? `'${value}'` : describe(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

const TOKEN = 'a token, whose value is known only at deployment';

/** Numeric tokens start with the bits 0xFBFF in the AWS CDK, and with 0xFDFF in CDK for Terraform. */
function isEncoded(value: number): boolean {
  return [960, 992].some((exponent) => value <= -1.9375 * 2 ** exponent && value > -(2 ** (exponent + 1)));
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('the construct') ? value : TOKEN;
  try {
    return pathOf(value) ?? jsonOf(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Returns a value as JSON, or nothing if JSON has no form for it (for example an invalid date). */
function jsonOf(value: unknown): string | undefined {
  const json = JSON.stringify(value) as string | undefined;
  return json === 'null' ? undefined : json;
}

/** Returns a construct as its path. As JSON it would be its whole tree. */
function pathOf(value: unknown): string | undefined {
  const { node } = Object(value) as { node?: unknown };
  const { path } = Object(node) as { path?: unknown };
  return typeof path === 'string' ? `the construct '${path}'` : undefined;
}
