import {
  type Cloud,
  type Finding,
  type Machine,
  machineNamed,
  ModelSpec,
  Prices,
  ServingLoad,
  type ServingLoadProps,
  TrainingJob,
  type TrainingJobProps,
} from 'ai-infra-constructs';
import {
  atProbability,
  type Contradiction,
  optionsFor,
  type PlanRange,
  planServing,
  planTraining,
  type ServingPlanProps,
  type TrainingPlan,
  type TrainingPlanProps,
  WorkloadReport,
} from 'ai-infra-constructs/planning';

interface Told {
  readonly contradictions: readonly Contradiction[];
  readonly findings: readonly Finding[];
}

const prices = Prices.asOf('2026-11-25');
const on = (name: string, cloud: Cloud = 'aws'): Machine => machineNamed(cloud, name);

function train(job: Partial<TrainingJobProps> = {}, props: Partial<TrainingPlanProps> = {}): TrainingPlan {
  const whole = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_70B, tokens: 2e12, ...job });
  return planTraining({ job: whole, machine: on('p5.48xlarge'), nodes: 64, prices, ...props });
}

function serve(load: Partial<ServingLoadProps> = {}, props: Partial<ServingPlanProps> = {}): Told {
  const { concurrency } = load;
  const whole = ServingLoad.of({
    model: ModelSpec.LLAMA_3_3_70B,
    inputTokens: 1000,
    outputTokens: 300,
    ...(concurrency === undefined && { requestsPerSecond: 2 }),
    weightPrecision: 'fp8',
    ...load,
  });
  return planServing({ load: whole, machine: on('p5.48xlarge'), prices, ...props });
}

/** Returns the result of a check in a plan: codes of contradictions and levels of findings. */
function told({ contradictions, findings }: Told, id: string): string[] {
  return [
    ...contradictions.filter(({ check }) => check === id).map(({ code }) => code),
    ...findings.filter((finding) => finding.id === id).map(({ level }) => level),
  ];
}

const LLAMA_8B = ModelSpec.LLAMA_3_1_8B;
const fast = { throughputMBps: 1e5, sizeGiB: 1e5 };
const pricesOf = (usdPerHour: number) =>
  Prices.of([{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour }], { asOf: '2026-11-25' });
const days = (finishWithinDays: number) => train({ finishWithinDays });
/** Returns a value that is met with a probability above 50% and below 80%. */
const between = (range: PlanRange) => atProbability(range, 0.65);
const { time: usual, costs: usualCosts } = train();
const write = (throughputMBps: number) => train({}, { storage: { ...fast, throughputMBps } });
const size = (sizeGiB: number) => train({}, { storage: { ...fast, sizeGiB } });
const budget = (budgetUsd: number) => train({ budgetUsd });
const spot = (nodes: number, props: Partial<TrainingPlanProps> = {}) =>
  train({ model: LLAMA_8B }, { nodes, market: 'spot', ...props });
const split = (parallelism: TrainingJobProps['parallelism'], props: Partial<TrainingPlanProps> = {}) =>
  train({ parallelism }, props);
const a3high = (nodes: number, job: Partial<TrainingJobProps> = {}) =>
  train({ model: LLAMA_8B, ...job }, { machine: on('a3-highgpu-8g', 'google'), nodes });

const tight = train({
  parallelism: { tensor: 8 },
  microBatch: 1,
  recompute: 'selective',
  sharding: 'zero-1',
});

