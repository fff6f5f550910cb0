import { ModelSpec, TrainingJob, type TrainingJobProps } from 'ai-infra-constructs';

/** Pre-training of a model that 16 machines with 8 H100 do in some three weeks. */
export function pretraining(props: Partial<TrainingJobProps> = {}): TrainingJob {
  return TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11, finishWithinDays: 60, ...props });
}
