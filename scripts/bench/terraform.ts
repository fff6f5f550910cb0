import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TerraformCloud, terraformRowOf, titleOf } from '../clouds';
import { program, ROOT } from './build';
import { byHandText, type StackJson } from './terraform-by-hand-text';
import { interleave, measure, type Sample } from './processes';
import { type Goal, row, type Row } from './rows';
import { growthExponent } from './statistics';

const DIST = join(ROOT, 'dist');
const SIZES = [1, 10, 25, 50] as const;
const MAX_EXPONENT = 1.1;
const MAX_MARGINAL_RATIO = 1.5;

const within = (ratio: number): Goal => ({
  text: `<= ${ratio}x`,
  holds: (value, baseline) => value <= ratio * baseline,
});

/** Cost of the constructs of a cloud: import, comparison with hand-written resources, and growth. */
export function terraformRows(cloud: TerraformCloud, rounds: number, few: number): Row[] {
  return [...importRows(cloud, rounds), ...platformRows(cloud, rounds), ...growthRows(cloud, few)];
}

function importRows(cloud: TerraformCloud, rounds: number): Row[] {
  const { provider } = terraformRowOf(cloud);
  const needed = measure({ program: 'trace-terraform', args: [DIST, cloud, provider.name] }) as string[];
  const entry = join(DIST, cloud, 'index.js');
  const load = (...args: string[]) => ({ program: 'probe-import', args });
  const { required, all, deep } = interleave<'required' | 'all' | 'deep', 'ms' | 'cpu' | 'megabytes' | 'modules'>(
    rounds,
    { required: load(entry), all: { program: 'probe-terraform-import', args: [entry] }, deep: load(...needed) },
  );
  const read = `import ./${cloud} and read every export`;
  const compared = `${read}, compared with the deep imports that it needs`;
  return [
    row(`require ./${cloud}`, 'ms', required.ms),
    row(compared, 'ms', all.ms, deep.ms, within(1.2)),
    row(`${compared}, processor`, 'ms', all.cpu, deep.cpu, within(1.2)),
    row(`${compared}: resident memory`, 'MB', all.megabytes, deep.megabytes, within(1.2)),
    row(`${read}: modules`, 'files', all.modules, deep.modules),
  ];
}

type Cost =
  'construct' | 'synth' | 'both' | 'cpuOfBoth' | 'cpuOfConstruct' | 'cpuOfSynth' | 'cpuOfWhole' | 'megabytes' | 'bytes';

function platformRows(cloud: TerraformCloud, rounds: number): Row[] {
  const [byLibrary, hand] = [`./${cloud}-by-library`, `${cloud}-by-hand`];
  const stack = measure({ program: 'dump-terraform', args: [byLibrary] }) as StackJson;
  writeFileSync(program(hand), byHandText(stack));
  assertSame(stack, measure({ program: 'dump-terraform', args: [`./${hand}`] }) as StackJson);
  const probe = (written: string) => ({ program: 'probe-terraform', args: [written] });
  const { library, byHand } = interleave<'library' | 'byHand', Cost>(rounds, {
    library: probe(byLibrary),
    byHand: probe(`./${hand}`),
  });
  const compare = (name: string, unit: string, key: Cost, goal?: Goal) =>
    row(`${titleOf(cloud)} platform, ${name}`, unit, library[key], byHand[key], goal);
  return [
    compare('construct, processor', 'ms', 'cpuOfConstruct'),
    compare('synth, processor', 'ms', 'cpuOfSynth'),
    compare('construct + synth', 'ms', 'both', within(1.05)),
    compare('construct + synth, processor', 'ms', 'cpuOfBoth', within(1.05)),
    compare('import + construct + synth, processor', 'ms', 'cpuOfWhole', within(1.05)),
    compare('peak memory', 'MB', 'megabytes'),
    compare('cdk.tf.json', 'bytes', 'bytes'),
  ];
}

/** Checks that both stacks are equal except for construct paths. Otherwise the comparison would prove nothing. */
function assertSame(library: StackJson, byHand: StackJson): void {
  const of = ({ provider, data, resource }: StackJson) => JSON.stringify({ provider, data, resource }, sorted);
  if (of(library) === of(byHand)) return;
  const types = Object.keys(library.resource).filter(
    (type) => JSON.stringify(library.resource[type], sorted) !== JSON.stringify(byHand.resource[type], sorted),
  );
  throw new Error(`The stack by hand holds something else than that of the library: ${types.join(', ')}`);
}

function sorted(key: string, value: unknown): unknown {
  if (key === '//') return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function growthRows(cloud: TerraformCloud, rounds: number): Row[] {
  const runs = SIZES.map((n) => [`${n}`, { program: `probe-${cloud}-growth`, args: [`${n}`] }] as const);
  const samples = interleave<string, 'ms' | 'cpu' | 'megabytes'>(rounds, Object.fromEntries(runs));
  const at = (n: (typeof SIZES)[number]): Sample<'ms' | 'cpu' | 'megabytes'> => samples[`${n}`]!;
  const added = (from: (typeof SIZES)[number], to: (typeof SIZES)[number]) => (at(to).cpu - at(from).cpu) / (to - from);
  const exponent = growthExponent(SIZES.map((n) => ({ n, cost: at(n).cpu })));
  return [
    ...SIZES.map((n) => row(`${titleOf(cloud)} cluster with ${n} groups, processor`, 'ms', at(n).cpu)),
    row('… each additional one, 25 to 50 compared with 10 to 25, processor', 'ms', added(25, 50), added(10, 25), {
      text: `<= ${MAX_MARGINAL_RATIO}x`,
      holds: (late, early) => late <= MAX_MARGINAL_RATIO * early,
    }),
    row('… exponent of processor time', '', exponent, undefined, {
      text: `<= ${MAX_EXPONENT}`,
      holds: (value) => value <= MAX_EXPONENT,
    }),
    row('… memory of each additional one', 'MB', (at(50).megabytes - at(1).megabytes) / 49),
  ];
}
