import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, ROOT } from './build';
import { byHandText, type StackJson } from './google-by-hand-text';
import { interleave, measure, type Sample } from './processes';
import { type Goal, row, type Row } from './rows';
import { growthExponent } from './statistics';

const DIST = join(ROOT, 'dist');
const SIZES = [1, 10, 25, 50] as const;
const MOST_EXPONENT = 1.1;
const MOST_MARGINAL_RATIO = 1.5;

const within = (ratio: number): Goal => ({
  text: `<= ${ratio}x`,
  holds: (value, baseline) => value <= ratio * baseline,
});

/** What the constructs of Google cost: to import, beside the same resources by hand, and as they grow. */
export function googleRows(rounds: number, few: number): Row[] {
  return [...importRows(rounds), ...platformRows(rounds), ...growthRows(few)];
}

function importRows(rounds: number): Row[] {
  const needed = measure({ program: 'trace-google', args: [DIST] }) as string[];
  const entry = join(DIST, 'google/index.js');
  const load = (...args: string[]) => ({ program: 'probe-import', args });
  const { required, google, deep } = interleave<'required' | 'google' | 'deep', 'ms' | 'cpu' | 'megabytes' | 'modules'>(
    rounds,
    { required: load(entry), google: { program: 'probe-google-import', args: [entry] }, deep: load(...needed) },
  );
  const beside = 'import ./google and read every export, beside the deep imports that it needs';
  return [
    row('require ./google', 'ms', required.ms),
    row(beside, 'ms', google.ms, deep.ms, within(1.2)),
    row(`${beside}, processor`, 'ms', google.cpu, deep.cpu, within(1.2)),
    row(`${beside}: resident memory`, 'MB', google.megabytes, deep.megabytes, within(1.2)),
    row('import ./google and read every export: modules', 'files', google.modules, deep.modules),
  ];
}

type Cost =
  'construct' | 'synth' | 'both' | 'cpuOfBoth' | 'cpuOfConstruct' | 'cpuOfSynth' | 'cpuOfWhole' | 'megabytes' | 'bytes';

function platformRows(rounds: number): Row[] {
  const byLibrary = './google-by-library';
  const stack = measure({ program: 'dump-google', args: [byLibrary] }) as StackJson;
  writeFileSync(program('google-by-hand'), byHandText(stack));
  assertSame(stack, measure({ program: 'dump-google', args: ['./google-by-hand'] }) as StackJson);
  const probe = (written: string) => ({ program: 'probe-google', args: [written] });
  const { library, byHand } = interleave<'library' | 'byHand', Cost>(rounds, {
    library: probe(byLibrary),
    byHand: probe('./google-by-hand'),
  });
  const compare = (name: string, unit: string, key: Cost, goal?: Goal) =>
    row(`Google platform, ${name}`, unit, library[key], byHand[key], goal);
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

/** A comparison of different things would prove nothing: but for paths of constructs, both stacks hold the same. */
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

function growthRows(rounds: number): Row[] {
  const runs = SIZES.map((n) => [`${n}`, { program: 'probe-google-growth', args: [`${n}`] }] as const);
  const samples = interleave<string, 'ms' | 'cpu' | 'megabytes'>(rounds, Object.fromEntries(runs));
  const at = (n: (typeof SIZES)[number]): Sample<'ms' | 'cpu' | 'megabytes'> => samples[`${n}`]!;
  const added = (from: (typeof SIZES)[number], to: (typeof SIZES)[number]) => (at(to).cpu - at(from).cpu) / (to - from);
  const exponent = growthExponent(SIZES.map((n) => ({ n, cost: at(n).cpu })));
  return [
    ...SIZES.map((n) => row(`Google cluster with ${n} groups, processor`, 'ms', at(n).cpu)),
    row('… each further one, 25 to 50 beside 10 to 25, processor', 'ms', added(25, 50), added(10, 25), {
      text: `<= ${MOST_MARGINAL_RATIO}x`,
      holds: (late, early) => late <= MOST_MARGINAL_RATIO * early,
    }),
    row('… exponent of processor time', '', exponent, undefined, {
      text: `<= ${MOST_EXPONENT}`,
      holds: (value) => value <= MOST_EXPONENT,
    }),
    row('… memory of each further one', 'MB', (at(50).megabytes - at(1).megabytes) / 49),
  ];
}
