import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFile, dataFiles } from '../../scripts/data';
import { NAME, ROOT, coreAppFolder, manifestOf, must, proofFolder, tarball, write } from './workspace';

/** Runs `npx ai-infra` in an app that has the package but no cloud SDK. */
function npx(...args: readonly string[]) {
  const command = spawnSync('npx', ['--no-install', 'ai-infra', ...args], { cwd: coreAppFolder(), encoding: 'utf8' });
  return { status: command.status, out: command.stdout, err: command.stderr };
}

const RUNS = [
  {
    id: 'a',
    suite: 's',
    chip: 'H100',
    model: 'Llama-3-8B',
    paramsB: 8.03,
    seqLen: 8192,
    count: 64,
    tflopsPerChip: 455,
  },
  { id: 'b', suite: 's', chip: 'H900', paramsB: 8.03, tflopsPerChip: 455 },
];

interface Replayed {
  readonly rows: readonly { readonly predicted?: number; readonly published?: number; readonly reason?: string }[];
  readonly overall: { readonly compared: number; readonly medianError: number; readonly meanError: number };
}

describe('npx ai-infra, from the tarball', () => {
  test('shows the help and the package version', () => {
    expect(npx('--help')).toMatchObject({ status: 0, err: '', out: expect.stringMatching(/^Usage: ai-infra/) });
    expect(npx('--version').out).toBe(`${(manifestOf(ROOT) as unknown as { version: string }).version}\n`);
  });

  test('runs before the package is installed', () => {
    expect(must(proofFolder(), 'npx', '--yes', '--offline', '--package', tarball(), 'ai-infra', '--help')).toContain(
      'Usage: ai-infra',
    );
  });

  test('plans a workload, and reads the report that it wrote', () => {
    const args = ['--model', 'Llama-3.1-8B', '--tokens', '1e9', '--machine', 'aws/p5.48xlarge', '--nodes', '2'];
    expect(npx('plan', ...args, '--report', 'report')).toMatchObject({
      status: 0,
      out: expect.stringContaining('Pre-training of Llama-3.1-8B on 2 × p5.48xlarge'),
    });
    expect(existsSync(join(coreAppFolder(), 'report/ai-infra-report.html'))).toBe(true);
    expect(npx('report', 'report').out).toBe(readFileSync(join(coreAppFolder(), 'report/ai-infra-report.md'), 'utf8'));
  });

  test('lists machines as JSON', () => {
    const machines = JSON.parse(npx('catalog', '--json', '--chip', 'H100').out) as { cloud: string; chip: string }[];
    expect(machines.length).toBeGreaterThan(3);
    expect(new Set(machines.map(({ chip }) => chip))).toEqual(new Set(['H100']));
  });

  test('replays runs', () => {
    write(coreAppFolder(), { 'runs.json': { rows: RUNS } });
    const { status, out } = npx('replay', 'runs.json', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      rows: [
        { id: 'a', class: 'H100 bf16 dense pretrain' },
        { id: 'b', reason: expect.stringContaining("no chip 'H900'") },
      ],
      overall: { rows: 2, compared: 1 },
    });
  });

  for (const file of dataFiles().filter((name) => name.includes('-runs'))) {
    test(`replays the published runs of ${file}, each with a number or a reason`, () => {
      write(coreAppFolder(), { [file]: dataFile(file) });
      const { status, out } = npx('replay', file, '--json');
      expect(status).toBe(0);
      const { rows, overall } = JSON.parse(out) as Replayed;
      expect(rows).toHaveLength(dataFile(file).rows.length);
      expect(rows.filter(({ predicted, reason }) => predicted === undefined && reason === undefined)).toEqual([]);
      const errors = rows.flatMap(({ predicted, published: figure }) =>
        predicted === undefined || figure === undefined ? [] : [Math.abs(Math.log(figure / predicted))],
      );
      expect(overall.compared).toBe(errors.length);
      expect(overall.meanError).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / errors.length, 10);
      expect(errors.filter((error) => error < overall.medianError).length).toBeLessThanOrEqual(errors.length / 2);
      expect(errors.filter((error) => error > overall.medianError).length).toBeLessThanOrEqual(errors.length / 2);
    });
  }

  test.each([
    [
      ['plan', '--model', 'Llama-3.1-70B', '--tokens', '300e9', '--regions', 'moon-1'],
      2,
      /^error: regions: .* have no region 'moon-1'/,
    ],
    [['plan', '--file', 'nothing.yaml'], 2, 'error: nothing.yaml: the file does not exist\n'],
    [['report', 'node_modules'], 2, /^error: node_modules: contains no ai-infra-report\.json\./],
    [['plam'], 2, /^error: unknown command 'plam'\n\(Did you mean plan\?\)/],
  ])('%j exits with %d', (args, status, err) => {
    expect(npx(...args)).toMatchObject({ status, err: typeof err === 'string' ? err : expect.stringMatching(err) });
  });
});

describe('loading a command', () => {
  const loaded = (...args: readonly string[]) => {
    const main = join(coreAppFolder(), 'node_modules', NAME, 'dist/cli/main.js');
    const script = `process.argv.splice(1, 0, ''); process.stdout.write = () => true; require(${JSON.stringify(main)});
      process.stderr.write(JSON.stringify(Object.keys(require.cache)))`;
    const { stderr } = spawnSync(process.execPath, ['-e', script, '--', ...args], { encoding: 'utf8' });
    return JSON.parse(stderr) as string[];
  };

  test('loads no tables for the help', () => {
    expect(
      loaded('--help').filter((file) => /dist[\\/](core[\\/](catalog|planning|workload|report)|aws)[\\/]/.test(file)),
    ).toEqual([]);
  });

  test('loads no planner for the catalog, and never a cloud SDK', () => {
    const files = loaded('catalog', '--json');
    expect(files.some((file) => /core[\\/]catalog[\\/]aws-machines/.test(file))).toBe(true);
    expect(files.filter((file) => /core[\\/]planning[\\/]|dist[\\/]aws[\\/]/.test(file))).toEqual([]);
  });
});
