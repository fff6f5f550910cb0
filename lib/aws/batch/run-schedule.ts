import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** Properties for `RunSchedule`. */
export interface RunScheduleProps {
  /** The state machine to start. */
  readonly stateMachine: IStateMachine;
  /** Time of the runs. */
  readonly schedule: ScheduleExpression;
}

/** An EventBridge schedule that starts runs. A run that starts during another run fails immediately, and the next run processes its shards. */
export class RunSchedule extends Construct {
  /** The schedule. */
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
