import { machineNamed, ModelSpec, Prices, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import { optionsFor, planServing, planTraining } from 'ai-infra-constructs/planning';
import { workloadAlternatives } from '../../../lib/core/report/report-files';

const PRICES = Prices.asOf('2026-08-03');
const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11, finishWithinDays: 150 });
const on = (name: string, nodes: number) =>
  planTraining({ job, machine: machineNamed('aws', name), nodes, prices: PRICES });
const beside = (name: string, nodes: number) => workloadAlternatives(job, on(name, nodes), { prices: PRICES });

test('lists the cheapest alternatives first, then those that are faster than the plan', () => {
  const plan = on('p4d.24xlarge', 12);
  const found = beside('p4d.24xlarge', 12);
  const cheap = found.slice(0, 5).map(({ usd }) => usd!.likely);

  expect(cheap).toEqual([...cheap].sort((a, b) => a - b));
  expect(found.length).toBeGreaterThan(5);
  for (const { seconds } of found.slice(5)) expect(seconds!.likely).toBeLessThan(plan.time.seconds!.median);
});

test.each(['p5.48xlarge', 'p5en.48xlarge'])('without a deadline none takes longer than the plan on %s', (machine) => {
  const open = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11 });
  const plan = planTraining({ job: open, machine: machineNamed('aws', machine), nodes: 16, prices: PRICES });
  const found = workloadAlternatives(open, plan, { prices: PRICES });

  expect(found.length).toBeGreaterThan(0);
  for (const { seconds } of found) expect(seconds!.likely).toBeLessThanOrEqual(plan.time.seconds!.p90);
  expect(open.finishWithinSeconds).toBeUndefined();
});

test('lists no machine twice, and not the machine of the plan', () => {
  const names = beside('p5.48xlarge', 16).map(({ cloud, machine, market }) => `${cloud} ${machine} ${market}`);

  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith('aws p5.48xlarge '))).toEqual([]);
});

test('ranks a machine by your own price', () => {
  const first = optionsFor(job, { prices: PRICES }).ranked.find(({ machine }) => machine === 'a2-ultragpu-8g')!;
  const prices = [{ machine: first.machine, cloud: first.cloud, market: first.market, usdPerHour: 0.5 } as const];
  const [best] = workloadAlternatives(job, on('p5.48xlarge', 16), { prices: Prices.of(prices, { asOf: PRICES.asOf }) });

  expect(best).toMatchObject({ machine: 'a2-ultragpu-8g' });
});

test('lists the cheapest alternatives for serving', () => {
  const load = ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_8B,
    inputTokens: 1000,
    outputTokens: 200,
    requestsPerSecond: 10,
  });
  const plan = planServing({ load, machine: machineNamed('aws', 'g6e.2xlarge'), prices: PRICES });
  const found = workloadAlternatives(load, plan, { prices: PRICES });

  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThanOrEqual(5);
});
