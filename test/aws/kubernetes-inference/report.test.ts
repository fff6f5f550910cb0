import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ModelSpec, Prices } from 'ai-infra-constructs';
import { AwsMachine } from 'ai-infra-constructs/aws';
import { type Changes, chat, hub, inference, PRICED } from './support';

function report(changes: Changes): { readonly workloads: readonly Record<string, unknown>[] } {
  const app = new App();
  inference(changes, PRICED, app);
  const { directory } = app.synth();
  return JSON.parse(readFileSync(join(directory, 'ai-infra-report.json'), 'utf8')) as ReturnType<typeof report>;
}

const LOAD = { machine: AwsMachine.P5_48XLARGE, model: hub(131), load: chat({ model: ModelSpec.LLAMA_3_1_70B }) };

test('writes the plan next to the template, with its findings and alternatives', () => {
  const [workload] = report(LOAD).workloads;
  expect(workload).toMatchObject({
    path: 'Test/Chat',
    work: 'serving',
    title: expect.stringMatching(/^Serving of Llama-3\.1-70B on/),
  });
  expect(workload!.alternatives).not.toEqual([]);
  expect(JSON.stringify(workload!.findings)).toContain('serving/one-replica');
});

test('plans with the machine, the market and the replicas of the construct', () => {
  const { plan, acceleratorsPerReplica } = inference(LOAD);
  expect(plan!.cluster).toMatchObject({ machine: 'p5.48xlarge', market: 'on-demand', region: 'us-east-1' });
  expect(plan!.replica.accelerators).toBe(acceleratorsPerReplica);
  expect(plan!.costs.find(({ chosen }) => chosen)!.usdPerMonth).toBeGreaterThan(0);
  expect(plan!.coldStart.weightsGB).toBeCloseTo(141, 0);
});

test('gives the same plan every day, unless the price date changes', () => {
  expect(inference(LOAD).plan!.asOf).toBe(inference(LOAD).plan!.asOf);
  expect(inference({ ...LOAD, prices: Prices.asOf('2027-01-01') }).plan!.asOf).toBe('2027-01-01');
});

test('plans nothing and writes nothing without a load', () => {
  const app = new App();
  expect(inference({}, PRICED, app).plan).toBeUndefined();
  const { directory } = app.synth();
  expect(() => readFileSync(join(directory, 'ai-infra-report.json'))).toThrow('ENOENT');
});
