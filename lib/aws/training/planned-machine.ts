import type { AwsMachineRow } from '../../core/catalog/aws-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { ProblemCollector } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';

/**
 * Converts a machine to the type of the planner, with the fabric in use. Adds a problem for a custom chip, because a plan needs the chip
 * tables of the library.
 */
export function plannedMachine(
  problems: ProblemCollector,
  { machine, interconnect }: Pick<EfaNodeGroupOptions, 'machine' | 'interconnect'>,
  workload: keyof typeof WORKLOADS = 'job',
): Machine | undefined {
  const { name, spec } = machine;
  if (isOfTable(spec)) {
    const { ofAws } = require('../../core/catalog/machines') as typeof Machines;
    return { ...ofAws(name, spec), ...(interconnect && wired(spec, interconnect.efaCards(machine).length)) };
  }
  problems.add({
    code: 'ChipUnplanned',
    prop: workload,
    allowed: `left out for ${name}, because the planner does not support a custom chip`,
    ...WORKLOADS[workload],
  });
  return undefined;
}

/** The workloads that a plan supports. */
const WORKLOADS = {
  job: { got: 'a TrainingJob', fix: 'Remove job, and set nodes and storage.' },
  load: { got: 'a ServingLoad', fix: 'Remove load, and set acceleratorsPerReplica and scaling.' },
} as const;

/** The bandwidth of the cards with EFA. Without EFA, only the first card carries traffic, and there is no RDMA. */
function wired({ networkGbps, cards }: AwsMachineRow, efaCards: number): Pick<Machine, 'rdma' | 'fabricGbps'> {
  const all = cards.filter(({ efa }) => efa).length;
  if (efaCards === 0) return { rdma: false, fabricGbps: networkGbps / Math.max(1, cards.length) };
  return { rdma: true, fabricGbps: (networkGbps * efaCards) / Math.max(efaCards, all) };
}

function isOfTable(spec: AwsMachine['spec']): spec is AwsMachineRow {
  return typeof spec.chip === 'string';
}
