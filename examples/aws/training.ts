import { DataClass, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import { acknowledge, AwsMachine, Capacity, TrainingPlatform } from 'ai-infra-constructs/aws';
import { App, Duration, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'Training', {
  description: 'Pre-training on 16 P5en nodes over EFA, with Lustre, queue and budget',
});

const platform = new TrainingPlatform(stack, 'Platform', {
  machine: AwsMachine.P5EN_48XLARGE,
  nodes: 16,
  capacity: Capacity.newReservation(),
  job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 4.8e12, finishWithin: Duration.days(90) }),
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 800_000,
});
acknowledge(
  platform.cluster,
  'evidence/no-measurement',
  'No one published runs on H200 in bf16: a trial of 1,000 steps comes first.',
);

app.synth();
