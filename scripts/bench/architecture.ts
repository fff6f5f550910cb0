import { interleave } from './processes';
import { type Goal, row, type Row } from './rows';

const MOST_MS = 50;
const LEAST_RESOURCES = 300;

const GOAL: Goal = { text: `< ${MOST_MS} ms`, holds: (ms) => ms < MOST_MS };

/** What `architectureOf` takes for a template of 300 resources and its text. */
export function architectureRows(rounds: number): Row[] {
  const { described } = interleave<'described', 'ms' | 'cpu' | 'again' | 'resources' | 'lines' | 'jsonLines'>(rounds, {
    described: { program: 'probe-architecture' },
  });
  const { ms, cpu, again, resources, lines, jsonLines } = described;
  if (resources < LEAST_RESOURCES)
    throw new Error(`The described stack has ${resources} resources, not ${LEAST_RESOURCES}`);
  return [
    row(`architecture of ${resources} resources, first in a process`, 'ms', ms, undefined, GOAL),
    row(`architecture of ${resources} resources, first in a process, processor`, 'ms', cpu, undefined, GOAL),
    row(`architecture of ${resources} resources, again`, 'ms', again),
    row('architecture as text, beside the template as JSON', 'lines', lines, jsonLines),
  ];
}
