import { interleave } from './processes';
import { type Goal, row, type Row } from './rows';

const MAX_MS = 50;
const MIN_RESOURCES = 300;

const GOAL: Goal = { text: `< ${MAX_MS} ms`, holds: (ms) => ms < MAX_MS };

/** Cost of `architectureOf` for a template with 300 resources, and of its text. */
export function architectureRows(rounds: number): Row[] {
  const { described } = interleave<'described', 'ms' | 'cpu' | 'again' | 'resources' | 'lines' | 'jsonLines'>(rounds, {
    described: { program: 'probe-architecture' },
  });
  const { ms, cpu, again, resources, lines, jsonLines } = described;
  if (resources < MIN_RESOURCES)
    throw new Error(`The described stack has ${resources} resources, not ${MIN_RESOURCES}`);
  return [
    row(`architecture of ${resources} resources, first in a process`, 'ms', ms, undefined, GOAL),
    row(`architecture of ${resources} resources, first in a process, processor`, 'ms', cpu, undefined, GOAL),
    row(`architecture of ${resources} resources, again`, 'ms', again),
    row('architecture as text, compared with the template as JSON', 'lines', lines, jsonLines),
  ];
}
