import { App, Stack } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DataClass } from 'ai-infra-constructs';
import {
  AwsMachine,
  BatchCompute,
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
} from 'ai-infra-constructs/aws';
import { DIGEST } from './world';

export const COSTS = {
  project: 'atlas',
  team: 'search',
  environment: 'prod',
  costCenter: 'R-17',
  owner: 'ml-platform',
};

export const PROPS: BatchInferencePlatformProps = {
  workflow: {
    compute: BatchCompute.awsBatch({ machine: AwsMachine.G6E_48XLARGE, maxMachines: 8, image: DIGEST }),
    schedule: ScheduleExpression.cron({ minute: '0', hour: '2' }),
  },
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: COSTS,
  monthlyBudgetUsd: 40_000,
};

/** The reference platform with changed props, in a new stack. */
export function platform(props: Partial<BatchInferencePlatformProps> = {}, app = new App()) {
  const stack = new Stack(app, 'Batch');
  return { app, stack, platform: new BatchInferencePlatform(stack, 'Platform', { ...PROPS, ...props }) };
}
