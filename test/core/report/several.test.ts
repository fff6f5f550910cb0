import { machineNamed, ModelSpec, Prices, type RecordedFinding, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import {
  alternativesOf,
  optionsFor,
  planServing,
  planTraining,
  REPORT_SCHEMA,
  type ReportCost,
  type ReportDocument,
  WorkloadReport,
} from 'ai-infra-constructs/planning';
import Ajv from 'ajv';
import fc from 'fast-check';
import { totalsOf } from '../../../lib/core/report/costs';
import { SAMPLE, WORKLOAD } from './sample';

const validate = new Ajv({ allErrors: true, strict: true }).compile(REPORT_SCHEMA);
const asOf = '2026-11-25';
const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 300e9 });
const training = planTraining({
  job,
  machine: machineNamed('aws', 'p5.48xlarge'),
  nodes: 16,
  prices: Prices.asOf(asOf),
});
const load = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 200,
  requestsPerSecond: 20,
});
const serving = planServing({ load, machine: machineNamed('aws', 'p5.48xlarge'), prices: Prices.asOf('2026-11-24') });

describe('a report of several workloads', () => {
  const report = WorkloadReport.of([
    { path: 'Research/Pretrain', plan: training },
    { path: 'Research/Chat', plan: serving },
  ]);

  test('is valid, keeps order and paths, and has the latest date', () => {
    validate(JSON.parse(report.toJson()));
    expect(validate.errors ?? []).toEqual([]);
    expect(report.document.workloads.map(({ path }) => path)).toEqual(['Research/Pretrain', 'Research/Chat']);
    expect(report.document).toMatchObject({ title: 'Plans of 2 AI workloads', asOf });
  });

  test('links each workload from its overview', () => {
    const markdown = report.toMarkdown();
    expect(markdown).toContain('| [Pre-training of Llama-3.1-70B on 16 × p5.48xlarge](#workload-1) |');
    expect(markdown).toContain('<a id="workload-2"></a>\n\n## Serving of Llama-3.1-8B');
    expect(markdown).toContain('\n### Evidence\n');
  });

  test('is unchanged after it is written and read', () => {
    expect(new WorkloadReport(JSON.parse(report.toJson()) as ReportDocument).toHtml()).toBe(report.toHtml());
  });

  test('is valid without workloads', () => {
    const none = WorkloadReport.of([]);
    expect(validate(JSON.parse(none.toJson()))).toBe(true);
    expect(none.toMarkdown()).toContain('Plans of 0 AI workloads');
  });
});

describe('the totals', () => {
  const cost = (more: Partial<ReportCost>): ReportCost => ({ market: 'on-demand', chosen: true, ...more });
  const of = (work: 'training' | 'serving', more: Partial<ReportCost>) => ({ ...WORKLOAD, work, costs: [cost(more)] });
  const sure = { usd: { low: 80, likely: 100, high: 150 } };

  test('add training runs and serving months separately', () => {
    expect(totalsOf([of('training', sure), of('serving', sure), of('training', sure)])).toEqual([
      { work: 'training', workloads: 2, usd: { low: 160, likely: 200, high: 300 }, unpriced: 0 },
      { work: 'serving', workloads: 1, usd: { low: 80, likely: 100, high: 150 }, unpriced: 0 },
    ]);
  });

  test('count unpriced workloads', () => {
    const totals = totalsOf([of('training', sure), of('training', sure), of('training', {})]);
    expect(totals).toEqual([
      { work: 'training', workloads: 3, usd: { low: 160, likely: 200, high: 300 }, unpriced: 1 },
    ]);
    const page = new WorkloadReport({ ...SAMPLE, totals, workloads: [WORKLOAD, WORKLOAD, WORKLOAD] }).toHtml();
    expect(page).toContain('<dt>All training runs</dt><dd>$200 ($160 to $300), 1 unpriced</dd>');
  });
});

describe('findings', () => {
  const recorded = (more: Partial<RecordedFinding> = {}): RecordedFinding => ({
    ...training.findings[0]!,
    constructPath: 'Research/Pretrain',
    ...more,
  });
  const found = (findings: readonly RecordedFinding[]) =>
    WorkloadReport.of([{ path: 'Research/Pretrain', plan: training, findings }]).document.workloads[0]!.findings;

  test('of a construct are listed once, with path and acknowledgement', () => {
    const findings = found([recorded({ acknowledged: 'Known.' })]);
    expect(findings).toHaveLength(training.findings.length);
    expect(findings).toContainEqual(
      expect.objectContaining({ path: 'Research/Pretrain', acknowledged: 'Known.', message: recorded().message }),
    );
  });

  test('of a construct are listed with those of the plan, and accepted ones come last', () => {
    const findings = found([
      recorded({ id: 'fabric/no-efa', message: 'No fabric.', acknowledged: 'Known.' }),
      recorded({ id: 'network/no-egress', level: 'info', message: 'No way out.' }),
    ]);
    expect(findings).toHaveLength(training.findings.length + 2);
    expect(findings.at(-1)).toMatchObject({ id: 'fabric/no-efa' });
    expect(findings.at(-2)).toMatchObject({ id: 'network/no-egress' });
  });
});

