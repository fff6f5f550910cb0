import type * as Machines from '../catalog/machines';
import type * as Prices from '../catalog/price-of';
import type * as Checkpoints from './checkpoint';
import type * as Costs from './cost';
import type * as Candidates from './options-training';
import type * as Storage from './plan-storage';
import type * as Training from './plan-training';

/** What plans a training job. */
export interface TrainingPlanner
  extends
    Pick<typeof Machines, 'allMachines'>,
    Pick<typeof Training, 'planTraining'>,
    Pick<typeof Candidates, 'trainingCandidates'>,
    Pick<typeof Storage, 'storageOf'>,
    Pick<typeof Checkpoints, 'writeBandwidthFor'>,
    Pick<typeof Costs, 'monthlyCost'> {
  /** The day of the newest price of the table, `2026-08-03`. */
  readonly pricesDay: string;
}

/** The planner. It is loaded where a job is declared, and nowhere else: its tables take longer to load than a cluster takes to make. */
export function trainingPlanner(): TrainingPlanner {
  const { planTraining } = require('./plan-training') as typeof Training;
  const { trainingCandidates } = require('./options-training') as typeof Candidates;
  const { allMachines } = require('../catalog/machines') as typeof Machines;
  const { storageOf } = require('./plan-storage') as typeof Storage;
  const { writeBandwidthFor } = require('./checkpoint') as typeof Checkpoints;
  const { monthlyCost } = require('./cost') as typeof Costs;
  const { newestPriceDay } = require('../catalog/price-of') as typeof Prices;
  return {
    allMachines,
    planTraining,
    trainingCandidates,
    storageOf,
    writeBandwidthFor,
    monthlyCost,
    pricesDay: newestPriceDay(),
  };
}
