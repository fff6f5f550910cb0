import type { ProblemCollector } from '../../core/errors';
import { unconfirmed } from '../../core/confirmation';

/** The confirmation to buy a commitment. */
const CONFIRMATION = 'this purchase cannot be undone';

/** Terms that Google Cloud offers, in years. @see https://cloud.google.com/compute/docs/committed-use-discounts/overview */
const TERMS = [1, 3];

/** A committed-use discount: whole machines at a lower price, billed until the end of the term, used or not. */
export interface CommitmentOptions {
  /**
   * Term in years: 1 or 3.
   * @schema NUMBER
   */
  readonly years: 1 | 3;
  /** Whether the commitment renews automatically at the end of its term. @default false */
  readonly autoRenew?: boolean;
  /**
   * Confirms that nobody can cancel or delete the commitment. Must be `'this purchase cannot be undone'`.
   * @schema STRING
   */
  readonly confirm: 'this purchase cannot be undone';
}

/** Adds each problem of a commitment. */
export function checkCommitment(problems: ProblemCollector, options: CommitmentOptions): void {
  const { years, confirm } = options as { readonly years: number; readonly confirm: string };
  if (!TERMS.includes(years)) {
    problems.add({
      code: 'CommitmentTerm',
      prop: 'years',
      allowed: '1 or 3',
      got: years,
      fix: 'The Compute Engine API supports no other term.',
    });
  }
  if (confirm !== CONFIRMATION) problems.add(unconfirmed(confirm, CONFIRMATION));
}
