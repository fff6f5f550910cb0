import { Annotations, Aspects, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { recordAcknowledgement, type Finding, type FindingId, FINDING_METADATA, findingsAt } from '../core/findings';
import { onceInStack } from './once-in-stack';
import type { ProblemCollector } from '../core/errors';

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

/** Adds the problem that the network of a new file system is unknown. */
export function addNetworkMissing(problems: ProblemCollector): void {
  problems.add({
    code: 'ValueMissing',
    prop: 'network',
    allowed: 'the network of the existing cluster, for the new file system',
    got: undefined,
    fix: 'Set network, or use TrainingStorage.none().',
  });
}
