import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../lib/cli/commands';
import { run } from '../../lib/cli/run';
import { styled, terminalOf } from '../../lib/cli/terminal';
import { cli, cliProcess, expectUsage, fileOf } from './support';

const stream = (isTTY: boolean) => ({ isTTY, write: () => true }) as unknown as NodeJS.WriteStream;
const terminal = (isTTY: boolean, env: NodeJS.ProcessEnv = {}) =>
  terminalOf({ stdout: stream(isTTY) as never, stderr: stream(isTTY) as never, env });

describe('as a process', () => {
  test('the catalogue goes to the output, without colour where that is piped', () => {
    const { code, out, err } = cliProcess(['catalog', '--cloud', 'aws', '--chip', 'H200']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Cloud +Machine/);
    expect(out).toContain('p5en.48xlarge');
    expect(out).not.toContain('\u001b');
  });

  test('a contradiction exits with 1 and still writes the plan', () => {
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

  test('a bad file gives one error with its line, and 2', () => {
    const file = fileOf('bad.json', '{\n  "training": {\n    "model": "x" "tokens": 1\n  }\n}\n');
    expectUsage(cliProcess(['plan', '--file', file]), /^error: .*bad\.json:3:\d+: /);
  });

  test('a reader that closes early is no failure', () => {
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

describe('colour', () => {
  test('is for screens, unless NO_COLOR says otherwise', () => {
    expect(terminal(true).colour).toBe(true);
    expect(terminal(true, { NO_COLOR: '1' }).colour).toBe(false);
    expect(terminal(true, { NO_COLOR: '' }).colour).toBe(true);
    expect(terminal(true, { TERM: 'dumb' }).colour).toBe(false);
    expect(terminal(false).colour).toBeFalsy();
  });

  test('is left out where there is none', () => {
    expect(styled({ colour: true }, 'bold', 'x')).toBe('\u001b[1mx\u001b[0m');
    expect(styled({ colour: false }, 'bold', 'x')).toBe('x');
  });
});

test('a fault of the tool itself is told without a stack, and exits with 1', () => {
  let err = '';
  const out = () => {
    throw new RangeError('no room');
  };
  expect(run(['catalog'], { out, err: (text) => (err += text), colour: false, watched: false })).toBe(1);
  expect(err).toBe('error: this is a fault of ai-infra, please report it: no room\n');
});

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  expect(cli('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('an output that cannot be written is told without a stack, and exits with 1', () => {
  const script = 'node --require tsx/cjs lib/cli/main.ts catalog > /dev/full';
  const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: join(__dirname, '../..'), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^error: the output cannot be written: .*\n$/),
  });
});

test('a command is named as its file is loaded: the list has no command but those', () => {
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
  ])('%s %s tells what there is, and exits with 0', (...args) => {
    const { code, out, err } = cli(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(args.length === 1 ? /Exit codes/ : /Examples:\n {2}ai-infra/);
  });

  test.each([
    [[], /Usage: ai-infra/],
    [['plam'], /unknown command 'plam'\n\(Did you mean plan\?\)/],
    [['catalog', '--clod', 'aws'], /unknown option '--clod'/],
    [['catalog', '--cloud', 'oracle'], /Allowed choices are aws, google, azure, alicloud/],
    [['catalog', '--min-accelerators', '0'], /It must be a whole number from 1/],
    [['plan', '--tokens', 'many'], /It must be a number/],
    [['plan', '--as-of', 'today'], /It must be a day such as 2026-11-25/],
    [['replay'], /missing required argument 'runs'/],
  ])('%j is refused with 2', (args, message) => expectUsage(cli(...args), message));
});
