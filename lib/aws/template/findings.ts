import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Problems } from '../../core/errors';
import {
  type Acknowledgement,
  ACKNOWLEDGEMENT_METADATA,
  type Finding,
  FINDING_IDS,
  type FindingId,
  FINDING_METADATA,
} from '../../core/findings';
import { nearest } from '../../core/nearest';
import { CONSTRUCT, fits, required, TEXT } from '../../core/shapes';

/** Records a finding on a construct; a warning also shows at synth, and fails a strict one until it is acknowledged. */
export function record(scope: IConstruct, finding: Finding): void {
  scope.node.addMetadata(FINDING_METADATA, finding);
  if (finding.level === 'warning') {
    Validations.of(scope).addWarning(finding.id, `${finding.message} ${finding.fix} (${finding.evidence})`);
  }
}

/** Accepts a finding on a construct and all below it, with the reason for the record. */
export function acknowledge(scope: IConstruct, id: FindingId, reason: string): void {
  checkAcknowledgement(scope, id, reason);
  scope.node.addMetadata(ACKNOWLEDGEMENT_METADATA, { id, reason } satisfies Acknowledgement);
  Validations.of(scope).acknowledge({ id: `annotation::${id}`, reason });
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
