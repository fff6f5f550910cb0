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
    const { hours, machineHours, minHours: minHours, evidence } = batchRun(plan, RUN);
    const { median, p25 } = plan.throughput.tokensPerSecond!;
    const replicaHours = (rate: number) => (1e6 * load.outputTokens) / rate / 3600;
    expect(hours!.median).toBeCloseTo(replicaHours(median) / 8);
    expect(hours!.p25).toBeCloseTo(replicaHours(p25) / 8);
    expect(machineHours!.median).toBeCloseTo(replicaHours(median) / 4);
    expect(minHours).toBeCloseTo(replicaHours(plan.throughput.boundTokensPerSecond!) / 8);
    expect(minHours!).toBeLessThanOrEqual(hours!.median);
    expect(hours!.median).toBeLessThan(hours!.p25);
    expect(evidence).toBe(plan.throughput.evidence);
  });

  test('is only a bound without a measurement', () => {
    const { hours, machineHours, minHours: minHours, evidence } = batchRun(planOn('g6.48xlarge'), RUN);
    expect({ hours, machineHours, evidence }).toEqual({
      hours: undefined,
      machineHours: undefined,
      evidence: 'no measurement',
    });
    expect(minHours).toBeGreaterThan(0);
  });
});
