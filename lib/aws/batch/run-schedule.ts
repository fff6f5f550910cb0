import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { having, type Kind } from '../../core/shapes';

/** A schedule of the CDK. */
export const SCHEDULE: Kind = having(
  'a ScheduleExpression',
  ['expressionString'],
  "Use ScheduleExpression.cron({ hour: '2', minute: '0' }).",
);

/** Properties for `RunSchedule`. */
export interface RunScheduleProps {
  readonly stateMachine: IStateMachine;
  readonly schedule: ScheduleExpression;
}

/** Starts runs by the clock. A run that is due while an earlier one is at work fails at once, and the next one does its shards. */
export class RunSchedule extends Construct {
  public readonly resource: CfnSchedule;

  constructor(scope: Construct, id: string, { stateMachine: { stateMachineArn }, schedule }: RunScheduleProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] })],
    });
    this.resource = new CfnSchedule(this, 'Resource', {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: schedule.expressionString,
      scheduleExpressionTimezone: schedule.timeZone?.timezoneName,
      target: { arn: stateMachineArn, roleArn: role.roleArn, input: '{}' },
    });
  }
}
