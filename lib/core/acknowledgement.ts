import type { IConstruct } from 'constructs';
import { ProblemCollector } from './errors';
import { type Acknowledgement, ACKNOWLEDGEMENT_METADATA, FINDING_IDS, type FindingId } from './findings';
import { nearest } from './nearest';
import { CONSTRUCT, validateProps, required, STRING } from './prop-schema';

/** Accepts a finding for a construct and all constructs below it. Throws if the construct, finding ID, or reason is invalid. */
export function recordAcknowledgement(scope: IConstruct, id: FindingId, reason: string): void {
  checkAcknowledgement(scope, id, reason);
  scope.node.addMetadata(ACKNOWLEDGEMENT_METADATA, { id, reason } satisfies Acknowledgement);
}

function checkAcknowledgement(scope: IConstruct, id: unknown, reason: unknown): void {
  const problems = new ProblemCollector();
  const typed = validateProps(
    problems,
    { scope, id, reason },
    { scope: required(CONSTRUCT), id: required(STRING), reason: required(STRING) },
  );
  if (typed && !Object.hasOwn(FINDING_IDS, id as string)) {
    const meant = nearest(id as string, Object.keys(FINDING_IDS), 1).join('');
    problems.add({
      code: 'FindingUnknown',
      prop: 'id',
      allowed: 'the ID of a finding',
      got: id,
      fix: meant ? `Did you mean ${meant}?` : 'Copy the ID from the finding.',
    });
  }
  problems.throwIfAny(typed ? scope : undefined);
}
