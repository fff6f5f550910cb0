import { interleave } from './processes';
import { row, type Row } from './rows';

const MAX_MS = 10;
const MAX_MB = 20;

/** Cost of ranking every machine and market of all clouds for one workload, in a warm process and in a new one. */
export function optionsRows(rounds: number): Row[] {
  const run = (workload: string) => ({ program: 'probe-options', args: [workload] });
  const cost = interleave<'training' | 'serving', 'ms' | 'cpu' | 'first' | 'heapMB' | 'options' | 'refused'>(rounds, {
    training: run('training'),
    serving: run('serving'),
  });
  const time = { text: `< ${MAX_MS} ms`, holds: (value: number) => value < MAX_MS };
  const memory = { text: `< ${MAX_MB} MB`, holds: (value: number) => value < MAX_MB };
  return (['training', 'serving'] as const).flatMap((workload) => [
    row(`options of ${workload} over all machines and markets`, 'ms', cost[workload].ms, undefined, time),
    row('… processor', 'ms', cost[workload].cpu, undefined, time),
    row('… the first time in a process', 'ms', cost[workload].first),
    row('… memory without the tables', 'MB', cost[workload].heapMB, undefined, memory),
    row('… options', '', cost[workload].options),
    row('… machines refused', '', cost[workload].refused),
  ]);
}
