import type { IConstruct } from 'constructs';
import type { ErrorCode } from './error-codes';

/** One thing that is wrong with what was given. */
export interface Problem {
  /** Stable code: match on this, never on the text. */
  readonly code: ErrorCode;
  /** The prop at fault, e.g. `nodes` or `fileSystem.sizeGiB`. */
  readonly prop: string;
  /** What is allowed, as the end of "must be …". */
  readonly allowed: string;
  /** What was given. */
  readonly got: unknown;
  /** How to mend it, as an imperative sentence. */
  readonly fix: string;
}

const MARK = Symbol.for('ai-infra-constructs.AiInfraError');

/** The one error that this library throws for what it was given: all problems found at once, each with a stable code. */
export class AiInfraError extends Error {
  /** Whether a value is an `AiInfraError`, whichever copy of the package made it. */
  static isAiInfraError(value: unknown): value is AiInfraError {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  override readonly name = 'AiInfraError';
  /** The code of the first problem. */
  public readonly code: ErrorCode;
  public readonly problems: readonly Problem[];
  /** Path of the construct that refused its props. @default - the value belongs to no construct */
  public readonly constructPath?: string;

  constructor(problems: readonly [Problem, ...Problem[]], scope?: IConstruct) {
    const told = areProblems(problems) ? problems : ([nothingTold(problems)] as const);
    super(messageOf(told, scope?.node.path));
    Object.defineProperty(this, MARK, { value: true });
    this.code = told[0].code;
    this.problems = told;
    this.constructPath = scope?.node.path;
  }
}

function areProblems(problems: unknown): boolean {
  return Array.isArray(problems) && problems.length > 0 && problems.every((one) => typeof one === 'object' && one);
}

/** What an error says that was told nothing: to throw another one while it is made would hide that there was one. */
function nothingTold(got: unknown): Problem {
  return { code: 'ValueMissing', prop: 'problems', allowed: 'one problem or more', got, fix: 'Say what is wrong.' };
}

/** Collects what is wrong, so that one error tells all of it. */
export class Problems {
  /**
   * @param prefix stands before each prop: `new Problems('fileSystem.')` for the props of a part.
   * @param found the problems so far, shared between a whole and its parts.
   */
  constructor(
    private readonly prefix = '',
    private readonly found: Problem[] = [],
  ) {}

  add(problem: Problem): void {
    this.found.push({ ...problem, prop: this.prefix + problem.prop });
  }

  /** A collector for the props of a part, which reports to this one. */
  within(part: string): Problems {
    return new Problems(`${this.prefix}${part}.`, this.found);
  }

  /** What was added so far, parts included. */
  get all(): readonly Problem[] {
    return this.found;
  }

  /** Throws one `AiInfraError` if anything was added. */
  throwIfAny(scope?: IConstruct): void {
    const [first, ...rest] = this.found;
    if (first) throw new AiInfraError([first, ...rest], scope);
  }
}

/** Runs what knows no construct: a problem that it finds is told with the path of the construct that it ran for. */
export function located<T>(scope: IConstruct, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error) && error.constructPath === undefined) {
      new Problems('', [...error.problems]).throwIfAny(scope);
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

/** A problem as a sentence: what must be, what was given, how to mend it. */
export function sentenceOf({ code, prop, allowed, got, fix }: Problem): string {
  return `${prop} must be ${allowed}, got ${show(got)}. ${fix} [${code}]`;
}

const LONGEST_SHOWN = 120;

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && isEncoded(value)) return TOKEN;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' && !/^\$\{(Tf)?Token/.test(value) ? `'${value}'` : describe(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

const TOKEN = 'a token, whose value is known only at deployment';

/** A number that only the deployment knows has 0xFBFF as its first 16 bits in the CDK, and 0xFDFF in CDK for Terraform. */
function isEncoded(value: number): boolean {
  return [960, 992].some((exponent) => value <= -1.9375 * 2 ** exponent && value > -(2 ** (exponent + 1)));
}

function describe(value: unknown): string {
  if (typeof value === 'string') return TOKEN;
  try {
    return pathOf(value) ?? jsonOf(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** A value as JSON; nothing for what JSON calls null, such as a date that is none, or does not have. */
function jsonOf(value: unknown): string | undefined {
  const json = JSON.stringify(value) as string | undefined;
  return json === 'null' ? undefined : json;
}

/** A construct by its path: as JSON it would be its whole tree. */
function pathOf(value: unknown): string | undefined {
  const { node } = Object(value) as { node?: unknown };
  const { path } = Object(node) as { path?: unknown };
  return typeof path === 'string' ? `the construct '${path}'` : undefined;
}
