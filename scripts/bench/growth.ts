import { interleave, type Sample } from './processes';
import { row, type Row } from './rows';
import { growthExponent } from './statistics';

const SIZES = [1, 10, 25, 50] as const;
const MOST_EXPONENT = 1.1;
// A quadratic part alone would give 2.1; a full garbage collection in one of the two, some 1.3.
const MOST_MARGINAL_RATIO = 1.5;
const MOST_RESOURCES = 500;
const MOST_TEMPLATE_BYTES = 1_000_000;

type Cost = 'ms' | 'cpu' | 'megabytes' | 'resources' | 'templateBytes';

/** What many clusters cost, each in a stack of its own, by who installs the software on them. */
export function growthRows(rounds: number): Row[] {
  return ['gitOps', 'inCluster'].flatMap((installation) => {
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
      name('each further one, 25 to 50 beside 10 to 25, processor'),
      'ms',
      added('cpu', 25, 50),
      added('cpu', 10, 25),
      {
        text: `<= ${MOST_MARGINAL_RATIO}x`,
        holds: (late, early) => late <= MOST_MARGINAL_RATIO * early,
      },
    ),
    row(name('exponent of processor time'), '', exponent, undefined, {
      text: `<= ${MOST_EXPONENT}`,
      holds: (value) => value <= MOST_EXPONENT,
    }),
    row(name('memory of each further one'), 'MB', added('megabytes', 1, 50)),
    row(name('largest stack'), 'resources', at(50).resources, MOST_RESOURCES, {
      text: `<= ${MOST_RESOURCES}`,
      holds: (value) => value <= MOST_RESOURCES,
    }),
    row(name('largest template'), 'bytes', at(50).templateBytes, MOST_TEMPLATE_BYTES, {
      text: `<= ${MOST_TEMPLATE_BYTES}`,
      holds: (value) => value <= MOST_TEMPLATE_BYTES,
    }),
  ];
}
