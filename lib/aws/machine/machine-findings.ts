import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../template/findings';
import type { AwsMachine } from './machine';

/** Records the findings of a machine: values without a source, and a region without the machine. */
export function recordMachineFindings(scope: IConstruct, { name, spec }: AwsMachine): void {
  if (spec.unverified) {
    const unread = unreadFigures(
      name,
      spec.unverified,
      'Test it on one node, then acknowledge this finding.',
      `AWS_MACHINES['${name}']`,
    );
    record(scope, { ...unread, level: 'warning' });
  }
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || spec.regions.length === 0 || spec.regions.includes(region)) return;
  record(scope, {
    id: 'machine/region',
    level: 'warning',
    message: `No source lists ${name} in ${region}. Listed regions: ${spec.regions.join(', ')}.`,
    fix: 'Deploy to one of these regions, or acknowledge this finding if the region has the machine.',
    evidence: 'per-region enums of aws-cloudformation/cfn-lint 217397c',
  });
}
