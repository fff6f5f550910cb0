import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { architectureMatchers, architectureOf, architectureSerializer } from 'ai-infra-constructs/testing';
import 'ai-infra-constructs/testing/jest';
import { errorOf } from '../aws/support';

const folder = mkdtempSync(join(tmpdir(), 'matchers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROOT = join(__dirname, '../..');

function stack(...buckets: string[]): Stack {
  const stack = new Stack(new App(), 'Data');
  for (const id of buckets) new Bucket(stack, id);
  return stack;
}

/** Matcher context of a runner. */
function context(_updateSnapshot?: 'all' | 'new' | 'none') {
  return {
    testPath: join(folder, 'some.test.ts'),
    snapshotState: { _updateSnapshot, added: 0, matched: 0, unmatched: 0, updated: 0 },
    utils: { diff: (expected: unknown, received: unknown) => `- ${String(expected)}\n+ ${String(received)}` },
  };
}

describe('toMatchArchitecture', () => {
  test('compares with the snapshot of the test, which contains the text', () => {
    expect(stack('Bucket')).toMatchArchitecture();
    const snapshots = readFileSync(join(__dirname, '__snapshots__/matchers.test.ts.snap'), 'utf8');
    expect(snapshots).toContain(`\n${String(architectureOf(stack('Bucket')))}\n`);
  });

  test('accepts options and an existing Architecture', () => {
    expect(architectureOf(stack('Bucket'))).toMatchArchitecture({ cost: false });
  });

  test('rejects .not, and values that are not a stack', () => {
    expect(errorOf(() => expect(stack()).not.toMatchArchitecture()).code).toBe('ArchitectureMatcher');
    expect(errorOf(() => expect(7).toMatchArchitecture()).code).toBe('ArchitectureSource');
  });

  test('needs the global expect of the runner', () => {
    const { expect: own } = globalThis as { expect?: unknown };
    Object.assign(globalThis, { expect: undefined });
    const error = errorOf(() => architectureMatchers.toMatchArchitecture.call({}, stack()));
    Object.assign(globalThis, { expect: own });
    expect(error.problems).toMatchObject([{ code: 'ArchitectureMatcher', prop: 'expect' }]);
  });
});

describe('toMatchArchitectureFile', () => {
  const file = (name: string) => join(folder, name);

  test('writes a missing file, and then compares with it', () => {
    const first = context('new');
    expect(architectureMatchers.toMatchArchitectureFile.call(first, stack('Bucket'), 'sub/a.txt').pass).toBe(true);
    expect(readFileSync(file('sub/a.txt'), 'utf8')).toBe(`${String(architectureOf(stack('Bucket')))}\n`);
    const second = context('new');
    expect(architectureMatchers.toMatchArchitectureFile.call(second, stack('Bucket'), 'sub/a.txt').pass).toBe(true);
    expect([first.snapshotState.added, second.snapshotState.matched]).toEqual([1, 1]);
  });

  test('fails with the difference, and does not change the file', () => {
    architectureMatchers.toMatchArchitectureFile.call(context('new'), stack('Bucket'), 'b.txt');
    const before = readFileSync(file('b.txt'), 'utf8');
    const runner = context('new');
    const { pass, message } = architectureMatchers.toMatchArchitectureFile.call(
      runner,
      stack('Bucket', 'More'),
      'b.txt',
    );
    expect(pass).toBe(false);
    expect(message()).toMatch(/does not match .*b\.txt[^]*\+ [^]*More:[^]*run jest with --updateSnapshot/);
    expect(readFileSync(file('b.txt'), 'utf8')).toBe(before);
    expect(runner.snapshotState.unmatched).toBe(1);
  });

  test('updates the file if the runner updates snapshots', () => {
    architectureMatchers.toMatchArchitectureFile.call(context('new'), stack('Bucket'), 'c.txt');
    const runner = context('all');
    expect(architectureMatchers.toMatchArchitectureFile.call(runner, stack('Bucket', 'More'), 'c.txt').pass).toBe(true);
    expect(readFileSync(file('c.txt'), 'utf8')).toContain('More:');
    expect(runner.snapshotState.updated).toBe(1);
  });

  test('does not write with --ci, and fails if the file is missing', () => {
    const { pass, message } = architectureMatchers.toMatchArchitectureFile.call(
      context('none'),
      stack('Bucket'),
      'd.txt',
    );
    expect(pass).toBe(false);
    expect(message()).toContain('the file does not exist');
    expect(existsSync(file('d.txt'))).toBe(false);
  });

  test('does not write in CI with another runner', () => {
    const before = process.env.CI;
    process.env.CI = 'true';
    const { pass } = architectureMatchers.toMatchArchitectureFile.call(
      { testPath: file('x.test.ts') },
      stack('Bucket'),
      'e.txt',
    );
    if (before === undefined) delete process.env.CI;
    else process.env.CI = before;
    expect(pass).toBe(false);
  });

  test('reads a file with Windows line endings', () => {
    writeFileSync(file('f.txt'), `${String(architectureOf(stack('Bucket')))}\n`.replaceAll('\n', '\r\n'));
    expect(architectureMatchers.toMatchArchitectureFile.call(context('none'), stack('Bucket'), 'f.txt').pass).toBe(
      true,
    );
  });

  test.each([[undefined], [''], [7]])('rejects %j as a path', (path) => {
    const error = errorOf(() =>
      architectureMatchers.toMatchArchitectureFile.call(context('new'), stack(), path as string),
    );
    expect(error.problems).toMatchObject([{ code: 'ArchitectureMatcher', prop: 'path' }]);
  });
});

test('the serializer only prints architectures', () => {
  const architecture = architectureOf(stack('Bucket'));
  expect(architectureSerializer.test(architecture)).toBe(true);
  expect(architectureSerializer.serialize(architecture)).toBe(String(architecture));
  expect(architectureSerializer.test({ stacks: [] })).toBe(false);
});

describe('in a separate jest run', () => {
  const inOwnJest = (test: string, settings: object, ...flags: string[]) => {
    // The folder is in the project, so that its packages are found.
    mkdirSync(join(ROOT, 'test/.artifacts'), { recursive: true });
    const own = mkdtempSync(join(ROOT, 'test/.artifacts/jest-'));
    try {
      writeFileSync(join(own, 'own.test.ts'), test);
      const { jest } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { jest: object };
      const config = { ...jest, rootDir: ROOT, roots: [own], ...settings, coverageThreshold: undefined };
      const args = [join(ROOT, 'node_modules/.bin/jest'), '--config', JSON.stringify(config), ...flags];
      return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }).stderr;
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  };
  const template = (type: string) =>
    `{ Resources: { Box: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: '${type}' } } } }`;

  test('a different snapshot fails with the changed line', () => {
    const test = `test('box', () => {
      expect(${template('m7i.large')}).toMatchArchitectureFile('box.txt');
      expect(${template('m7i.xlarge')}).toMatchArchitectureFile('box.txt');
    });`;
    const setup = { setupFilesAfterEnv: [join(ROOT, 'lib/testing/jest.ts')] };
    const said = inOwnJest(test, setup, '--ci=false');
    expect(said).toMatch(/- +machine: +m7i\.large\n.*\+ +machine: +m7i\.xlarge/);
    expect(said).toMatch(/1 snapshot failed[^]*1 snapshot written|1 written[^]*1 failed|1 failed, 1 written/);
  }, 60_000);

  test('the entry point reports the correct setting in setupFiles, which run before expect exists', () => {
    const setup = { setupFiles: [join(ROOT, 'lib/testing/jest.ts')] };
    expect(inOwnJest(`test('nothing', () => undefined);`, setup)).toMatch(
      /setupFilesAfterEnv, not to setupFiles.*\[ArchitectureMatcher\]/,
    );
  }, 60_000);
});
