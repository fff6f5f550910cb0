import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../template/findings';
import type { AwsMachine } from './machine';

/** Records what is doubtful about a machine where it is to run: what no source confirms of it, and a region that no source lists. */
export function recordMachineFindings(scope: IConstruct, { name, spec }: AwsMachine): void {
  if (spec.unverified) {
    const unread = unreadFigures(
      name,
      spec.unverified,
      'Prove it on one node, then acknowledge this.',
      `AWS_MACHINES['${name}']`,
    );
    record(scope, { ...unread, level: 'warning' });
  }
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || spec.regions.length === 0 || spec.regions.includes(region)) return;
  record(scope, {
    id: 'machine/region',
    level: 'warning',
    message: `No source lists ${name} in ${region}; it is listed in ${spec.regions.join(', ')}.`,
    fix: 'Deploy to one of these, or acknowledge this when the region has it now.',
    evidence: 'per-region enums of aws-cloudformation/cfn-lint 217397c',
  });
}