describe('alternatives', () => {
  const own = training.cluster;
  const options = optionsFor(job, { prices: Prices.asOf(asOf) });
  const alternatives = alternativesOf(options, own);

  test('are the best options, one per machine and market, without the machine of the plan', () => {
    const keys = alternatives.map(({ cloud, machine, market }) => `${cloud} ${machine} ${market}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.startsWith(`${own.cloud} ${own.machine} `))).toEqual([]);
    expect(alternatives.length).toBe(8);
    expect(alternativesOf(options, own, 3)).toEqual(alternatives.slice(0, 3));
  });

  test('carry the range of their option', () => {
    const first = options.ranked.find(({ machine }) => machine === alternatives[0]!.machine)!;
    expect(alternatives[0]).toMatchObject({
      usd: { low: first.usd!.p10, likely: first.usd!.median, high: first.usd!.p90 },
    });
  });
});

describe('a value that is NaN or Infinity', () => {
  const odd = fc.constantFrom(NaN, Infinity, -Infinity);

  /** A copy in which the number at one place is another. */
  function withNumber<T>(value: T, place: { left: number }, number: number): T {
    if (typeof value === 'number') return (place.left-- === 0 ? number : value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => withNumber(item, place, number)) as T;
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, withNumber<unknown>(inner, place, number)]);
    return Object.fromEntries(entries) as T;
  }

  test('never appears in a report, and the report stays valid', () => {
    const numbers = JSON.stringify(SAMPLE).match(/[:[](-?\d[\d.e+]*)(?=[,}\]])/g)!.length;
    expect(numbers).toBeGreaterThan(30);
    fc.assert(
      fc.property(fc.nat(numbers - 1), odd, (place, number) => {
        const report = new WorkloadReport(withNumber(SAMPLE, { left: place }, number));
        expect(validate(JSON.parse(report.toJson()))).toBe(true);
        for (const text of [report.toJson(), report.toMarkdown(), report.toHtml()]) {
          expect(text).not.toMatch(/\bNaN\b|Infinity|∞|[:[,]null\b/);
        }
      }),
    );
  });

  test('is removed with the record that requires it', () => {
    const [workload] = new WorkloadReport({
      ...SAMPLE,
      workloads: [{ ...WORKLOAD, seconds: { low: 4, likely: 5, high: NaN }, deadlineSeconds: Infinity }],
    }).document.workloads;
    expect(workload).not.toHaveProperty('seconds');
    expect(workload).not.toHaveProperty('deadlineSeconds');
    expect(workload!.costs).toEqual(WORKLOAD.costs);
  });

  test('is left out of totals', () => {
    const costs = training.costs.map((cost) => ({ ...cost, runUsd: { p10: NaN, median: NaN, p90: NaN } }));
    const plan = { ...training, costs, parallelism: { ...training.parallelism, globalBatch: NaN } };
    const { document } = WorkloadReport.of([{ path: '', plan }]);
    expect(document.totals).toEqual([{ work: 'training', workloads: 1, unpriced: 1 }]);
    expect(document.workloads[0]!.facts).toContainEqual({
      name: 'Batch',
      value: 'unknown sequences, micro-batch of 1 per accelerator',
    });
  });
});

test('shows no checkpoint interval if all time is lost to failures', () => {
  const late = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_405B, tokens: 15e12 });
  const plan = planTraining({
    job: late,
    machine: machineNamed('aws', 'p5.48xlarge'),
    nodes: 1000,
    market: 'spot',
    prices: Prices.asOf(asOf),
  });
  const { facts } = WorkloadReport.ofPlan(plan).document.workloads[0]!;
  expect(plan.checkpoint.loss).toBeGreaterThanOrEqual(1);
  expect(facts.find(({ name }) => name === 'Checkpoints')?.value).toMatch(
    /^[\d,]+ GB: machines fail before a checkpoint is written$/,
  );
});
