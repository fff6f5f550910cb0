import { machineNamed, ModelSpec, Prices, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import {
  planServing,
  planTraining,
  REPORT_SCHEMA,
  type ReportWorkload,
  WorkloadReport,
} from 'ai-infra-constructs/planning';
import Ajv from 'ajv';
import { SAMPLE, WORKLOAD } from './sample';

const validate = new Ajv({ allErrors: true, strict: true }).compile(REPORT_SCHEMA);
const machine = machineNamed('aws', 'p5.48xlarge');
const prices = Prices.asOf('2026-11-25');

const training = (days: number) =>
  planTraining({
    job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 300e9, finishWithinDays: days }),
    machine,
    nodes: 16,
    prices,
  });
const serving = planServing({
  load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1000, outputTokens: 200, requestsPerSecond: 20 }),
  machine,
  prices,
});

/** The workload of a report of one. */
function only(report: WorkloadReport): ReportWorkload {
  const { workloads } = report.document;
  expect(workloads).toHaveLength(1);
  return workloads[0]!;
}

function expectValid(report: WorkloadReport): void {
  validate(JSON.parse(report.toJson()));
  expect(validate.errors ?? []).toEqual([]);
}

describe('the schema', () => {
  test('accepts a complete report', () => expectValid(new WorkloadReport(SAMPLE)));

  test.each([
    ['an unknown key', { ...SAMPLE, extra: 1 }],
    ['a missing key', { ...SAMPLE, workloads: [{ ...WORKLOAD, costs: undefined }] }],
    ['another format', { ...SAMPLE, format: 'x' }],
    ['a negative time', { ...SAMPLE, workloads: [{ ...WORKLOAD, seconds: { low: 1, likely: -1, high: 2 } }] }],
    ['no day', { ...SAMPLE, asOf: 'today' }],
  ])('refuses %s', (_, value) => expect(validate(JSON.parse(JSON.stringify(value)))).toBe(false));
});

describe('the report of a training plan', () => {
  const report = WorkloadReport.ofPlan(training(40), WORKLOAD.alternatives);

  test('is valid', () => expectValid(report));

  test('lists the likely value of each range first', () => {
    const { seconds, costs } = only(report);
    expect(seconds!.likely).toBeLessThan(seconds!.high);
    expect(costs[0]!.usd!.likely).toBeLessThan(costs[0]!.usd!.high);
  });

  test('draws the nodes, their fabric and a file system', () => {
    const { nodes, stores } = only(report).topology!;
    expect(nodes).toMatchObject({ machine: 'p5.48xlarge', count: 16, accelerators: 8, chip: 'H100' });
    expect(nodes.fabric).toEqual({ name: 'RDMA fabric', gbpsPerMachine: 3200 });
    expect(stores[0]!.name).toContain('FSx for Lustre');
    expect(stores[0]!.flows.map(({ direction }) => direction)).toEqual(['read', 'write']);
  });

  test('lists the memory of an accelerator by part', () => {
    const { parts, capacityBytes } = only(report).memory!;
    expect(parts.map(({ name }) => name)).toEqual(['states', 'embeddings', 'activations', 'logits', 'reserve']);
    expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBeLessThan(capacityBytes);
  });

  test('names the published runs that its time is based on', () => {
    expect(only(report).evidence[0]).toMatchObject({
      figure: 'Time and cost',
      source: expect.stringMatching(/^\d+ published runs of H100/),
    });
  });

  test('lists contradictions first', () => {
    const [first] = only(WorkloadReport.ofPlan(training(5))).findings;
    expect(first).toMatchObject({ level: 'contradiction', id: 'time/deadline' });
  });
});

describe('the report of a plan that nothing was measured for', () => {
  const report = WorkloadReport.ofPlan(
    planTraining({
      job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 300e9, budgetUsd: 1e6 }),
      machine: machineNamed('aws', 'trn2.48xlarge'),
      nodes: 4,
      prices,
      storage: { sizeGiB: 48_000, throughputMBps: 12_000 },
    }),
  );

  test('has a range, and says that no run was published', () => {
    expectValid(report);
    expect(only(report).seconds!.low).toBeLessThan(only(report).seconds!.high);
    expect(only(report).evidence[0]).toMatchObject({
      grade: 'nearest',
      source: expect.stringMatching(/^no published run of/),
    });
    expect(report.toHtml()).not.toMatch(/at least/i);
  });

  test('shows the existing file system and the budget', () => {
    expect(only(report).topology!.stores[0]).toMatchObject({
      name: 'Parallel file system',
      detail: '48,000 GiB, 12,000 MB/s',
    });
    expect(only(report).facts).toContainEqual({ name: 'Budget', value: '$1 M' });
  });
});

describe('the report of a serving plan', () => {
  const report = WorkloadReport.ofPlan(serving);

  test('is valid and covers one month', () => {
    expectValid(report);
    expect(report.toHtml()).toContain('Cost per month');
    expect(only(report).costs[0]!.usdPerMillionTokens).toBeGreaterThan(0);
  });

  test('has no time column in the alternatives', () => {
    const [alternative] = WORKLOAD.alternatives;
    const page = WorkloadReport.ofPlan(serving, [{ ...alternative!, seconds: undefined }]);
    expect(page.toMarkdown()).toContain('| Machines | Where | Market | Cost per month | Evidence | Layout |');
    expect(page.toHtml()).not.toContain('data-name="Time"');
  });

  test('shows a load in concurrent requests', () => {
    const load = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      inputTokens: 1000,
      outputTokens: 200,
      concurrency: 64,
    });
    const { facts } = only(WorkloadReport.ofPlan(planServing({ load, machine, prices })));
    expect(facts.find(({ name }) => name === 'Load')!.value).toBe(
      '64 concurrent requests, 1,000 input tokens and 200 output tokens',
    );
  });

  test('draws its clients and the source of its weights', () => {
    const { clients, stores } = only(report).topology!;
    expect(clients).toMatchObject({
      detail: '20 requests per second',
      flows: [
        { direction: 'read', text: 'requests of 1,000 tokens' },
        { direction: 'write', text: 'responses of 200 tokens' },
      ],
    });
    expect(stores[0]).toMatchObject({ name: 'Model weights', flows: [{ direction: 'read' }] });
  });

  test('has no fabric for a single machine', () => expect(only(report).topology!.nodes.fabric).toBeUndefined());
});

describe('Markdown', () => {
  test('has a section and a table for each part', () => {
    const text = new WorkloadReport(SAMPLE).toMarkdown();
    for (const heading of [
      'Binding constraint',
      'Findings',
      'Topology',
      'Cost of the run',
      'Alternatives',
      'Evidence',
    ]) {
      expect(text).toContain(`\n## ${heading}\n`);
    }
    expect(text).toContain('| on-demand | $621 k ($510 k to $777 k) | $55.04 | AWS price list, 2026-11-20 |');
  });

  test('escapes user text', () => {
    const text = new WorkloadReport({
      ...SAMPLE,
      workloads: [{ ...WORKLOAD, title: '<script>|`x`\n# y' }],
    }).toMarkdown();
    expect(text.split('\n')[0]).toBe('# &lt;script&gt;\\|\\`x\\` \\# y');
  });
});
