import type * as Machines from '../catalog/machines';
import type * as Checkpoints from './checkpoint';
import type * as Costs from './cost';
import type * as Candidates from './options-training';
import type * as Storage from './plan-storage';
import type * as Training from './plan-training';

/** The functions that plan a training job. */
export interface TrainingPlanner
  extends
    Pick<typeof Machines, 'allMachines'>,
    Pick<typeof Training, 'planTraining'>,
    Pick<typeof Candidates, 'trainingCandidates'>,
    Pick<typeof Storage, 'storageOf'>,
    Pick<typeof Checkpoints, 'writeBandwidthFor'>,
    Pick<typeof Costs, 'monthlyCost'> {}

/** Loads the planner. Call it only if a job is declared: its tables take longer to load than a cluster takes to synthesize. */
export function trainingPlanner(): TrainingPlanner {
  const { planTraining } = require('./plan-training') as typeof Training;
  const { trainingCandidates } = require('./options-training') as typeof Candidates;
  const { allMachines } = require('../catalog/machines') as typeof Machines;
  const { storageOf } = require('./plan-storage') as typeof Storage;
  const { writeBandwidthFor } = require('./checkpoint') as typeof Checkpoints;
  const { monthlyCost } = require('./cost') as typeof Costs;
  return { allMachines, planTraining, trainingCandidates, storageOf, writeBandwidthFor, monthlyCost };
}
