import {
  acknowledge,
  AwsMachine,
  Capacity,
  DataClass,
  ModelSpec,
  TrainingJob,
  TrainingPlatform,
} from 'ai-infra-constructs/aws';
import { App, Duration, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'Training', {
  description: 'Pre-training on 16 P5en nodes with EFA, Lustre, a job queue, and a budget',
});

const platform = new TrainingPlatform(stack, 'Platform', {
  machine: AwsMachine.P5EN_48XLARGE,
  nodes: 16,
  capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
  job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 3.4e12, finishWithin: Duration.days(90) }),
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 800_000,
});
acknowledge(
  platform.trainingCluster,
  'evidence/no-measurement',
  'There are no published runs on H200 in bf16. We run 1,000 trial steps first.',
);

app.synth();
