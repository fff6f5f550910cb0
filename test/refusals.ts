import { AiInfraError, type ErrorCode } from 'ai-infra-constructs';

/** A problem of an error. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly prop: string;
  readonly allowed: string;
  readonly got: unknown;
  readonly fix: string;
}

/** Returns the problems that a function reports. Fails if it reports none, or throws anything else. */
export function problemsOf(run: () => unknown): Refusal[] {
  try {
    run();
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return [...error.problems];
  }
  throw new Error('nothing was refused');
}

/** Returns the codes of these problems. */
export function codesOf(run: () => unknown): ErrorCode[] {
  return problemsOf(run).map(({ code }) => code);
}

/** Formats a problem as its code and prop. */
export function told({ code, prop }: Pick<Refusal, 'code' | 'prop'>): string {
  return `${code} ${prop}`;
}

/** Returns the problems that a function reports, as code and prop. */
export function refusalsOf(run: () => unknown): string[] {
  return problemsOf(run).map(told);
}

/** Returns the result of a function, or nothing if it throws a coded error. Any other error is thrown. */
export function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return undefined;
  }
}
