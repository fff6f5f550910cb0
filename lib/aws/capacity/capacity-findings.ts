import type { IConstruct } from 'constructs';
import type { AwsMachine } from '../machine/machine';
import { record } from '../template/findings';
import type { Capacity } from './capacity';

/** The AWS documentation of Spot interruptions. */
export const SPOT = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html';

/** Records a finding for on-demand capacity of a machine without a published on-demand price. */
export function recordScarce(scope: IConstruct, { name, spec }: AwsMachine, { market }: Capacity): void {
  if (market !== 'on-demand' || spec.onDemandPriced !== false) return;
  record(scope, {
    id: 'capacity/on-demand-scarce',
    level: 'warning',
    message: `AWS publishes no on-demand price for ${name}: it sells this machine by reservation and capacity block.`,
    fix: 'Use Capacity.capacityBlock() or Capacity.reservation().',
    evidence: `onDemandPriced in AWS_MACHINES['${name}']`,
  });
}
