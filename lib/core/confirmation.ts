import type { Problem } from './errors';

/** The confirmation to create a reservation, which is billed from its first minute, used or not. */
export const CONFIRMATION = 'costs until deleted';

/** The problem for a missing or wrong confirmation. @param words the required text */
export function unconfirmed(got: unknown, words: string = CONFIRMATION): Problem {
  return {
    code: 'CapacityUnconfirmed',
    prop: 'confirm',
    allowed: `'${words}'`,
    got,
    fix: `Set confirm: '${words}' to accept the cost.`,
  };
}
