import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { AzureMachine } from './machine';

/** A machine in the words of the planner, which is loaded only where a job is planned. */
export function plannedMachine({ name, spec }: AzureMachine): Machine {
  const { ofAzure } = require('../../core/catalog/machines') as typeof Machines;
  return ofAzure(name, spec);
}