describe('a check of a training plan', () => {
  test.each<[string, string, Told, string[]]>([
    ['memory/fit', 'fails', train({}, { nodes: 1 }), ['MemoryTooSmall']],
    ['memory/fit', 'holds', train(), []],
    ['memory/fit', 'warns', tight, ['warning']],
    ['nodes/layout', 'fails', split({ tensor: 8, pipeline: 5 }), ['LayoutImpossible']],
    ['nodes/layout', 'holds', split({ tensor: 8, pipeline: 4 }), []],
    ['fabric/domain', 'fails', split({ tensor: 16, pipeline: 2 }), ['DomainTooSmall']],
    ['fabric/domain', 'holds', split({ tensor: 8, pipeline: 4 }), []],
    ['fabric/rdma', 'fails across nodes', a3high(4, { parallelism: { tensor: 16 } }), ['FabricTooSlow', 'warning']],
    ['fabric/rdma', 'warns beyond two nodes', a3high(4), ['warning']],
    ['fabric/rdma', 'holds with RDMA', train(), []],
    [
      'fabric/rdma',
      'fails where a step is over first',
      a3high(4, { model: ModelSpec.LLAMA_3_70B, parallelism: { tensor: 2 }, globalBatch: 16, sequenceLength: 512 }),
      ['FabricTooSlow'],
    ],
    ['fabric/rdma', 'holds on one torus', train({ model: LLAMA_8B }, { machine: on('ct5p-hightpu-4t', 'google') }), []],
    [
      'memory/long-sequence',
      'warns',
      train({ model: LLAMA_8B, sequenceLength: 131_072, parallelism: { tensor: 8 } }),
      ['warning'],
    ],
    ['memory/long-sequence', 'holds for the planner', train({ model: LLAMA_8B, sequenceLength: 131_072 }), []],
    [
      'memory/long-sequence',
      'holds',
      train({ model: LLAMA_8B, sequenceLength: 131_072, parallelism: { context: 8 } }),
      [],
    ],
    ['storage/checkpoint-slow', 'fails', write(50), ['CheckpointTooSlow']],
    ['storage/checkpoint-slow', 'warns', write(1000), ['warning']],
    ['storage/checkpoint-slow', 'holds', write(1e5), []],
    ['storage/throughput', 'fails by size', size(1200), ['StorageTooSmall']],
    ['storage/throughput', 'fails by reading', write(0.5), ['StorageTooSmall']],
    ['storage/throughput', 'warns', size(4800), ['warning']],
    ['storage/throughput', 'holds', size(1e5), []],
    ['time/deadline', 'fails', days(30), ['DeadlineMissed']],
    ['time/deadline', 'warns', days(between(usual.seconds!) / 86_400), ['warning']],
    ['time/deadline', 'holds', days(150), []],
    [
      'time/deadline',
      'fails by an estimate from similar classes',
      train({ finishWithinDays: 1 }, { machine: on('trn2.48xlarge') }),
      ['DeadlineMissed'],
    ],
    ['cost/budget', 'fails', budget(1e6), ['BudgetExceeded']],
    ['cost/budget', 'warns', budget(between(usualCosts[0]!.runUsd!)), ['warning']],
    ['cost/budget', 'holds', budget(1e7), []],
    ['spot/goodput', 'fails', spot(200), ['SpotTooSlow']],
    ['spot/goodput', 'warns', spot(24), ['warning']],
    ['spot/goodput', 'holds', spot(1), []],
    ['spot/goodput', 'holds on demand', train(), []],
    ['spot/no-checkpoints', 'warns', spot(1), ['warning']],
    ['spot/no-checkpoints', 'holds', spot(1, { storage: fast }), []],
    ['cost/price', 'warns of age', train(), ['warning']],
    ['cost/price', 'warns of none', train({}, { market: 'committed' }), ['warning']],
    ['cost/price', 'holds', train({}, { prices: pricesOf(50) }), []],
    ['evidence/no-measurement', 'warns', train({}, { machine: on('trn2.48xlarge') }), ['warning']],
    ['evidence/no-measurement', 'holds', train(), []],
    ['machine/precision', 'fails', train({ precision: 'fp4' }), ['PrecisionUnsupported']],
    ['machine/precision', 'holds', train({ precision: 'fp8' }), []],
  ])('%s %s', (id, _, plan, expected) => {
    expect(told(plan, id)).toEqual(expected);
  });
});

describe('a check of a serving plan', () => {
  test.each<[string, string, Told, string[]]>([
    ['memory/fit', 'fails', serve({ weightPrecision: 'bf16' }, { acceleratorsPerReplica: 1 }), ['MemoryTooSmall']],
    ['memory/fit', 'warns', serve({}, { acceleratorsPerReplica: 1 }), ['warning']],
    ['memory/fit', 'holds', serve({}, { acceleratorsPerReplica: 4 }), []],
    ['memory/concurrency', 'fails', serve({ concurrency: 5000 }, { replicas: 1 }), ['ConcurrencyTooHigh']],
    [
      'memory/concurrency',
      'warns of throughput',
      serve({ requestsPerSecond: 12 }, { acceleratorsPerReplica: 4, replicas: 1 }),
      ['warning'],
    ],
    ['memory/concurrency', 'holds', serve({ concurrency: 20 }, { acceleratorsPerReplica: 4, replicas: 2 }), []],
    [
      'fabric/rdma',
      'fails',
      serve({}, { machine: on('a3-highgpu-8g', 'google'), acceleratorsPerReplica: 16 }),
      ['FabricTooSlow'],
    ],
    ['fabric/rdma', 'holds', serve({}, { acceleratorsPerReplica: 16 }), []],
    ['fabric/domain', 'warns', serve({}, { acceleratorsPerReplica: 16 }), ['warning']],
    ['fabric/domain', 'holds', serve({}, { acceleratorsPerReplica: 8 }), []],
    [
      'latency/target',
      'fails',
      serve({ tpotMs: 5, ttftMs: 9 }, { acceleratorsPerReplica: 2 }),
      ['LatencyImpossible', 'LatencyImpossible'],
    ],
    ['latency/target', 'warns', serve({ tpotMs: 15 }, { acceleratorsPerReplica: 2 }), ['warning']],
    ['latency/target', 'holds', serve({ tpotMs: 40 }, { acceleratorsPerReplica: 2 }), []],
    ['evidence/no-measurement', 'warns', serve({}, { machine: on('g6.48xlarge') }), ['warning']],
    ['evidence/no-measurement', 'holds', serve(), []],
    ['cost/price', 'warns of age', serve(), ['warning']],
    ['cost/price', 'holds', serve({}, { prices: pricesOf(50) }), []],
  ])('%s %s', (id, _, plan, expected) => {
    expect(told(plan, id)).toEqual(expected);
  });
});

