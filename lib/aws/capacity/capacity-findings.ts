import type { IConstruct } from 'constructs';
import type { AwsMachine } from '../machine/machine';
import { record } from '../template/findings';
import type { Capacity } from './capacity';

/** What AWS says of spot machines. */
export const SPOT = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html';

/** Records that machines are wanted on demand, and AWS sells them otherwise. */
export function recordScarce(scope: IConstruct, { name, spec }: AwsMachine, { market }: Capacity): void {
  if (market !== 'on-demand' || spec.onDemandPriced !== false) return;
  record(scope, {
    id: 'capacity/on-demand-scarce',
    level: 'warning',
    message: `No on-demand price of ${name} is published: AWS sells it by reservation and capacity block.`,
    fix: 'Use Capacity.capacityBlock or Capacity.reservation.',
    evidence: `onDemandPriced in AWS_MACHINES['${name}']`,
  });
}
