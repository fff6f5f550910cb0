import { AiInfraError } from 'ai-infra-constructs';

/** Returns the error that a call throws. It must be an AiInfraError, not a TypeError. */
export function errorOf(call: () => unknown): AiInfraError {
  try {
    call();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Returns the codes and props of all problems that a call throws. */
export function problemsOf(call: () => unknown): string[] {
  return errorOf(call).problems.map(({ code, prop }) => `${code} ${prop}`);
}
