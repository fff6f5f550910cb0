import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { AzureMachine } from './machine';

/** Converts a machine for the planner, which is loaded only if a job is planned. */
export function plannedMachine({ name, spec }: AzureMachine): Machine {
  const { ofAzure } = require('../../core/catalog/machines') as typeof Machines;
  return ofAzure(name, spec);
}
