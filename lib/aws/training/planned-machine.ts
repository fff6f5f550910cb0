import type { AwsMachineRow } from '../../core/catalog/aws-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { Problems } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';

/**
 * A machine in the words of the planner, with the fabric that is wired; a problem where its chip is described by hand, since a plan
 * rests on tables of chips.
 */
export function plannedMachine(
  problems: Problems,
  { machine, interconnect }: Pick<EfaNodeGroupOptions, 'machine' | 'interconnect'>,
  asked: keyof typeof ASKED = 'job',
): Machine | undefined {
  const { name, spec } = machine;
  if (isOfTable(spec)) {
    const { ofAws } = require('../../core/catalog/machines') as typeof Machines;
    return { ...ofAws(name, spec), ...(interconnect && wired(spec, interconnect.efaCards(machine).length)) };
  }
  problems.add({
    code: 'ChipUnplanned',
    prop: asked,
    allowed: `left out for ${name}, whose chip is described by hand: nothing can be planned for it`,
    ...ASKED[asked],
  });
  return undefined;
}

/** The work that a plan may be asked for. */
const ASKED = {
  job: { got: 'a TrainingJob', fix: 'Leave job out, and state nodes and storage.' },
  load: { got: 'a ServingLoad', fix: 'Leave load out, and state what a replica takes and how many there are.' },
} as const;

/** Some cards give their share of the bandwidth; without EFA the first card alone carries the traffic, and there is no RDMA. */
function wired({ networkGbps, cards }: AwsMachineRow, efaCards: number): Pick<Machine, 'rdma' | 'fabricGbps'> {
  const all = cards.filter(({ efa }) => efa).length;
  if (efaCards === 0) return { rdma: false, fabricGbps: networkGbps / Math.max(1, cards.length) };
  return { rdma: true, fabricGbps: (networkGbps * efaCards) / Math.max(efaCards, all) };
}

function isOfTable(spec: AwsMachine['spec']): spec is AwsMachineRow {
  return typeof spec.chip === 'string';
}
