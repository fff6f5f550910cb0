import { measure, interleave, type Sample } from './processes';
import { type Goal, row, type Row } from './rows';

/** Two programs that make the same resources. */
interface Pair {
  readonly title: string;
  readonly library: string;
  readonly byHand: string;
}

const PLATFORM: Pair = { title: 'reference platform', library: './training-by-library', byHand: './training-by-hand' };
const ENDPOINT: Pair = { title: 'inference endpoint', library: './endpoint-by-library', byHand: './endpoint-by-hand' };

const MAX_RATIO = 1.05;

const GOAL: Goal = {
  text: `<= ${MAX_RATIO}x`,
  holds: (value, baseline) => value <= MAX_RATIO * baseline,
};

type Cost =
  'load' | 'construct' | 'synth' | 'both' | 'cpuOfBoth' | 'whole' | 'cpuOfWhole' | 'megabytes' | 'templateBytes';

/** Cost of the reference platform, compared with the same resources written by hand. */
export function platformRows(rounds: number, roundsWithValidation: number, literals: string): Row[] {
  return rowsOf(PLATFORM, rounds, roundsWithValidation, literals);
}

/** Cost of an inference endpoint, compared with the same resources written by hand. */
export function endpointRows(rounds: number, roundsWithValidation: number, literals: string): Row[] {
  return rowsOf(ENDPOINT, rounds, roundsWithValidation, literals, GOAL);
}

function rowsOf(pair: Pair, rounds: number, roundsWithValidation: number, literals: string, goalOfAll?: Goal): Row[] {
  assertSameResources(pair, literals);
  const cost = costs(pair, rounds, literals, false);
  const validated = costs(pair, roundsWithValidation, literals, true);
  const compare = ({ library, byHand }: typeof cost, name: string, unit: string, key: Cost, goal?: Goal) =>
    row(`${pair.title}, ${name}`, unit, library[key], byHand[key], goal);
  return [
    compare(cost, 'construct', 'ms', 'construct'),
    compare(cost, 'synth', 'ms', 'synth'),
    compare(cost, 'construct + synth', 'ms', 'both', GOAL),
    compare(cost, 'construct + synth, processor', 'ms', 'cpuOfBoth', GOAL),
    compare(cost, 'import + construct + synth', 'ms', 'whole', goalOfAll),
    compare(cost, 'import + construct + synth, processor', 'ms', 'cpuOfWhole', goalOfAll),
    compare(cost, 'peak memory', 'MB', 'megabytes'),
    compare(cost, 'template', 'bytes', 'templateBytes'),
    compare(validated, 'construct + synth, with validation', 'ms', 'both', GOAL),
    compare(validated, 'construct + synth, with validation, processor', 'ms', 'cpuOfBoth', GOAL),
  ];
}

function costs(
  { library, byHand }: Pair,
  rounds: number,
  literals: string,
  validation: boolean,
): Record<'library' | 'byHand', Sample<Cost>> {
  const probe = (written: string) => ({ program: 'probe-platform', args: [written, literals], validation });
  return interleave(rounds, { library: probe(library), byHand: probe(byHand) });
}

/** Checks that both programs create the same resources. Otherwise the comparison would prove nothing. */
function assertSameResources({ title, ...pair }: Pair, literals: string): void {
  const count = (written: string) =>
    measure({ program: 'dump-types', args: [written, literals] }) as Readonly<Record<string, number>>;
  const [library, byHand] = [count(pair.library), count(pair.byHand)];
  const differing = [...new Set([...Object.keys(library), ...Object.keys(byHand)])]
    .filter((type) => library[type] !== byHand[type])
    .map((type) => `  ${type}: ${library[type] ?? 0} by the library, ${byHand[type] ?? 0} by hand`);
  if (differing.length === 0) return;
  throw new Error(
    `The hand-written stack has other resources than the ${title}:\n${differing.join('\n')}\nUpdate scripts/bench/by-hand/.`,
  );
}
