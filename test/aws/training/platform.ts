import { App, Stack } from 'aws-cdk-lib';
import { DataClass } from 'ai-infra-constructs';
import { AwsMachine, Capacity, TrainingPlatform, type TrainingPlatformProps } from 'ai-infra-constructs/aws';

export const PROPS: TrainingPlatformProps = {
  machine: AwsMachine.P5EN_48XLARGE,
  nodes: 16,
  capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 800_000,
};

/** The reference platform, with some props replaced, in its own stack. */
export function platform(props: Partial<TrainingPlatformProps> = {}, app = new App()) {
  const stack = new Stack(
    app,
    'Training',
    props.availabilityZones && { env: { account: '111122223333', region: 'us-east-2' } },
  );
  return { app, stack, platform: new TrainingPlatform(stack, 'Platform', { ...PROPS, ...props }) };
}
