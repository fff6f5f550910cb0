import fc from 'fast-check';
import { AiInfraError, type ChipRow, CHIPS } from 'ai-infra-constructs';
import { coldStartSeconds, replicasFor } from '../../../lib/core/planning/serving/replicas';
import { latencyFloor, latencyVerdict } from '../../../lib/core/planning/serving/serving-latency';
import { servingRate } from '../../../lib/core/planning/serving/serving-rate';
import { anyShape, DEEPSEEK_V3, expectFinite, LLAMA_70B } from './shapes';

const H100 = { memoryBytesPerSecond: 3350e9, peakFlops: 989e12, accelerators: 2, inputTokens: 1000, outputTokens: 100 };

describe('the precisions of a chip', () => {
  test.each(Object.entries<ChipRow>(CHIPS).filter(([, row]) => row.bf16DenseTflops && row.fp8DenseTflops))(
    'serve a batch at most as much faster as the peaks or the bytes allow: %s',
    (chip, row) => {
      const allowed = Math.max(row.fp8DenseTflops! / row.bf16DenseTflops!, 2);
      for (const [model, count] of [
        ['Llama-3.1-8B', 1],
        ['Mixtral-8x7B', 8],
      ] as const) {
        for (const batch of [1, 16, 64]) {
          const run = { chip, count, model, batch, isl: 1000, osl: 200, tp: count * (row.logicalCores ?? 1) };
          const [bf16, fp8] = ['bf16', 'fp8'].map((precision) => servingRate({ ...run, precision })!);
          if (bf16!.batch === fp8!.batch) expect(fp8!.median / bf16!.median).toBeLessThanOrEqual(allowed);
        }
      }
    },
  );
});

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
      const run = { chip: 'A100-40', count: accelerators, model: 'house', shape, isl: 512, osl: 10, batch: 1 };
      expect(Math.abs(Math.log(servingRate(run)!.stepSeconds / seconds))).toBeLessThan(0.2);
    }
  });

  test('separates impossible from doubtful targets', () => {
    const floor = { firstTokenSeconds: 0.1, perTokenSeconds: 0.01 };
    const expected = { firstTokenSeconds: 0.2, perTokenSeconds: 0.02 };

    expect(latencyVerdict(floor, expected, { perTokenSeconds: 0.005 })).toBe('impossible');
    expect(latencyVerdict(floor, expected, { firstTokenSeconds: 0.15 })).toBe('doubtful');
    expect(latencyVerdict(floor, expected, { firstTokenSeconds: 0.3, perTokenSeconds: 0.04 })).toBe('ok');
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

  test.each([{ chip: 'MI325X' }, { precision: 'fp4' }])('of %o is an estimate with a wider range', (other) => {
    const rate = servingRate({ ...run, ...other })!;
    const width = ({ p10, p90 }: { readonly p10: number; readonly p90: number }) => Math.log(p90 / p10);

    expect(rate).toMatchObject({ evidence: 'nearest', runs: 0 });
    expect(rate.median).toBeLessThanOrEqual(rate.bound);
    expect(width(rate)).toBeGreaterThanOrEqual(width(servingRate(run)!));
  });

  test('of cards on a PCIe bus grows less with tensor parallelism than over NVLink', () => {
    const four = { ...run, model: 'Llama 3.1 70B', precision: 'bf16', count: 4, tp: 4 };
    const gain = (chip: string) =>
      servingRate({ ...four, chip, count: 8, tp: 8 })!.median / servingRate({ ...four, chip })!.median;

    expect(gain('A100-80-PCIe')).toBeLessThan(1.3);
    expect(gain('A100-80')).toBeGreaterThan(1.5);
  });

  test('uses the concurrency as the batch, but not more than fits in memory', () => {
    const at = (more: object) => servingRate({ ...run, ...more })!;

    expect(at({ concurrency: 16 })).toEqual(at({ batch: 16 }));
    expect(at({ scenario: 'single-stream' })).toEqual(at({ batch: 1 }));
    expect(at({ batch: 1e6 }).batch).toBeLessThan(1000);
  });

  test('without a split is that of the best one: copies of a model that fits on one accelerator', () => {
    const small = { ...run, model: 'Llama 3.1 8B', count: 8 };
    const split = (more: object) => servingRate({ ...small, ...more })!.median;

    expect(split({})).toBe(split({ tp: 1 }));
    expect(split({ tp: 1 })).toBeCloseTo(8 * split({ count: 1 }), -2);
    expect(split({ tp: 8 })).toBeLessThan(split({}));
    expect(split({ tp: 1, pp: 8 })).toBeLessThan(split({}));
  });

  test('of distributed experts grows with the accelerators, also over the network', () => {
    const spread = (dep: number) =>
      servingRate({ ...run, chip: 'H200', model: 'DeepSeek-R1', count: dep, dep, osl: 100, isl: 2000 })!;

    expect(spread(32).median / spread(16).median).toBeGreaterThan(1.6);
    expect(spread(16).median / spread(8).median).toBeGreaterThan(1.2);
  });

  test('of 16-bit formats is the same', () => {
    expect(servingRate({ ...run, precision: 'fp16' })).toEqual(servingRate({ ...run, precision: 'bf16' }));
  });

  test('of part of a chip is lower', () => {
    const part = { fraction: 0.5, memoryBytes: 40e9, perNode: 1, domain: 1 };
    const whole = { ...run, model: 'Llama 3.1 8B', count: 1 };

    expect(servingRate({ ...whole, part })!.median).toBeLessThan(0.6 * servingRate(whole)!.median);
  });

  test('with more accelerators than heads includes copies of the KV cache, unlike the bound', () => {
    const neuron = { ...run, chip: 'Trainium1', count: 16, precision: 'bf16', isl: 8000, osl: 8000, batch: 8 };
    const at = (kvHeads: number) => servingRate({ ...neuron, model: 'house', shape: { ...LLAMA_70B, kvHeads } })!;

    // 32 cores: each holds one head, with 8 or with 32 heads.
    expect(at(8).stepSeconds).toBeCloseTo(at(32).stepSeconds, 3);
    expect(at(64).stepSeconds).toBeGreaterThan(1.1 * at(32).stepSeconds);
    expect(at(8).bound).toBeGreaterThan(1.1 * at(32).bound);
  });

  test('of a published run is below the limit of the hardware', () => {
    const { p10, median, p90, bound } = servingRate(run)!;

    expect(p10).toBeLessThan(median);
    expect(median).toBeLessThan(p90);
    expect(median).toBeLessThan(bound);
    expect(Math.abs(Math.log(4418 / median))).toBeLessThan(0.2);
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
        if (!rate) return;
        expect(rate.p10).toBeLessThanOrEqual(rate.median);
        expect(rate.median).toBeLessThanOrEqual(rate.p90);
        expect(rate.p90).toBeLessThanOrEqual(rate.bound);
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
