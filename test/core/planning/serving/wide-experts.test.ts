import { AiInfraError, machineNamed, ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import { optionsFor, planServing, type ServingPlan, WorkloadReport } from 'ai-infra-constructs/planning';
import { FITTED_WIDE } from '../../../../lib/core/planning/catalog/fitted-wide';
import { wideGroup } from '../../../../lib/core/planning/serving/wide-experts';
import { wideDeployments, type WideDeployment } from '../../../../scripts/fit/wide';
import { dataFile } from '../../../../scripts/data';

function loadOf(changes: Partial<ServingLoadProps> = {}): ServingLoad {
  const model = ModelSpec.fromName('DeepSeek-V3');
  return ServingLoad.of({ model, inputTokens: 2000, outputTokens: 1000, requestsPerSecond: 500, ...changes });
}

const H200 = machineNamed('aws', 'p5en.48xlarge');

function planOf(changes: Partial<ServingLoadProps> = {}, wideExperts = true): ServingPlan {
  return planServing({ load: loadOf(changes), machine: H200, wideExperts });
}

function isolation(plan: ServingPlan) {
  return plan.findings.find(({ id }) => id === 'serving/isolated-replicas');
}

/** Rates of a deployment per accelerator: predicted, and published. */
function ratesOf({ chip, model, precision, isl, count, decode, ...published }: WideDeployment, osl = 200) {
  const groupOf = (size: number) => wideGroup({ chip, model, precision, isl, osl, count: size, dep: size });
  return {
    input: [groupOf(count - decode).inputRate * FITTED_WIDE.input, published.inputTokPerSecPerChip],
    output: [groupOf(decode).outputRate * FITTED_WIDE.output, published.outputTokPerSecPerChip],
  } as const;
}

describe('wide expert parallelism', () => {
  test.each(wideDeployments())('has about the published rates of $id', (deployment) => {
    for (const [predicted, published] of Object.values(ratesOf(deployment))) {
      expect(Math.abs(Math.log(published / predicted))).toBeLessThan(0.4);
    }
  });

  test('leaves the headroom with which a day in production ran', () => {
    const [production] = dataFile<WideDeployment>('inference-deployments.json').rows.filter((row) => row.production);
    // The average node of the day is one of 32 accelerators for prompts, or of 144 for generation.
    const { input, output } = ratesOf({ ...production!, chip: 'H100', count: 144 + 32 });

    for (const [saturated, used] of [input, output]) {
      expect(used / saturated).toBeGreaterThan(0.45);
      expect(used / saturated).toBeLessThan(0.75);
    }
  });

  test('splits a replica into whole nodes for prompts and for generation', () => {
    const { replica, cluster, contradictions } = planOf();

    expect(contradictions).toEqual([]);
    expect(replica.accelerators).toBeGreaterThanOrEqual(32);
    expect(replica.prefillAccelerators! % 8).toBe(0);
    expect(replica.prefillAccelerators).toBeLessThan(replica.accelerators);
    expect(cluster.nodes).toBe((replica.accelerators / 8) * planOf().replicas.count);
  });

  test('gives more accelerators to prompts if they are long', () => {
    const shareOf = (changes: Partial<ServingLoadProps>) => {
      const { prefillAccelerators = 0, accelerators } = planOf(changes).replica;
      return prefillAccelerators / accelerators;
    };

    expect(shareOf({ inputTokens: 8000, outputTokens: 200 })).toBeGreaterThan(0.5);
    expect(shareOf({ inputTokens: 200, outputTokens: 2000 })).toBeLessThan(0.5);
  });

  test('never needs fewer machines for more requests', () => {
    const nodes = [10, 40, 160, 640].map((requestsPerSecond) => planOf({ requestsPerSecond }).cluster.nodes);

    expect(nodes).toEqual([...nodes].sort((a, b) => a - b));
  });

  test('has more replicas for a latency target, or reports that no number meets it', () => {
    const { latency } = planOf({ tpotMs: 20 });

    expect(latency!.verdict === 'ok' ? latency!.loaded!.tpotMs.median <= 20 : latency!.verdict === 'doubtful').toBe(
      true,
    );
    expect(planOf({ tpotMs: 20 }).cluster.nodes).toBeGreaterThan(planOf().cluster.nodes);
  });

  test('does not slow down the steps by prompts', () => {
    const short = planOf({ inputTokens: 2000, requestsPerSecond: 100 }).latency!;

    expect(short.loaded!.tpotMs.median).toBeLessThan(100);
    expect(short.loaded!.ttftMs.median).toBeGreaterThan(500);
  });

  test('is ranked with isolated replicas', () => {
    const { ranked } = optionsFor(loadOf(), { clouds: ['aws'], markets: ['on-demand'] });
    const of = (wide: true | undefined) => ranked.find((one) => one.machine === H200.name && one.wideExperts === wide)!;

    expect(of(true).usd!.median).toBeLessThan(of(undefined).usd!.median / 2);
    expect(of(true).nodes).toBe(planOf().cluster.nodes);
    expect(of(true).layout).toMatch(/\d+ \(\d+ for prompts\) for each replica × \d+, fp8/);
    expect(ranked.indexOf(of(true))).toBeLessThan(ranked.indexOf(of(undefined)));
    expect(ranked.filter(({ machine }) => machine === 'trn2.48xlarge').every((one) => !one.wideExperts)).toBe(true);
  });

  test('is not an option where isolated replicas need no more machines', () => {
    const { ranked } = optionsFor(loadOf({ requestsPerSecond: 1 }), { clouds: ['aws'], markets: ['on-demand'] });

    expect(ranked.some((one) => one.machine === H200.name && one.wideExperts)).toBe(false);
  });

  test.each([
    ['p5en.48xlarge', 'aws', 2, 4.5],
    ['a4x-highgpu-4g', 'google', 1.4, 4.5],
  ] as const)('is recommended for isolated replicas on %s', (machine, cloud, min, max) => {
    const plan = planServing({ load: loadOf(), machine: machineNamed(cloud, machine) });
    const finding = isolation(plan)!;
    const [, factor] = /or ([\d.]+) times fewer/.exec(finding.message)!;

    expect(Number(factor)).toBeGreaterThan(min);
    expect(Number(factor)).toBeLessThan(max);
    expect(finding.message).toContain(
      `isolated replicas with ${plan.cluster.accelerators.toLocaleString('en-US')} acc`,
    );
    expect(finding.evidence).toMatch(/lmsys\.org.*DeepSeek-V3/);
    expect(WorkloadReport.ofPlan(plan).toMarkdown()).toContain('wide expert parallelism');
  });

  test('is in the report of its plan', () => {
    const markdown = WorkloadReport.ofPlan(planOf()).toMarkdown();

    expect(markdown).toMatch(/each on \d+ × H200, \d+ of them for prompts/);
    expect(isolation(planOf())).toBeUndefined();
  });

  test.each([
    ['a dense model', { model: ModelSpec.LLAMA_3_1_70B }],
    ['a mixture of few experts', { model: ModelSpec.fromName('Mixtral-8x7B') }],
  ])('is rejected for %s, and not recommended', (_, changes) => {
    expect(isolation(planOf(changes, false))).toBeUndefined();
    expect(() => planOf(changes)).toThrow(AiInfraError);
    expect(() => planOf(changes)).toThrow(
      /wideExperts must be false for .* at least 64 experts, and NVIDIA GPUs with FP8, several in a node, and RDMA/,
    );
  });

  test.each([8, 12, 16, 24, 40, 256])('rejects replicas of %d accelerators', (acceleratorsPerReplica) => {
    const props = { load: loadOf(), machine: H200, wideExperts: true, acceleratorsPerReplica };
    expect(() => planServing(props)).toThrow(AiInfraError);
    expect(() => planServing(props)).toThrow(/acceleratorsPerReplica must be one of 32, 64, 96, 128, 192 for wide/);
  });

  test('plans the size of the props', () => {
    const plan = planServing({ load: loadOf(), machine: H200, wideExperts: true, acceleratorsPerReplica: 64 });
    expect(plan.replica).toMatchObject({ accelerators: 64, prefillAccelerators: expect.any(Number) as number });
  });

  test('rejects replicas whose parts cannot hold the model, instead of a plan of isolated replicas', () => {
    const planIn = (model: string, inputTokens: number, acceleratorsPerReplica?: number) => () => {
      const load = loadOf({ model: ModelSpec.fromName(model), inputTokens, requestsPerSecond: 5 });
      const machine = machineNamed('aws', 'p5.48xlarge');
      return planServing({ load, machine, wideExperts: true, acceleratorsPerReplica });
    };
    expect(planIn('Kimi-K2', 2000, 32)).toThrow(/acceleratorsPerReplica must be larger for wideExperts/);
    expect(planIn('Kimi-K2', 2000, 64)).not.toThrow();
    expect(planIn('Llama-4-Maverick', 700_000)).toThrow(/wideExperts must be false on .* also 192 accelerators do not/);
  });

  test('is not recommended for a small load', () => {
    expect(isolation(planOf({ requestsPerSecond: 5 }, false))).toBeUndefined();
  });
});
