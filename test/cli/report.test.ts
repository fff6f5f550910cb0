import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Ajv from 'ajv';
import { REPORT_SCHEMA, type ReportDocument } from 'ai-infra-constructs/planning';
import { reportFault } from '../../lib/cli/report-file';
import { SAMPLE, WORKLOAD } from '../core/report/sample';
import { cli, expectUsage, fileOf, scratch } from './support';

const plan = () =>
  fileOf(
    'plan.json',
    cli('plan', '--model', 'Llama-3.1-8B', '--tokens', '1e9', '--machine', 'p5.48xlarge', '--nodes', '2', '--json').out,
  );
const sample = () => fileOf('ai-infra-report.json', JSON.stringify(SAMPLE));

describe('ai-infra report', () => {
  test('writes a plan as Markdown', () => {
    expect(cli('report', plan()).out).toMatch(/^# Pre-training of Llama-3.1-8B on 2 × p5.48xlarge\n/);
  });

  test('writes HTML, or the JSON that it read', () => {
    expect(cli('report', sample(), '--format', 'html').out).toMatch(/^<!doctype html>/);
    expect(JSON.parse(cli('report', sample(), '--format', 'json').out)).toEqual(SAMPLE);
  });

  test('finds the report in an assembly folder and writes all three formats', () => {
    sample();
    const out = join(scratch(), 'out');
    expect(cli('report', scratch(), '--out', out).code).toBe(0);
    expect(readdirSync(out)).toHaveLength(3);
  });

  test('merges the reports of several stacks', () => {
    for (const stack of ['stacks/one', 'stacks/two', 'stacks/none'])
      mkdirSync(join(scratch(), stack), { recursive: true });
    for (const stack of ['one', 'two']) fileOf(`stacks/${stack}/ai-infra-report.json`, JSON.stringify(SAMPLE));
    const { title, workloads, totals, asOf } = JSON.parse(
      cli('report', scratch(), '--format', 'json').out,
    ) as ReportDocument;
    expect({ title, asOf, count: workloads.length }).toEqual({
      title: 'Plans of 2 AI workloads',
      asOf: SAMPLE.asOf,
      count: 2,
    });
    expect(totals[0]).toMatchObject({ workloads: 2, usd: { likely: SAMPLE.totals[0]!.usd!.likely * 2 } });
  });

  test('keeps the price date of each workload', () => {
    for (const [stack, asOf] of Object.entries({ one: '2026-11-20', two: '2026-11-25' })) {
      mkdirSync(join(scratch(), 'stacks', stack), { recursive: true });
      const workloads = [{ ...WORKLOAD, asOf: undefined }];
      fileOf(`stacks/${stack}/ai-infra-report.json`, JSON.stringify({ ...SAMPLE, asOf, workloads }));
    }
    const found = JSON.parse(cli('report', scratch(), '--format', 'json').out) as ReportDocument;
    expect(found.asOf).toBe('2026-11-25');
    expect(found.workloads.map(({ asOf }) => asOf)).toEqual(['2026-11-20', '2026-11-25']);
  });

  test('prefers the report of the app to the reports of its stages', () => {
    mkdirSync(join(scratch(), 'assembly-Stage'));
    fileOf('assembly-Stage/ai-infra-report.json', JSON.stringify(SAMPLE));
    const all = { ...SAMPLE, title: 'All' };
    fileOf('ai-infra-report.json', JSON.stringify(all));
    expect(JSON.parse(cli('report', scratch(), '--format', 'json').out)).toEqual(all);
  });

  test.each([
    ['{"kind": "training"}', /is not a complete plan/],
    ['{"kind": "other"}', /is not a plan/],
    ['[]', /must be an object with keys/],
    [
      JSON.stringify({ ...SAMPLE, workloads: 7 }),
      /r\.json:1:\d+: is not a report or plan: workloads must be a list \(got 7\)/,
    ],
    [
      JSON.stringify({ ...SAMPLE, asOf: 'now' }),
      /is not a report or plan: asOf must be text that matches .* \(got "now"\)/,
    ],
    ['{"format": "ai-infra-report/1", "facts"', /r\.json:1:\d+/],
  ])('rejects %j', (text, message) => expectUsage(cli('report', fileOf('r.json', text)), message));

  test('rejects an empty folder', () => {
    expectUsage(
      cli('report', scratch()),
      /contains no ai-infra-report\.json\. Set job or load .* and synthesize the app, or make a plan/,
    );
  });

  test('rejects a folder that cannot be created', () => {
    expectUsage(cli('report', sample(), '--out', join(sample(), 'x')), /error: /);
  });
});

describe('reportFault', () => {
  const validate = new Ajv().compile(REPORT_SCHEMA);

  test('agrees with Ajv', () => {
    const keys = fc.constantFrom(
      'work',
      'title',
      'costs',
      'seconds',
      'topology',
      'memory',
      'extra',
      'asOf',
      'findings',
    );
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        WORKLOAD.seconds,
        WORKLOAD.costs,
        WORKLOAD.topology,
        WORKLOAD.memory,
        '2026-11-25',
        WORKLOAD.findings,
      ),
    );
    fc.assert(
      fc.property(fc.dictionary(keys, values), fc.option(keys), (change, dropped) => {
        const entries = Object.entries({ ...WORKLOAD, ...change }).filter(([key]) => key !== dropped);
        const report = { ...SAMPLE, workloads: [Object.fromEntries(entries)] };
        const value = JSON.parse(JSON.stringify(report)) as unknown;
        expect(reportFault(value) === undefined).toBe(validate(value));
      }),
      { numRuns: 500 },
    );
  });

  const topology = WORKLOAD.topology!;
  test.each<[problem: string, change: object]>([
    ['costs[0].market must be a string (got 7)', { costs: [{ market: 7 }] }],
    ['costs[0].stale must be true or false (got "yes")', { costs: [{ market: 'spot', stale: 'yes' }] }],
    ['costs must be a list (got {"market":"spot"})', { costs: { market: 'spot' } }],
    ['seconds.high is missing', { seconds: { low: 1, likely: 1 } }],
    ['seconds.likely must be at least 0 (got -1)', { seconds: { low: 1, likely: -1, high: 2 } }],
    ['seconds must be an object with keys (got null)', { seconds: null }],
    ['work must be one of training, serving (got "play")', { work: 'play' }],
    ['a/b~c is not a known key', { 'a/b~c': 1 }],
    ['asOf must be text that matches ^\\d{4}-\\d{2}-\\d{2}$ (got "now")', { asOf: 'now' }],
    [
      'topology.nodes.count must be a whole number (got 1.5)',
      { topology: { ...topology, nodes: { ...topology.nodes, count: 1.5 } } },
    ],
    [
      'topology.nodes.accelerators must be more than 0 (got 0)',
      { topology: { ...topology, nodes: { ...topology.nodes, accelerators: 0 } } },
    ],
  ])('%s', (problem, change) => {
    expect(reportFault({ ...SAMPLE, workloads: [{ ...WORKLOAD, ...change }] })?.problem).toBe(
      `workloads[0].${problem}`,
    );
  });

  test('names the document and its format', () => {
    expect(reportFault(7)).toEqual({ path: [], problem: 'the document must be an object with keys (got 7)' });
    expect(reportFault({ ...SAMPLE, format: 'x' })).toEqual({
      path: ['format'],
      problem: 'format must be "ai-infra-report/1" (got "x")',
    });
  });

  test('a report with a fault is an error with a position', () => {
    const workloads = [{ ...WORKLOAD, costs: [{ market: 'spot' }, { market: 7 }] }];
    const text = JSON.stringify({ ...SAMPLE, workloads }, null, 2);
    const line = text.split('\n').findIndex((one) => one.includes('"market": 7')) + 1;
    expectUsage(
      cli('report', fileOf('r.json', text)),
      `r.json:${line}:11: is not a report or plan: workloads[0].costs[1].market`,
    );
  });
});
