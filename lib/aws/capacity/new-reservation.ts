import { Aws, Fn } from 'aws-cdk-lib';
import { CfnCapacityReservation, type CfnPlacementGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { AwsMachine } from '../machine/machine';

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  readonly machine: AwsMachine;
  readonly nodes: number;
  readonly availabilityZone: string;
  /** Placement group of the nodes, so that group and reservation match. @default - none */
  readonly placementGroup?: CfnPlacementGroup;
  /** Time at which the reservation ends. @default - when it is deleted */
  readonly until?: Date;
}

/** An on-demand capacity reservation that only nodes with its ID can use. */
export class NewReservation extends Construct {
  public readonly resource: CfnCapacityReservation;

  constructor(
    scope: Construct,
    id: string,
    { machine, nodes, availabilityZone, placementGroup, until }: NewReservationProps,
  ) {
    super(scope, id);
    this.resource = new CfnCapacityReservation(this, 'Resource', {
      instanceType: machine.name,
      instancePlatform: 'Linux/UNIX',
      instanceCount: nodes,
      availabilityZone,
      ebsOptimized: true,
      instanceMatchCriteria: 'targeted',
      endDateType: until ? 'limited' : 'unlimited',
      endDate: until?.toISOString(),
      placementGroupArn: placementGroup && placementGroupArn(placementGroup),
      // Its tags can never change, so a change of cost tags would replace the reservation. The instances in it have the cost tags.
      tagSpecifications: [{ resourceType: 'capacity-reservation', tags: [{ key: 'Name', value: this.node.path }] }],
    });
  }
}

/** The ARN of a placement group: CloudFormation returns only its name. */
function placementGroupArn({ ref }: CfnPlacementGroup): string {
  return Fn.join('', ['arn:', Aws.PARTITION, ':ec2:', Aws.REGION, ':', Aws.ACCOUNT_ID, ':placement-group/', ref]);
}