test('evidence/no-measurement marks an estimate from other classes as not measured', () => {
  const trained = train({}, { machine: on('trn2.48xlarge') });
  const served = serve({}, { machine: on('g6.48xlarge') });
  const message = ({ findings }: Told) => findings.find(({ id }) => id === 'evidence/no-measurement')!.message;

  expect(trained.time).toMatchObject({ evidence: 'nearest', runs: 0 });
  expect(message(trained)).toMatch(/ estimate of [\d.]+ days to [\d.]+ days is scaled from similar classes\.$/);
  expect(message(served)).toMatch(
    / estimate of [\d.,]+ to [\d.,]+ tokens per second is scaled from similar classes\.$/,
  );
});

test('machine/unverified lists the values that were not read', () => {
  const machine = { ...on('p5.48xlarge'), unverified: 'memory' };

  expect(told(train({}, { machine }), 'machine/unverified')).toEqual(['info']);
  expect(told(train({}, { machine: { ...machine, unverified: undefined } }), 'machine/unverified')).toEqual([]);
});

test('a contradiction has the allowed values, the value, a fix and the evidence', () => {
  const [contradiction] = days(30).contradictions;

  expect(contradiction).toMatchObject({ prop: 'job.finishWithin', got: '30 days' });
  expect(contradiction!.allowed).toMatch(
    /^at least [\d.]+ days, the likely duration on these nodes \([\d.]+ days to [\d.]+ days\)$/,
  );
  expect(contradiction!.evidence).toMatch(/^class H100 bf16 dense pretrain: \d+ published runs$/);
});

describe('a chip without bf16', () => {
  const t4 = on('g4dn.metal');

  test('trains in fp16, with a warning', () => {
    const plan = train({ model: ModelSpec.fromName('Qwen2.5-0.5B') }, { machine: t4, nodes: 1 });

    expect(plan.job.precision).toBe('fp16');
    expect(plan.time.class).toBe('T4 fp16 dense pretrain');
    expect(told(plan, 'machine/precision')).toEqual(['warning']);
    expect(JSON.stringify(plan)).not.toMatch(/"precision":"bf16"|T4 bf16/);
  });

  test('names fp16 as the supported precision', () => {
    const { contradictions } = train(
      { model: ModelSpec.fromName('Qwen2.5-0.5B'), precision: 'fp8' },
      { machine: t4, nodes: 1 },
    );

    expect(contradictions.find(({ check }) => check === 'machine/precision')?.allowed).toBe('supported by T4: fp16');
  });

  test('serves in fp16', () => {
    const load = ServingLoad.of({ model: LLAMA_8B, inputTokens: 100, outputTokens: 100, requestsPerSecond: 1 });
    const plan = planServing({ load, machine: t4 });
    const report = WorkloadReport.ofPlan(plan).toMarkdown();

    expect(plan.load).toMatchObject({ weightPrecision: 'fp16', computePrecision: 'fp16', kvPrecision: 'fp16' });
    expect(report).toContain('weights fp16, KV cache fp16');
    expect(report).not.toMatch(/\bbf16\b(?! needs)/);
    const { ranked } = optionsFor(load, { clouds: ['aws'] });
    expect(ranked.find(({ machine }) => machine === 'g4dn.metal')?.layout).toMatch(/, fp16$/);
  });
});

describe('weights that are published in 4 bits', () => {
  test.each([
    ['p5.48xlarge', 'bf16', 'weights fp4, products bf16, KV cache bf16'],
    ['p6-b200.48xlarge', 'fp8', 'weights fp4, products fp8, KV cache bf16'],
  ])('are shown in 4 bits on %s, next to products in %s', (machine, computePrecision, shown) => {
    const model = ModelSpec.fromName('gpt-oss-120b');
    const load = ServingLoad.of({ model, inputTokens: 1000, outputTokens: 300, requestsPerSecond: 5 });
    const plan = planServing({ load, machine: on(machine) });

    expect(plan.load).toMatchObject({ weightPrecision: 'fp4', computePrecision });
    expect(WorkloadReport.ofPlan(plan).toMarkdown()).toContain(shown);
  });
});

describe('a job that does not fit', () => {
  test('says how many nodes are enough', () => {
    const { contradictions } = train({}, { nodes: 1 });
    const memory = contradictions.find(({ check }) => check === 'memory/fit')!;
    const [, enough] = /for example (\d+), which are enough/.exec(memory.allowed)!;

    expect(told(train({}, { nodes: Number(enough) }), 'memory/fit')).not.toContain('MemoryTooSmall');
  });

  test('says that no number of nodes is enough', () => {
    const { contradictions } = train(
      { model: ModelSpec.fromName('Llama-3.1-405B') },
      { machine: on('g5.xlarge'), nodes: 2 },
    );

    expect(contradictions.find(({ check }) => check === 'memory/fit')?.allowed).toMatch(
      /no number of these nodes is enough/,
    );
  });
});
