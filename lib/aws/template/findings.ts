import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { recordAcknowledgement, type Finding, type FindingId, FINDING_METADATA } from '../../core/findings';

/** Records a finding on a construct. A warning also appears at synthesis, and fails a strict synthesis until it is acknowledged. */
export function record(scope: IConstruct, finding: Finding): void {
  scope.node.addMetadata(FINDING_METADATA, finding);
  if (finding.level === 'warning') {
    Validations.of(scope).addWarning(finding.id, `${finding.message} ${finding.fix} (${finding.evidence})`);
  }
}

/** Acknowledges a finding on a construct and everything below it, with a reason. */
export function acknowledge(scope: IConstruct, id: FindingId, reason: string): void {
  recordAcknowledgement(scope, id, reason);
  Validations.of(scope).acknowledge({ id: `annotation::${id}`, reason });
}
