import { machineNamed, ModelSpec, TrainingJob, type TrainingJobProps } from 'ai-infra-constructs';
import { fastestLayout } from '../../../../lib/core/planning/layout/layout-search';
import {
  passSeconds,
  passTerms,
  pipelineFactor,
  replicaSeconds,
  timeTerms,
} from '../../../../lib/core/planning/layout/layout-time';
import { hardwareOf, type PlanHardware } from '../../../../lib/core/planning/layout/plan-hardware';
import { slowdownOf } from '../../../../lib/core/planning/layout/plan-parallelism';
import { trainingTerms } from '../../../../lib/core/planning/time/plan-time';

const H100 = hardwareOf(machineNamed('aws', 'p5.48xlarge'));
const termsOf = (props: Partial<TrainingJobProps> = {}) =>
  trainingTerms(TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 1e13, ...props }));
const time = timeTerms(termsOf(), H100);
const alone = { tensor: 1, pipeline: 1, context: 1, expert: 1 };
/** Seconds of a sequence, times the accelerators that share it. */
const seconds = (split: Partial<typeof alone>, microBatch = 1, hardware: PlanHardware = H100) => {
  const one = { ...alone, ...split };
  const pass = passTerms(timeTerms(termsOf(), hardware), one, 8);
  const shared = one.tensor * one.pipeline * one.context;
  return (passSeconds(time, pass, microBatch, 1, 0) * shared) / microBatch;
};

describe('the time of a micro batch', () => {
  test('is near the peak for one large micro batch', () => {
    expect(seconds({}, 4)).toBeGreaterThan(time.compute);
    expect(seconds({}, 4)).toBeLessThan(1.1 * time.compute);
  });

  test('grows with each split, because of exchanges and smaller matrices', () => {
    expect(seconds({ tensor: 2 })).toBeGreaterThan(seconds({}));
    expect(seconds({ tensor: 8 })).toBeGreaterThan(seconds({ tensor: 2 }));
    expect(seconds({ context: 4 })).toBeGreaterThan(seconds({ context: 2 }));
    expect(seconds({}, 4)).toBeLessThan(seconds({}));
  });

  test('grows most if tensor parallelism crosses the network', () => {
    const slow = seconds({ tensor: 8 }, 1, { ...H100, domain: 4, perNode: 4 });

    expect(slow).toBeGreaterThan(1.5 * seconds({ tensor: 8 }));
  });
});

describe('the time of a pipeline', () => {
  test('adds (stages − 1) ÷ (micro batches × interleaved stages)', () => {
    const even = { ...time, output: 0 };

    expect(pipelineFactor(even, 1, 1, 8)).toBe(1);
    expect(pipelineFactor(even, 4, 1, 8)).toBeCloseTo(1 + 3 / 8);
    expect(pipelineFactor(even, 4, 5, 8)).toBeCloseTo(1 + 3 / 40);
  });

  test('is that of the slowest stage', () => {
    expect(pipelineFactor({ ...time, layers: 78, output: 0 }, 12, 1, 1e9)).toBeCloseTo((7 * 12) / 78);
    expect(pipelineFactor({ ...time, layers: 80, output: 2 }, 4, 1, 1e9)).toBeCloseTo((22 * 4) / 82);
  });
});

describe('exchanges between replicas', () => {
  test('hide behind computation, except for a tenth', () => {
    const replicas = { gather: 1, reduce: 2 };

    expect(replicaSeconds(replicas, 'zero-1', 100, 8)).toBeCloseTo(0.3);
    expect(replicaSeconds(replicas, 'zero-2', 100, 8)).toBeCloseTo(0.1 + 8 * 0.2);
    expect(replicaSeconds(replicas, 'zero-3', 100, 8)).toBeCloseTo(8 * 0.4);
    expect(replicaSeconds(replicas, 'zero-3', 0, 8)).toBe(8 * 4);
  });
});

describe('the slowdown of a machine', () => {
  const slowdown = (cloud: 'aws' | 'google', name: string, accelerators = 256) => {
    const hardware = hardwareOf(machineNamed(cloud, name));
    const terms = termsOf();
    return slowdownOf(terms, hardware, accelerators, fastestLayout(terms, hardware, accelerators)!.relativeTime);
  };

  test('is 1 on the usual machine of a chip', () => {
    expect(slowdown('aws', 'p5.48xlarge')).toBe(1);
    expect(slowdown('aws', 'p6-b200.48xlarge')).toBe(1);
  });

  test('grows with fewer accelerators per node and a slower network', () => {
    const [mega, high, four, one] = ['a3-megagpu-8g', 'a3-highgpu-8g', 'a3-highgpu-4g', 'a3-highgpu-1g'].map((name) =>
      slowdown('google', name),
    ) as [number, number, number, number];

    expect(mega).toBeGreaterThan(1);
    expect(mega).toBeLessThan(1.1);
    expect(high).toBeGreaterThan(mega);
    expect(four).toBeGreaterThan(high);
    expect(one).toBeGreaterThan(1.5);
  });
});
