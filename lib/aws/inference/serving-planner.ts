import { SAGEMAKER_PRICES } from '../../core/catalog/sagemaker-machines';
import { servingPlanner as plannerOfTables, type ServingPlanner } from '../../core/planning/serving-planner';

/** The planner of what SageMaker hosts, whose prices have a table of their own: its day counts too. */
export function servingPlanner(): ServingPlanner {
  const planner = plannerOfTables();
  return { ...planner, pricesDay: [planner.pricesDay, SAGEMAKER_PRICES.date].sort().at(-1)! };
}
