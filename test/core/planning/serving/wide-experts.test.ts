import { machineNamed, ModelSpec, ServingLoad, type ServingLoadProps } from 'ai-infra-constructs';
import { optionsFor, planServing, type ServingPlan, WorkloadReport } from 'ai-infra-constructs/planning';
import { WIDE_DEPLOYMENTS } from '../../../../lib/core/planning/serving/wide-experts';
import { dataFile } from '../../../../scripts/data';

interface Deployment {
  readonly chip: string;
  readonly precision: string;
  readonly count: number;
  readonly inputTokPerSecPerChip: number;
  readonly outputTokPerSecPerChip: number;
  readonly source: string;
}

const published = dataFile<Deployment>('inference-deployments.json').rows;

function loadOf(changes: Partial<ServingLoadProps> = {}): ServingLoad {
  const model = ModelSpec.fromName('DeepSeek-V3');
  return ServingLoad.of({ model, inputTokens: 2000, outputTokens: 1000, requestsPerSecond: 500, ...changes });
}

function isolation(plan: ServingPlan) {
  return plan.findings.find(({ id }) => id === 'serving/isolated-replicas');
}

describe('wide expert parallelism', () => {
  test.each(WIDE_DEPLOYMENTS)('has the published rates of DeepSeek-V3 on $chip in $weights', (one) => {
    const row = published.find(({ chip, precision }) => chip === one.chip && precision === one.weights)!;

    expect(one.inputTokensPerSecond).toBe(row.inputTokPerSecPerChip);
    expect(one.outputTokensPerSecond).toBe(row.outputTokPerSecPerChip);
    expect(one.accelerators).toBe(row.count);
    expect(row.source).toContain(one.source);
  });

  test('leaves the headroom with which a day in production ran', () => {
    const production = published.find(({ chip }) => chip === 'H800')!;
    const [saturated] = WIDE_DEPLOYMENTS;

    for (const [rate, peak] of [
      [production.inputTokPerSecPerChip, saturated!.inputTokensPerSecond],
      [production.outputTokPerSecPerChip, saturated!.outputTokensPerSecond],
    ] as const) {
      expect(rate / peak).toBeGreaterThan(0.6);
      expect(rate / peak).toBeLessThan(0.7);
    }
  });

  test.each([
    ['aws', 'p5en.48xlarge', 2.5, 4.5],
    ['google', 'a4x-highgpu-4g', 2, 4.5],
  ] as const)('needs several times fewer accelerators than isolated replicas on %s/%s', (cloud, machine, min, max) => {
    const plan = planServing({ load: loadOf(), machine: machineNamed(cloud, machine) });
    const finding = isolation(plan)!;
    const [, factor] = /or ([\d.]+) times fewer/.exec(finding.message)!;

    expect(Number(factor)).toBeGreaterThan(min);
    expect(Number(factor)).toBeLessThan(max);
    expect(finding.message).toContain(
      `isolated replicas with ${plan.cluster.accelerators.toLocaleString('en-US')} acc`,
    );
    expect(finding.evidence).toMatch(/lmsys\.org.*DeepSeek-V3/);
  });

  test('is a finding of the report', () => {
    const plan = planServing({ load: loadOf(), machine: machineNamed('aws', 'p5en.48xlarge') });

    expect(WorkloadReport.ofPlan(plan).toMarkdown()).toContain('wide expert parallelism');
  });

  test('is a factor of each option', () => {
    const { ranked } = optionsFor(loadOf(), { clouds: ['aws'] });
    const factorOf = (name: string) => ranked.find(({ machine }) => machine === name)?.isolationFactor;

    expect(factorOf('p5en.48xlarge')).toBeGreaterThan(2.5);
    expect(factorOf('trn2.48xlarge')).toBeUndefined();
  });

  test.each([
    ['a dense model', { model: ModelSpec.LLAMA_3_1_70B }],
    ['a mixture of few experts', { model: ModelSpec.fromName('Mixtral-8x7B') }],
    ['a load that is smaller than such a deployment', { requestsPerSecond: 5 }],
  ])('is not mentioned for %s', (_, changes) => {
    const plan = planServing({ load: loadOf(changes), machine: machineNamed('aws', 'p5en.48xlarge') });

    expect(isolation(plan)).toBeUndefined();
  });
});
