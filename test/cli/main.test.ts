import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, run } from '../../lib/cli/program';
import { styled, terminalOf } from '../../lib/cli/terminal';
import { cli, cliProcess, expectUsage, fileOf } from './support';

const stream = (isTTY: boolean) => ({ isTTY, write: () => true }) as unknown as NodeJS.WriteStream;
const terminal = (isTTY: boolean, env: NodeJS.ProcessEnv = {}) =>
  terminalOf({ stdout: stream(isTTY) as never, stderr: stream(isTTY) as never, env });

describe('the ai-infra process', () => {
  test('writes the catalog without color if the output is piped', () => {
    const { code, out, err } = cliProcess(['catalog', '--cloud', 'aws', '--chip', 'H200']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Cloud +Machine/);
    expect(out).toContain('p5en.48xlarge');
    expect(out).not.toContain('\u001b');
  });

  test('exits with 1 on a contradiction and still writes the plan', () => {
    const args = [
      'plan',
      '--model',
      'Llama-3.1-70B',
      '--tokens',
      '1e12',
      '--machine',
      'aws/p5.48xlarge',
      '--nodes',
      '16',
    ];
    const { code, out } = cliProcess([...args, '--finish-within-days', '2', '--json']);
    expect(code).toBe(1);
    expect((JSON.parse(out) as { contradictions: { check: string }[] }).contradictions[0]).toMatchObject({
      check: 'time/deadline',
    });
  });

  test('reports a bad file with its line and exits with 2', () => {
    const file = fileOf('bad.json', '{\n  "training": {\n    "model": "x" "tokens": 1\n  }\n}\n');
    expectUsage(cliProcess(['plan', '--file', file]), /^error: .*bad\.json:3:\d+: /);
  });

  test('does not fail if a reader closes early', () => {
    const rows = Array.from({ length: 3000 }, (_, at) => ({
      id: `run ${at}`,
      chip: 'H100',
      paramsB: 8,
      tflopsPerChip: 400,
    }));
    const file = fileOf('runs.json', JSON.stringify(rows));
    const script = `node --require tsx/cjs lib/cli/main.ts replay ${file} --json | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: join(__dirname, '../..'), encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '{\n0\n', stderr: '' });
  });
});

describe('color', () => {
  test('is for terminals unless NO_COLOR is set', () => {
    expect(terminal(true).color).toBe(true);
    expect(terminal(true, { NO_COLOR: '1' }).color).toBe(false);
    expect(terminal(true, { NO_COLOR: '' }).color).toBe(true);
    expect(terminal(true, { TERM: 'dumb' }).color).toBe(false);
    expect(terminal(false).color).toBeFalsy();
  });

  test('is left out if the terminal has no color', () => {
    expect(styled({ color: true }, 'bold', 'x')).toBe('\u001b[1mx\u001b[0m');
    expect(styled({ color: false }, 'bold', 'x')).toBe('x');
  });
});

test('a bug in the tool is reported without a stack trace and exits with 1', () => {
  let err = '';
  const out = () => {
    throw new RangeError('no room');
  };
  expect(run(['catalog'], { out, err: (text) => (err += text), color: false, watched: false })).toBe(1);
  expect(err).toBe('error: this is a bug in ai-infra, please report it: no room\n');
});

test('--version shows the package version', () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  expect(cli('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('an output error is reported without a stack trace and exits with 1', () => {
  const script = 'node --require tsx/cjs lib/cli/main.ts catalog > /dev/full';
  const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: join(__dirname, '../..'), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^error: the output cannot be written: .*\n$/),
  });
});

test('every command has the name in the list', () => {
  for (const { name, load } of COMMANDS) expect(load(terminal(false), () => undefined).name()).toBe(name);
});

describe('usage', () => {
  test.each([
    ['--help'],
    ['catalog', '--help'],
    ['plan', '--help'],
    ['replay', '--help'],
    ['report', '--help'],
    ['help', 'plan'],
  ])('%s %s shows the help and exits with 0', (...args) => {
    const { code, out, err } = cli(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(args.length === 1 ? /Exit codes/ : /Examples:\n {2}ai-infra/);
  });

  test.each([
    [[], /Usage: ai-infra/],
    [['plam'], /unknown command 'plam'\n\(Did you mean plan\?\)/],
    [['catalog', '--clod', 'aws'], /unknown option '--clod'/],
    [['catalog', '--cloud', 'oracle'], /Allowed choices are aws, google, azure, alicloud/],
    [['catalog', '--min-accelerators', '0'], /It must be a whole number of at least 1/],
    [['plan', '--tokens', 'many'], /It must be a number/],
    [['plan', '--as-of', 'today'], /It must be a day, for example 2026-11-25/],
    [['replay'], /missing required argument 'runs'/],
  ])('rejects %j and exits with 2', (args, message) => expectUsage(cli(...args), message));
});
