import type { Problem } from '../core/errors';

/** What whoever creates a reservation says, since it costs from its first minute, used or not. */
export const CONFIRMATION = 'costs until deleted';

/** What is wrong with something irreversible that nobody said, or said otherwise. @param words that were to be written */
export function unconfirmed(got: unknown, words: string = CONFIRMATION): Problem {
  return {
    code: 'CapacityUnconfirmed',
    prop: 'confirm',
    allowed: `'${words}'`,
    got,
    fix: 'Write it, so that everyone who reads the code knows.',
  };
}
