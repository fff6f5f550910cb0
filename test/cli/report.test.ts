import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Ajv from 'ajv';
import { misfit } from '../../lib/cli/schema-check';
import { REPORT_SCHEMA } from '../../lib/core/report/schema';
import { SAMPLE } from '../core/report/sample';
import { cli, expectUsage, fileOf, scratch } from './support';

const plan = () =>
  fileOf(
    'plan.json',
    cli('plan', '--model', 'Llama-3.1-8B', '--tokens', '1e9', '--machine', 'p5.48xlarge', '--nodes', '2', '--json').out,
  );
const sample = () => fileOf('ai-infra-report.json', JSON.stringify(SAMPLE));

describe('ai-infra report', () => {
  test('writes Markdown of a plan', () => {
    expect(cli('report', plan()).out).toMatch(/^# Pre-training of Llama-3.1-8B on 2 × p5.48xlarge\n/);
  });

  test('writes the page, or the JSON that it read', () => {
    expect(cli('report', sample(), '--format', 'html').out).toMatch(/^<!doctype html>/);
    expect(JSON.parse(cli('report', sample(), '--format', 'json').out)).toEqual(SAMPLE);
  });

  test('finds the report in the folder of an assembly, and writes all three forms', () => {
    sample();
    const out = join(scratch(), 'out');
    expect(cli('report', scratch(), '--out', out).code).toBe(0);
    expect(readdirSync(out)).toHaveLength(3);
  });

  test.each([
    ['{"kind": "training"}', /is no whole plan/],
    ['{"kind": "other"}', /is no plan/],
    ['[]', /must be an object with keys/],
    [JSON.stringify({ ...SAMPLE, costs: 7 }), /is no/],
    [JSON.stringify({ ...SAMPLE, asOf: 'now' }), /is no report or plan: asOf is malformed/],
    ['{"format": "ai-infra-report/1", "facts"', /r\.json:1:\d+/],
  ])('%j is refused', (text, message) => expectUsage(cli('report', fileOf('r.json', text)), message));

  test('an empty folder is refused', () => {
    expectUsage(cli('report', scratch()), /ai-infra-report\.json: there is no such file/);
  });

  test('a folder that cannot be made is refused', () => {
    expectUsage(cli('report', sample(), '--out', join(sample(), 'x')), /error: /);
  });
});

describe('the check of a document', () => {
  const validate = new Ajv().compile(REPORT_SCHEMA);

  test('agrees with a validator of JSON Schema', () => {
    const keys = fc.constantFrom(
      'format',
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
      fc.constantFrom(SAMPLE.seconds, SAMPLE.costs, SAMPLE.topology, SAMPLE.memory, '2026-11-25', SAMPLE.findings),
    );
    fc.assert(
      fc.property(fc.dictionary(keys, values), fc.option(keys), (change, dropped) => {
        const entries = Object.entries({ ...SAMPLE, ...change }).filter(([key]) => key !== dropped);
        const value = JSON.parse(JSON.stringify(Object.fromEntries(entries))) as unknown;
        expect(misfit(value, REPORT_SCHEMA) === undefined).toBe(validate(value));
      }),
      { numRuns: 500 },
    );
  });

  test('names the place', () => {
    expect(misfit({ ...SAMPLE, costs: [{ market: 7 }] }, REPORT_SCHEMA)).toBe('costs[0].market must be of type string');
    expect(misfit({ ...SAMPLE, seconds: { likely: 1 } }, REPORT_SCHEMA)).toBe('seconds.high is missing');
  });
});
