import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { AlicloudMachine } from './machine';

/** A machine for the planner, whose tables are loaded only here. */
export function plannedMachine({ name, spec }: Pick<AlicloudMachine, 'name' | 'spec'>): Machine {
  const { ofAlicloud } = require('../../core/catalog/machines') as typeof Machines;
  return ofAlicloud(name, spec);
}
