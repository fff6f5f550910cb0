import { optionsFor } from '../../../lib/core/planning/options';
import { machineNamed } from '../../../lib/core/catalog/machines';
import { planServing } from '../../../lib/core/planning/plan-serving';
import { planTraining } from '../../../lib/core/planning/plan-training';
import type { PlannedTime } from '../../../lib/core/planning/plan-training-result';
import { workloadAlternatives } from '../../../lib/core/report/workload-alternatives';
import { ModelSpec } from '../../../lib/core/workload/model-spec';
import { ServingLoad } from '../../../lib/core/workload/serving-load';
import { TrainingJob } from '../../../lib/core/workload/training-job';

const AS_OF = '2026-08-03';
const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11, finishWithinDays: 150 });
const on = (name: string, nodes: number) =>
  planTraining({ job, machine: machineNamed('aws', name), nodes, asOf: AS_OF });
const beside = (name: string, nodes: number) => workloadAlternatives(job, on(name, nodes), { asOf: AS_OF });

test('the cheapest come first, then those that end before the plan does', () => {
  const plan = on('p4d.24xlarge', 12);
  const found = beside('p4d.24xlarge', 12);
  const cheap = found.slice(0, 5).map(({ usd }) => usd!.likely);

  expect(cheap).toEqual([...cheap].sort((a, b) => a - b));
  expect(found.length).toBeGreaterThan(5);
  for (const { seconds } of found.slice(5)) expect(seconds!.likely).toBeLessThan(plan.time.seconds!.median);
});

test.each([
  ['p5.48xlarge', 'measured', ({ seconds }: PlannedTime) => seconds!.p25],
  ['p5en.48xlarge', 'not measured', ({ nearestSeconds }: PlannedTime) => nearestSeconds!.p25],
])('without a deadline none takes longer than the plan on %s, whose time is %s', (machine, _, latestOf) => {
  const open = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11 });
  const plan = planTraining({ job: open, machine: machineNamed('aws', machine), nodes: 16, asOf: AS_OF });
  const found = workloadAlternatives(open, plan, { asOf: AS_OF });

  expect(found.length).toBeGreaterThan(0);
  for (const { seconds } of found) expect(seconds!.likely).toBeLessThanOrEqual(latestOf(plan.time));
  expect(open.finishWithinSeconds).toBeUndefined();
});

test('none is named twice, nor the machine of the plan', () => {
  const names = beside('p5.48xlarge', 16).map(({ cloud, machine, market }) => `${cloud} ${machine} ${market}`);

  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith('aws p5.48xlarge '))).toEqual([]);
});

test('where nothing was measured none is called sooner', () => {
  expect(on('p5en.48xlarge', 16).time.seconds).toBeUndefined();
  expect(beside('p5en.48xlarge', 16).length).toBeLessThanOrEqual(5);
});

test('a price of the user’s own ranks a machine', () => {
  const first = optionsFor(job, { asOf: AS_OF }).ranked.find(({ machine }) => machine === 'a2-ultragpu-8g')!;
  const prices = [{ machine: first.machine, cloud: first.cloud, market: first.market, usdPerHour: 0.5 } as const];
  const [best] = workloadAlternatives(job, on('p5.48xlarge', 16), { asOf: AS_OF, priceOverrides: prices });

  expect(best).toMatchObject({ machine: 'a2-ultragpu-8g' });
});

test('of serving there are the cheapest', () => {
  const load = ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 10,
  });
  const plan = planServing({ load, machine: machineNamed('aws', 'g6e.2xlarge'), asOf: AS_OF });
  const found = workloadAlternatives(load, plan, { asOf: AS_OF });

  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThanOrEqual(5);
});
