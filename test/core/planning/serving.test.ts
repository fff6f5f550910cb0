import fc from 'fast-check';
import { AiInfraError, CHIPS } from 'ai-infra-constructs';
import { coldStartSeconds, replicasFor } from '../../../lib/core/planning/serving/replicas';
import { calibratedLatency, latencyFloor, latencyVerdict } from '../../../lib/core/planning/serving/serving-latency';
import { servingRate } from '../../../lib/core/planning/serving/serving-rate';
import { anyShape, DEEPSEEK_V3, expectFinite, LLAMA_70B } from './shapes';

const H100 = { memoryBytesPerSecond: 3350e9, peakFlops: 989e12, accelerators: 2, inputTokens: 1000, outputTokens: 100 };

describe('the latency floor', () => {
  test('reads weights and context once per token, and computes the prompt', () => {
    const floor = latencyFloor({ ...H100, shape: LLAMA_70B });

    expect(floor.perTokenSeconds).toBeCloseTo((2 * 70.6e9 + 1000 * 320 * 1024) / (2 * 3350e9), 9);
    expect(floor.firstTokenSeconds).toBeCloseTo((2 * 70.6e9 * 1000) / (2 * 989e12), 9);
  });

  test('of a mixture reads the active weights', () => {
    expect(latencyFloor({ ...H100, shape: DEEPSEEK_V3 }).perTokenSeconds).toBeCloseTo(
      (2 * 37e9 + 1000 * 61 * 576 * 2) / (2 * 3350e9),
      9,
    );
  });

  test('is below the measurements: 13B on one A100 took 22 ms per token, on two 13.5', () => {
    const shape = { ...LLAMA_70B, layers: 40, hidden: 5120, heads: 40, kvHeads: 40, parameters: 13e9 };
    const a100 = { memoryBytesPerSecond: 1555e9, peakFlops: 312e12, inputTokens: 512, outputTokens: 10, shape };
    for (const [accelerators, seconds] of [
      [1, 0.022],
      [2, 0.0135],
    ] as const) {
      expect(latencyFloor({ ...a100, accelerators }).perTokenSeconds).toBeLessThan(seconds);
      expect(Math.abs(Math.log(calibratedLatency({ ...a100, accelerators }).perTokenSeconds / seconds))).toBeLessThan(
        0.35,
      );
    }
  });

  test('separates impossible from doubtful targets', () => {
    const floor = { firstTokenSeconds: 0.1, perTokenSeconds: 0.01 };
    const calibrated = { firstTokenSeconds: 0.2, perTokenSeconds: 0.02 };

    expect(latencyVerdict(floor, calibrated, { perTokenSeconds: 0.005 })).toBe('impossible');
    expect(latencyVerdict(floor, calibrated, { firstTokenSeconds: 0.15 })).toBe('doubtful');
    expect(latencyVerdict(floor, calibrated, { firstTokenSeconds: 0.3, perTokenSeconds: 0.04 })).toBe('ok');
  });
});

describe('throughput', () => {
  const run = { chip: 'H100', count: 2, model: 'Llama 3.3 70B', precision: 'fp8', isl: 1000, osl: 1000 };

  test('has evidence', () => {
    expect(servingRate(run)).toMatchObject({ evidence: 'measured', class: 'H100 fp8 dense' });
    expect(servingRate({ ...run, model: 'house', shape: LLAMA_70B })?.evidence).toBe('modelled');
    expect(servingRate({ ...run, model: 'house' })).toBeUndefined();
    expect(servingRate({ ...run, precision: 'int2' })).toBeUndefined();
  });

  test.each([{ chip: 'MI300X' }, { precision: 'fp4' }])(
    'of %o is a bound, with a separate estimate from other classes',
    (other) => {
      const rate = servingRate({ ...run, ...other })!;

      expect(rate).toMatchObject({ evidence: 'bound', runs: 0 });
      expect(rate).not.toHaveProperty('median');
      expect(rate.nearest!.p25).toBeLessThan(rate.nearest!.median);
      expect(rate.nearest!.median).toBeLessThanOrEqual(rate.bound);
    },
  );

  test('with more accelerators than heads includes copies of the KV cache, unlike the bound', () => {
    const neuron = { ...run, chip: 'Trainium1', count: 16, precision: 'bf16', isl: 8000, osl: 8000, batch: 8 };
    const at = (kvHeads: number) => servingRate({ ...neuron, model: 'house', shape: { ...LLAMA_70B, kvHeads } })!;

    // 32 cores: each holds one head, with 8 or with 32 heads.
    expect(at(8).stepSeconds).toBeCloseTo(at(32).stepSeconds, 6);
    expect(at(64).stepSeconds).toBeGreaterThan(1.1 * at(32).stepSeconds);
    expect(at(8).bound).toBeGreaterThan(1.1 * at(32).bound);
  });

  test('of a published run is below the limit of the hardware', () => {
    const { p25, median, bound } = servingRate(run)!;

    expect(p25).toBeLessThan(median!);
    expect(median).toBeLessThan(bound);
    expect(Math.abs(Math.log(4418 / median!))).toBeLessThan(0.2);
  });

  test('is ordered and finite on every chip', () => {
    const runs = fc.record({
      chip: fc.constantFrom(...Object.keys(CHIPS)),
      count: fc.integer({ min: 1, max: 72 }),
      model: fc.string(),
      shape: anyShape,
      precision: fc.constantFrom('bf16', 'fp8', 'fp4', 'int8w', 'int2'),
      isl: fc.integer({ min: 1, max: 1e7 }),
      osl: fc.integer({ min: 1, max: 1e7 }),
      batch: fc.option(fc.integer({ min: 1, max: 1e5 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(runs, (one) => {
        const rate = servingRate(one);
        expectFinite(rate ?? {});
        if (rate?.median === undefined) return;
        expect(rate.p25).toBeLessThanOrEqual(rate.median);
        expect(rate.median).toBeLessThanOrEqual(rate.bound);
      }),
    );
  });
});

test('the replicas meet the load with the derate, at least one', () => {
  const load = { requestsPerSecond: 10, outputTokensPerRequest: 500, replicaTokensPerSecond: 2000 };

  expect(replicasFor({ ...load, derate: 1 })).toBe(3);
  expect(replicasFor(load)).toBe(4);
  expect(replicasFor({ ...load, spare: 1 })).toBe(5);
  expect(replicasFor({ ...load, requestsPerSecond: 0 })).toBe(1);
});

test('a cold start loads the weights: 140 GB at 1 GB/s take 140 s', () => {
  expect(coldStartSeconds(140e9, 1e9)).toBe(140);
});

test('reports each number out of range', () => {
  expect(() => latencyFloor({ ...H100, accelerators: 0, shape: LLAMA_70B })).toThrow(AiInfraError);
  expect(() => replicasFor({ requestsPerSecond: -1, outputTokensPerRequest: 0, replicaTokensPerSecond: 1 })).toThrow(
    /requestsPerSecond[^]*outputTokensPerRequest/,
  );
  expect(() => coldStartSeconds(0, 0)).toThrow(/weightBytes[^]*readBytesPerSecond/);
});
