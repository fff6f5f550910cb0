import type { Prices } from './catalog/own-prices';
import type { IConstruct } from 'constructs';
import type { ServingPlan } from './planning/plan-serving-result';
import type { TrainingPlan } from './planning/plan-training-result';
import type { ServingLoad } from './workload/serving-load';
import type { TrainingJob } from './workload/training-job';

/** A plan and its inputs. */
export interface PlannedWorkload {
  /** The plan. */
  readonly plan: TrainingPlan | ServingPlan;
  /** The planned workload. @default - unknown, so the report shows no alternative machines */
  readonly workload?: TrainingJob | ServingLoad;
  /** Your own prices, and the day that their age is counted from. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** A construct and its plan. */
export interface ConstructPlan extends PlannedWorkload {
  readonly construct: IConstruct;
}

const RECORDED = Symbol.for('ai-infra-constructs.PlannedWorkload');

/** Attaches a plan to its construct, on any cloud. `plansIn` finds it at synthesis. */
export function keepPlan(construct: IConstruct, workload: PlannedWorkload): void {
  Object.defineProperty(construct, RECORDED, { value: workload });
}

/** Returns the plans of a construct and of all constructs below it, in tree order. Parts with their own report are left out. */
export function plansIn(construct: IConstruct, hasOwnReport: (part: IConstruct) => boolean): ConstructPlan[] {
  const own = RECORDED in construct ? [{ construct, ...(construct[RECORDED] as PlannedWorkload) }] : [];
  const below = construct.node.children.filter((child) => !hasOwnReport(child));
  return [...own, ...below.flatMap((child) => plansIn(child, hasOwnReport))];
}
