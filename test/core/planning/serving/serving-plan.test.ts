import fc from 'fast-check';
import { machineNamed, ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import { optionsFor, planServing } from 'ai-infra-constructs/planning';

const P5 = machineNamed('aws', 'p5.48xlarge');

const loadOf = (props: Partial<ServingLoadProps> = {}) =>
  ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_70B,
    inputTokens: 2000,
    outputTokens: 300,
    requestsPerSecond: 5,
    weightPrecision: 'fp8',
    ...props,
  });

const plan = (props: Partial<ServingLoadProps> = {}, more: Partial<Parameters<typeof planServing>[0]> = {}) =>
  planServing({ load: loadOf(props), machine: P5, acceleratorsPerReplica: 4, ...more });

describe('the replicas of a serving plan', () => {
  const rate = fc.double({ min: 0.01, max: 500, noNaN: true });
  const percentile = fc.double({ min: 1, max: 99.9, noNaN: true });
  const ttftMs = fc.double({ min: 150, max: 5000, noNaN: true });

  test('never decrease with more requests, a stricter percentile, or a stricter target', () => {
    fc.assert(
      fc.property(rate, rate, percentile, ttftMs, (a, b, share, target) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        const base = { requestsPerSecond: few, percentile: share, ttftMs: target };
        const { count } = plan(base).replicas;

        expect(plan({ ...base, requestsPerSecond: many }).replicas.count).toBeGreaterThanOrEqual(count);
        expect(plan({ ...base, ttftMs: 2 * target }).replicas.count).toBeLessThanOrEqual(count);
        expect(plan({ ...base, percentile: share / 2 }).replicas.count).toBeLessThanOrEqual(count);
      }),
      { numRuns: 20 },
    );
  });

  test('meet the targets by the model of the plan, with the headroom for bursts', () => {
    fc.assert(
      fc.property(rate, percentile, ttftMs, (requestsPerSecond, share, target) => {
        const { replicas, latency, throughput } = plan({ requestsPerSecond, percentile: share, ttftMs: target });
        if (replicas.forLatency === undefined) return;

        expect(latency!.verdict).toBe('ok');
        expect(latency!.loaded!.ttftMs.median).toBeLessThanOrEqual(target);
        expect(latency!.utilization).toBeLessThanOrEqual(throughput.derate);
      }),
      { numRuns: 20 },
    );
  });

  test('leave the same headroom on a machine whose class has no runs', () => {
    const { replicas, latency, throughput } = planServing({
      load: loadOf({ requestsPerSecond: 100 }),
      machine: machineNamed('aws', 'p6-b200.48xlarge'),
    });

    expect(throughput.evidence).toBe('nearest');
    expect(replicas.atLeast).toBe(false);
    expect(latency!.utilization).toBeLessThanOrEqual(0.7);
  });

  test('of a load with a constant concurrency hold all requests', () => {
    const { replicas, latency } = plan({ requestsPerSecond: undefined, concurrency: 2000 });

    expect(replicas.count).toBe(replicas.forConcurrency);
    expect(latency!.requestsInProgress).toBeCloseTo(2000);
  });
});

describe('the latency of a serving plan', () => {
  test('is that under the load, above the one of a single request and above the bound', () => {
    const { floor, light, loaded, percentiles } = plan({ requestsPerSecond: 20, percentile: 95 }).latency!;
    const [p50, p95, p99] = percentiles!;

    expect(loaded).toMatchObject({ percentile: 95, ttftMs: { median: p95!.ttftMs } });
    for (const prop of ['ttftMs', 'tpotMs'] as const) {
      expect(floor[prop]).toBeLessThan(light[prop]);
      expect(light[prop]).toBeLessThan(p50![prop]);
      expect(p50![prop]).toBeLessThanOrEqual(p95![prop]);
      expect(p95![prop]).toBeLessThanOrEqual(p99![prop]);
      expect(loaded![prop].p10).toBeLessThan(loaded![prop].median);
      expect(loaded![prop].median).toBeLessThan(loaded![prop].p90);
    }
  });

  test('of too few replicas is unknown, and misses the target', () => {
    const { latency, findings } = plan({ requestsPerSecond: 50, ttftMs: 2000 }, { replicas: 1 });

    expect(latency).toMatchObject({ verdict: 'doubtful' });
    expect(latency).not.toHaveProperty('loaded');
    expect(findings.map(({ id }) => id)).toContain('memory/concurrency');
  });

  test('is close to the published latency of 64 concurrent requests', () => {
    const { latency } = planServing({
      load: loadOf({
        model: ModelSpec.fromName('Llama-3.3-70B'),
        inputTokens: 1000,
        outputTokens: 1000,
        requestsPerSecond: undefined,
        concurrency: 64,
        weightPrecision: 'bf16',
      }),
      machine: machineNamed('google', 'ct6e-standard-8t'),
      acceleratorsPerReplica: 8,
      replicas: 1,
    });
    expect(Math.abs(Math.log(latency!.percentiles![0]!.tpotMs / 25.4))).toBeLessThan(0.15);
  });
});

describe('a precision that the load leaves open', () => {
  const precisionOn = (model: ModelSpec, machine = P5) =>
    planServing({ load: loadOf({ model, weightPrecision: undefined }), machine }).load.weightPrecision;

  test('is fp8 or that of the published weights, if the chip supports it', () => {
    expect(precisionOn(ModelSpec.LLAMA_3_1_70B)).toBe('fp8');
    expect(precisionOn(ModelSpec.LLAMA_3_1_70B, machineNamed('aws', 'p4de.24xlarge'))).toBe('bf16');
    expect(precisionOn(ModelSpec.fromName('DeepSeek-V3'))).toBe('fp8');
    // The weights stay as published, also if the chip computes in more bits.
    expect(precisionOn(ModelSpec.fromName('DeepSeek-V3'), machineNamed('aws', 'p4de.24xlarge'))).toBe('fp8');
    expect(precisionOn(ModelSpec.fromName('gpt-oss-120b'), machineNamed('aws', 'p6-b200.48xlarge'))).toBe('fp4');
  });

  test('leaves a few current machines for 70B at 5 requests per second', () => {
    const { ranked } = optionsFor(loadOf({ weightPrecision: undefined }), { markets: ['on-demand'], clouds: ['aws'] });
    const [best] = ranked;

    expect(best!.accelerators).toBeLessThanOrEqual(16);
    expect(best!.chip).toMatch(/^(H\d00|B\d00|RTXPRO6000)/);
    expect(best!.layout).toMatch(/ fp8$/);
    const costs = ranked.map(({ usd }) => usd!.median);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });
});
