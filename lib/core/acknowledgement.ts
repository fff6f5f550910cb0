import type { IConstruct } from 'constructs';
import { Problems } from './errors';
import { type Acknowledgement, ACKNOWLEDGEMENT_METADATA, FINDING_IDS, type FindingId } from './findings';
import { nearest } from './nearest';
import { CONSTRUCT, fits, required, TEXT } from './shapes';

/** Writes down that a finding is accepted on a construct and all below it; throws where that names no construct, finding, or reason. */
export function recordAcknowledgement(scope: IConstruct, id: FindingId, reason: string): void {
  checkAcknowledgement(scope, id, reason);
  scope.node.addMetadata(ACKNOWLEDGEMENT_METADATA, { id, reason } satisfies Acknowledgement);
}

function checkAcknowledgement(scope: IConstruct, id: unknown, reason: unknown): void {
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
