import { machineNamed, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import { planServing } from 'ai-infra-constructs/planning';
import { batchRun } from '../../../lib/core/planning/cost/batch-estimate';

const load = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 200,
  concurrency: 8,
  weightPrecision: 'fp8',
});
const planOn = (machine: string) =>
  planServing({ load, machine: machineNamed('aws', machine), prices: Prices.asOf('2026-11-25') });
const RUN = { requests: 1e6, replicas: 8, replicasPerMachine: 4 };

describe('the duration of a batch', () => {
  test('is the output tokens divided by the throughput, and bills whole machines', () => {
    const plan = planOn('p5.48xlarge');
    const { hours, machineHours, minHours, evidence } = batchRun(plan, RUN);
    const { p10, median } = plan.throughput.tokensPerSecond!;
    const replicaHours = (rate: number) => (1e6 * load.outputTokens) / rate / 3600;
    expect(hours!.median).toBeCloseTo(replicaHours(median) / 8);
    expect(hours!.p90).toBeCloseTo(replicaHours(p10) / 8);
    expect(machineHours!.median).toBeCloseTo(replicaHours(median) / 4);
    expect(minHours).toBeCloseTo(replicaHours(plan.throughput.boundTokensPerSecond!) / 8);
    expect(minHours!).toBeLessThanOrEqual(hours!.median);
    expect(hours!.median).toBeLessThan(hours!.p90);
    expect(evidence).toBe(plan.throughput.evidence);
  });

  test('follows from similar classes without a published run, above the bound', () => {
    const { hours, minHours, evidence } = batchRun(planOn('g6.48xlarge'), RUN);
    expect(evidence).toBe('nearest');
    expect(hours!.p10).toBeGreaterThanOrEqual(minHours!);
  });
});
