import { AiInfraError, type ErrorCode } from 'ai-infra-constructs';

/** One problem, as an error lists it. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly prop: string;
  readonly allowed: string;
  readonly got: unknown;
  readonly fix: string;
}

/** The problems that a piece of code refuses its input with; fails if it refuses nothing, or throws anything else. */
export function problemsOf(run: () => unknown): Refusal[] {
  try {
    run();
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return [...error.problems];
  }
  throw new Error('nothing was refused');
}

/** The codes of these problems. */
export function codesOf(run: () => unknown): ErrorCode[] {
  return problemsOf(run).map(({ code }) => code);
}

/** A problem by its code and the prop that it is of. */
export function told({ code, prop }: Pick<Refusal, 'code' | 'prop'>): string {
  return `${code} ${prop}`;
}

/** The problems that a piece of code refuses its input with, each by code and prop. */
export function refusalsOf(run: () => unknown): string[] {
  return problemsOf(run).map(told);
}

/** What a piece of code makes; nothing where it refuses its input by codes. Anything else is thrown. */
export function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return undefined;
  }
}
