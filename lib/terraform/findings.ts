import { Annotations, Aspects, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { recordAcknowledgement } from '../core/acknowledgement';
import { type Finding, type FindingId, FINDING_METADATA, findingsAt } from '../core/findings';
import { onceInStack } from './once-in-stack';

/**
 * Records a finding on a construct. Warnings without an acknowledgement appear at synthesis, because CDK for Terraform cannot remove an annotation.
 */
export function record(scope: IConstruct, finding: Finding): void {
  scope.node.addMetadata(FINDING_METADATA, finding);
  if (finding.level === 'warning') onceInStack(scope, 'ai-infra:warnings', warnAtSynthesis);
}

/** Acknowledges a finding on a construct and all constructs below it. @param reason why the finding is acceptable */
export function acknowledge(scope: IConstruct, id: FindingId, reason: string): void {
  recordAcknowledgement(scope, id, reason);
}

function warnAtSynthesis(stack: TerraformStack): void {
  Aspects.of(stack).add({
    visit: (construct) => {
      for (const { level, acknowledged, id, message, fix, evidence } of findingsAt(construct)) {
        if (level === 'warning' && acknowledged === undefined)
          Annotations.of(construct).addWarning(`${id}: ${message} ${fix} (${evidence})`);
      }
    },
  });
}
