/**
 * Measures what the library costs, prints a table and writes `bench.json`. See `docs/benchmarks.md`.
 *
 * `tsx scripts/bench.ts [--rounds <n>] [--only imports|platform|endpoint|growth|report|options|architecture|<cloud with Terraform>]`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { architectureRows } from './bench/architecture';
import { buildLibrary, buildPrograms, ROOT } from './bench/build';
import { growthRows } from './bench/growth';
import { importRows } from './bench/imports';
import { proveLimits } from './bench/limits';
import { optionsRows } from './bench/options';
import { endpointRows, platformRows } from './bench/platform';
import { measure } from './bench/processes';
import { reportRows } from './bench/report';
import { type Row, tableOf } from './bench/rows';
import { terraformRows } from './bench/terraform';
import { TERRAFORM_CLOUDS, type TerraformCloud } from './clouds';

const PARTS = [
  ...(['imports', 'platform', 'endpoint', 'growth', 'report', 'options', 'architecture'] as const),
  ...TERRAFORM_CLOUDS,
];
type Part = (typeof PARTS)[number];

function measureAll(rounds: number, parts: readonly Part[]): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-literals-'));
  const literals = join(folder, 'literals.json');
  // Programs that run for seconds need fewer rounds.
  const [some, few] = [3, 5].map((share) => Math.ceil(rounds / share)) as [number, number];
  const rowsOf: Readonly<Record<Exclude<Part, TerraformCloud>, () => Row[]>> = {
    imports: () => importRows(rounds),
    platform: () => platformRows(rounds, some, literals),
    endpoint: () => endpointRows(rounds, some, literals),
    growth: () => growthRows(few),
    report: () => reportRows(some),
    options: () => optionsRows(some),
    architecture: () => architectureRows(some),
  };
  try {
    writeFileSync(literals, JSON.stringify(measure({ program: 'dump-literals' })));
    return parts.flatMap((part) => (isTerraformCloud(part) ? terraformRows(part, some, few) : rowsOf[part]()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isTerraformCloud(part: Part): part is TerraformCloud {
  return (TERRAFORM_CLOUDS as readonly string[]).includes(part);
}

function main(): void {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '15' }, only: { type: 'string' } },
  });
  const rounds = Number(values.rounds);
  const parts = PARTS.filter((part) => values.only === undefined || part === values.only);
  if (!(Number.isInteger(rounds) && rounds >= 1)) throw new Error(`--rounds must be 1 or more (got ${values.rounds})`);
  if (parts.length === 0) throw new Error(`--only must be one of ${PARTS.join(', ')} (got ${values.only ?? ''})`);

  buildLibrary();
  buildPrograms();
  const environment = {
    node: process.version,
    cores: availableParallelism(),
    date: new Date().toISOString(),
    // Above the number of cores, only processor times and ratios mean anything.
    loadAverage: loadavg()[0],
  };
  const results = measureAll(rounds, parts);
  const limits = proveLimits();
  writeFileSync(join(ROOT, 'bench.json'), `${JSON.stringify({ environment, results, limits }, undefined, 2)}\n`);
  const { node, cores, date, loadAverage } = environment;
  console.log(`Node ${node}, ${cores} cores with load ${loadAverage ?? 0}, ${date}\n\n${tableOf(results)}\n`);
  console.log(`A stack over a limit fails:\n${limits.map((said) => `  ${said}`).join('\n')}`);
}

main();
