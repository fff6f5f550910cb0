import { machineNamed, ModelSpec, TrainingJob, type TrainingJobProps } from 'ai-infra-constructs';
import { planTraining, type TrainingPlanProps } from 'ai-infra-constructs/planning';

const on = (job: Partial<TrainingJobProps> = {}, props: Partial<TrainingPlanProps> = {}) =>
  planTraining({
    job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e12, ...job }),
    machine: machineNamed('aws', 'p5.48xlarge'),
    nodes: 64,
    ...props,
  });

describe('the binding constraint', () => {
  test('names the changes that shorten the job, with the time and the cost', () => {
    const { binding, time } = on();
    const now = (time.seconds!.median / 86_400).toPrecision(3);
    expect(binding.what).toBe('compute');
    expect(binding.why).toMatch(
      new RegExp(`^With fp8, the job likely takes [\\d.]+ days instead of ${now} days, and costs [\\d.]+% less\\.`),
    );
    expect(binding.why).toMatch(/With 128 × p5\.48xlarge, .* and costs .*\.$/);
  });

  test('promises no more than the plan with the change', () => {
    const days = (plan: ReturnType<typeof on>) => (plan.time.seconds!.median / 86_400).toPrecision(3);
    expect(on().binding.why).toContain(`likely takes ${days(on({}, { nodes: 128 }))} days`);
    expect(on().binding.why).toContain(`likely takes ${days(on({ precision: 'fp8' }))} days`);
  });

  test('does not suggest a precision that the chip does not support', () => {
    const { binding } = on({}, { machine: machineNamed('aws', 'p4d.24xlarge') });
    expect(binding.why).not.toMatch(/fp8|fp4/);
  });

  test('names faster storage if checkpoints take much of the time', () => {
    const storage = { throughputMBps: 450, sizeGiB: 1e5 };
    const { binding, checkpoint } = on({}, { storage });
    expect(checkpoint.writing).toBeGreaterThan(0.02);
    expect(binding.why).toContain('With faster storage for checkpoints');
  });

  test('is the first contradiction if the job cannot run', () => {
    expect(on({ finishWithinDays: 1 }).binding).toMatchObject({ what: 'time' });
  });
});
