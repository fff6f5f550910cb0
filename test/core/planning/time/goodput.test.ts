import fc from 'fast-check';
import { machineNamed, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import { planTraining } from 'ai-infra-constructs/planning';
import { FULL_RUNS } from '../../../../lib/core/planning/catalog/full-runs';
import { goodputOf, paceOf } from '../../../../lib/core/planning/time/goodput';
import { expectFinite } from '../shapes';

const HOUR = 3600;
const DAY = 24 * HOUR;

test('the pace of short runs is that of published benchmarks, and of long runs that of full runs', () => {
  expect(paceOf(60)).toEqual({ p10: 0.89, median: 0.92, p90: 0.95 });
  expect(paceOf(HOUR)).toEqual(paceOf(60));
  expect(paceOf(60 * DAY).median).toBeCloseTo(FULL_RUNS.pace.median);
  expect(paceOf().p10).toBeCloseTo(FULL_RUNS.pace.p10);
});

test('the pace never grows with the length of a run', () => {
  const seconds = fc.double({ min: 1, max: 1e10, noNaN: true });
  fc.assert(
    fc.property(seconds, seconds, (a, b) => {
      const [short, long] = [paceOf(Math.min(a, b)), paceOf(Math.max(a, b))];
      expectFinite([short, long]);
      expect(long.median).toBeLessThanOrEqual(short.median);
      expect(long.p10).toBeLessThanOrEqual(long.median);
      expect(long.median).toBeLessThanOrEqual(long.p90);
    }),
  );
});

test('the goodput is the pace without the losses', () => {
  const { median } = goodputOf({ steppingSeconds: HOUR, loss: 0.1, available: 0.5 });
  expect(median).toBeCloseTo(0.92 * 0.9 * 0.5);
  expect(goodputOf({ loss: 1 })).toEqual({ p10: 0, median: 0, p90: 0 });
});

describe('a job of less than an hour', () => {
  const job = TrainingJob.lora({ model: ModelSpec.LLAMA_3_1_8B, tokens: 50e6 });
  const { time, checkpoint } = planTraining({ job, machine: machineNamed('aws', 'p5.48xlarge'), nodes: 1 });

  test('keeps nearly all of its time', () => {
    expect(time.seconds!.median).toBeLessThan(HOUR);
    expect(time.goodput).toBeGreaterThan(0.8);
    expect(checkpoint.loss).toBeLessThan(0.11);
  });

  test('has no checkpoint interval longer than the job', () => {
    expect(checkpoint.intervalSeconds).toBeLessThanOrEqual(time.seconds!.median);
    expect(checkpoint.writeSeconds).toBeLessThanOrEqual(0.1 * time.seconds!.median);
    expect(checkpoint.verdict).toBe('ok');
  });
});

test('a long job on few accelerators writes a checkpoint each day', () => {
  const job = TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 50e9 });
  const { checkpoint } = planTraining({ job, machine: machineNamed('aws', 'p5.48xlarge'), nodes: 1 });
  expect(checkpoint.intervalSeconds).toBe(DAY);
});

test('a job on more accelerators fails more often, and loses more', () => {
  const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_405B, tokens: 15e12 });
  const lossOn = (nodes: number) =>
    planTraining({ job, machine: machineNamed('aws', 'p5.48xlarge'), nodes }).checkpoint.loss;
  expect(lossOn(2048)).toBeGreaterThan(lossOn(512));
});
