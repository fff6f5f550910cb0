import { AiInfraError } from '../../../lib/core/errors';

/** The error that a call throws: it must be one of ours, never a TypeError. */
export function errorOf(call: () => unknown): AiInfraError {
  try {
    call();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Codes and props of all problems that a call throws. */
export function problemsOf(call: () => unknown): string[] {
  return errorOf(call).problems.map(({ code, prop }) => `${code} ${prop}`);
}
