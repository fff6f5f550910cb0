import { DataClass } from 'ai-infra-constructs';
import { AwsMachine, Capacity, TrainingPlatform } from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';

/** The reference platform of `examples/aws/training.ts`, without its job. */
export function build(): App {
  const app = new App();
  platform(app);
  return app;
}

export function platform(app: App): TrainingPlatform {
  const stack = new Stack(app, 'Training', {
    description: 'Pre-training on 16 P5en nodes over EFA, with Lustre, queue and budget',
  });
  return new TrainingPlatform(stack, 'Platform', {
    machine: AwsMachine.P5EN_48XLARGE,
    nodes: 16,
    capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
    dataClass: DataClass.CONFIDENTIAL,
    costAllocation: {
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      costCenter: 'R-17',
      owner: 'ml-platform',
    },
    monthlyBudgetUsd: 800_000,
  });
}
