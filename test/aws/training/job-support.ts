import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { ModelSpec, TrainingJob, type TrainingJobProps } from 'ai-infra-constructs';
import { AwsMachine, Installation, TrainingCluster, type TrainingClusterProps } from 'ai-infra-constructs/aws';

/** Pre-training of a model that takes 16 P5 machines about three weeks. */
export function pretraining(props: Partial<TrainingJobProps> = {}): TrainingJob {
  return TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11, finishWithinDays: 30, ...props });
}

/** A stack in a region with known prices. */
export const PRICED: StackProps = { env: { account: '111122223333', region: 'us-east-1' } };

/** A cluster with a job, in its own stack. */
export function jobCluster(
  props: Partial<TrainingClusterProps> = {},
  stackProps: StackProps = PRICED,
): TrainingCluster {
  return new TrainingCluster(new Stack(new App(), 'Test', stackProps), 'Pretrain', {
    machine: AwsMachine.P5_48XLARGE,
    installation: Installation.gitOps(),
    job: pretraining(),
    ...props,
  });
}
