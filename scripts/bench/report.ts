import { interleave } from './processes';
import { row, type Row } from './rows';

const MAX_MS = 200;

/**
 * Measures what plans and their report add to an app of three clusters: loading the planner, planning, alternatives, and three files.
 * Without a job, no module of planner and report may load.
 */
export function reportRows(rounds: number): Row[] {
  const run = (job: string) => ({ program: 'probe-report', args: [job] });
  const cost = interleave<'planned' | 'plain', 'ms' | 'cpu' | 'planner'>(rounds, {
    planned: run('with'),
    plain: run('without'),
  });
  const goal = {
    text: `< ${MAX_MS} ms more`,
    holds: (value: number, baseline: number) => value - baseline < MAX_MS,
  };
  return [
    row('three clusters with a job and a report, compared with none', 'ms', cost.planned.ms, cost.plain.ms, goal),
    row(
      'three clusters with a job and a report, compared with none, processor',
      'ms',
      cost.planned.cpu,
      cost.plain.cpu,
      goal,
    ),
    row('three clusters without a job: modules of planner and report', 'files', cost.plain.planner, undefined, {
      text: '0',
      holds: (files) => files === 0,
    }),
  ];
}
