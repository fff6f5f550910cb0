import { machineNamed, ModelSpec, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import { planServing, planTraining } from 'ai-infra-constructs/planning';

const on = (machine: string, nodes: number) =>
  planTraining({
    job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 300e9 }),
    machine: machineNamed('aws', machine),
    nodes,
  });
const P5 = machineNamed('aws', 'p5.48xlarge');

test('a step takes at least as long as the exchange of its weights and gradients', () => {
  const { time, findings } = on('g6.12xlarge', 768);
  expect(time.stepSeconds!.median).toBeGreaterThan(300);
  expect(findings.map(({ id }) => id)).toContain('fabric/rdma');
});

test('more memory never makes a job slower', () => {
  const [h100, h200] = ['p5.48xlarge', 'p5en.48xlarge'].map((name) => on(name, 16).time.seconds!.median);
  expect(h200).toBeLessThanOrEqual(h100!);
});

test('checkpoints are written at least as fast as the smallest file system can', () => {
  const job = TrainingJob.lora({ model: ModelSpec.LLAMA_3_1_8B, tokens: 50e6 });
  const { checkpoint } = planTraining({ job, machine: P5, nodes: 1 });
  expect(checkpoint.writeMBps).toBeGreaterThan(100);
  expect(checkpoint.loss).toBeLessThan(0.01);
});

test('a replica that fits on linked accelerators does not span machines for a latency target', () => {
  const load = ServingLoad.of({
    ...{ model: ModelSpec.LLAMA_3_1_70B, inputTokens: 2000, outputTokens: 300, weightPrecision: 'fp8' },
    ...{ requestsPerSecond: 10, ttftMs: 500, tpotMs: 30 },
  });
  expect(planServing({ load, machine: P5 }).replica.accelerators).toBeLessThanOrEqual(8);
});

test('a single client waits for no other prompt', () => {
  const load = ServingLoad.of({
    ...{ model: ModelSpec.LLAMA_3_1_70B, inputTokens: 120_000, outputTokens: 500, concurrency: 1 },
  });
  const { light, loaded } = planServing({ load, machine: P5 }).latency!;
  expect(loaded!.ttftMs.median).toBeLessThan(1.1 * light.ttftMs);
});
