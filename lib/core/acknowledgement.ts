import type { IConstruct } from 'constructs';
import { Problems } from './errors';
import { FINDING_IDS } from './findings';
import { nearest } from './nearest';
import { CONSTRUCT, fits, required, TEXT } from './shapes';

/** Throws where an acceptance of a finding names no construct, no finding, or no reason. */
export function checkAcknowledgement(scope: IConstruct, id: unknown, reason: unknown): void {
  const problems = new Problems();
  const typed = fits(
    problems,
    { scope, id, reason },
    { scope: required(CONSTRUCT), id: required(TEXT), reason: required(TEXT) },
  );
  if (typed && !Object.hasOwn(FINDING_IDS, id as string)) {
    const meant = nearest(id as string, Object.keys(FINDING_IDS), 1).join('');
    problems.add({
      code: 'FindingUnknown',
      prop: 'id',
      allowed: 'the id of a finding',
      got: id,
      fix: meant ? `Did you mean ${meant}?` : 'Copy the id from the finding.',
    });
  }
  problems.throwIfAny(typed ? scope : undefined);
}
