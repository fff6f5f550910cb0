import { interleave } from './processes';
import { row, type Row } from './rows';

const MOST_MS = 200;

/** What plans and their report add to an app of three clusters: loading the planner, planning, alternatives, and three files; and that without a job nothing of it is there. */
export function reportRows(rounds: number): Row[] {
  const run = (job: string) => ({ program: 'probe-report', args: [job] });
  const cost = interleave<'planned' | 'plain', 'ms' | 'cpu' | 'planner'>(rounds, {
    planned: run('with'),
    plain: run('without'),
  });
  const goal = {
    text: `< ${MOST_MS} ms beyond`,
    holds: (value: number, baseline: number) => value - baseline < MOST_MS,
  };
  return [
    row('three clusters with a job and a report, beside none', 'ms', cost.planned.ms, cost.plain.ms, goal),
    row('three clusters with a job and a report, beside none, processor', 'ms', cost.planned.cpu, cost.plain.cpu, goal),
    row('three clusters without a job: modules of planner and report', 'files', cost.plain.planner, undefined, {
      text: '0',
      holds: (files) => files === 0,
    }),
  ];
}
