import { AiInfraError } from 'ai-infra-constructs';

/** Returns the codes and props of the problems that an action throws. Fails if it does not throw, or throws another error. */
export function refusalOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error.problems.map(({ code, prop }) => `${code} ${prop}`);
    throw error;
  }
  throw new Error('the action did not throw');
}
