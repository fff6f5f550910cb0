import { AiInfraError } from '../../lib/core/errors';

/** The codes and props of what an action refuses; fails if it refuses nothing, or throws anything else. */
export function refusalOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error.problems.map(({ code, prop }) => `${code} ${prop}`);
    throw error;
  }
  throw new Error('nothing was refused');
}
