import type { Problems } from '../../core/errors';
import { FLAG, NUMBER, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { unconfirmed } from '../../terraform/confirmation';

/** What must be written to buy a commitment. */
const CONFIRMATION = 'this purchase cannot be undone';

/** Terms that are sold, in years. @see https://cloud.google.com/compute/docs/committed-use-discounts/overview */
const TERMS = [1, 3];

/** A committed-use discount: whole machines are paid for to the end of the term, used or not, at a lower price. */
export interface CommitmentOptions {
  /** Its term: 1 year or 3. */
  readonly years: 1 | 3;
  /** Whether it begins anew when it ends. @default false */
  readonly autoRenew?: boolean;
  /** Google takes no commitment back, and Terraform cannot delete one. Say so: `confirm: 'this purchase cannot be undone'`. */
  readonly confirm: typeof CONFIRMATION;
}

/** The kinds of the options. What they may be, `checkCommitment` judges. */
export const COMMITMENT: Shape<CommitmentOptions> = {
  years: required(NUMBER),
  autoRenew: FLAG,
  confirm: required(TEXT),
};

/** A commitment, as a prop. */
export const COMMITMENT_OPTIONS = objectOf(COMMITMENT, 'a commitment { years, confirm }');

/** Adds what is wrong with a commitment that was asked for. */
export function checkCommitment(problems: Problems, options: CommitmentOptions): void {
  const { years, confirm } = options as { readonly years: number; readonly confirm: string };
  if (!TERMS.includes(years)) {
    problems.add({
      code: 'CommitmentTerm',
      prop: 'years',
      allowed: '1 or 3',
      got: years,
      fix: 'Compute Engine sells no other term by its API.',
    });
  }
  if (confirm !== CONFIRMATION) problems.add(unconfirmed(confirm, CONFIRMATION));
}
