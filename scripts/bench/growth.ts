import { interleave, type Sample } from './processes';
import { row, type Row } from './rows';
import { growthExponent } from './statistics';

const SIZES = [1, 10, 25, 50] as const;
const MAX_EXPONENT = 1.1;
// A purely quadratic cost would give 2.1. A full garbage collection in one of the two gives about 1.3.
const MAX_MARGINAL_RATIO = 1.5;
const MAX_RESOURCES = 500;
const MAX_TEMPLATE_BYTES = 1_000_000;

type Cost = 'ms' | 'cpu' | 'megabytes' | 'resources' | 'templateBytes';

/** Cost of many clusters, each in its own stack, by installation method. */
export function growthRows(rounds: number): Row[] {
  return ['gitOps', 'byDeployment'].flatMap((installation) => {
    const runs = SIZES.map((n) => [`${n}`, { program: 'probe-growth', args: [`${n}`, installation] }] as const);
    const samples = interleave<string, Cost>(rounds, Object.fromEntries(runs));
    return rowsOf(installation, (n) => samples[`${n}`]!);
  });
}

function rowsOf(installation: string, at: (n: (typeof SIZES)[number]) => Sample<Cost>): Row[] {
  const name = (what: string) => `clusters, ${installation}, ${what}`;
  const added = (cost: Cost, from: (typeof SIZES)[number], to: (typeof SIZES)[number]) =>
    (at(to)[cost] - at(from)[cost]) / (to - from);
  const exponent = growthExponent(SIZES.map((n) => ({ n, cost: at(n).cpu })));
  return [
    ...SIZES.map((n) => row(name(`${n} in an app`), 'ms', at(n).ms)),
    row(
      name('each additional one, 25 to 50 compared with 10 to 25, processor'),
      'ms',
      added('cpu', 25, 50),
      added('cpu', 10, 25),
      {
        text: `<= ${MAX_MARGINAL_RATIO}x`,
        holds: (late, early) => late <= MAX_MARGINAL_RATIO * early,
      },
    ),
    row(name('exponent of processor time'), '', exponent, undefined, {
      text: `<= ${MAX_EXPONENT}`,
      holds: (value) => value <= MAX_EXPONENT,
    }),
    row(name('memory of each additional one'), 'MB', added('megabytes', 1, 50)),
    row(name('largest stack'), 'resources', at(50).resources, MAX_RESOURCES, {
      text: `<= ${MAX_RESOURCES}`,
      holds: (value) => value <= MAX_RESOURCES,
    }),
    row(name('largest template'), 'bytes', at(50).templateBytes, MAX_TEMPLATE_BYTES, {
      text: `<= ${MAX_TEMPLATE_BYTES}`,
      holds: (value) => value <= MAX_TEMPLATE_BYTES,
    }),
  ];
}
