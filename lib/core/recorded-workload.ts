import type { IConstruct } from 'constructs';
import type { PriceOverride } from './catalog/price-override';
import type { ServingPlan } from './planning/plan-serving-result';
import type { TrainingPlan } from './planning/plan-training-result';
import type { ServingLoad } from './workload/serving-load';
import type { TrainingJob } from './workload/training-job';

/** A plan, and what it was made from. */
export interface PlannedWorkload {
  readonly plan: TrainingPlan | ServingPlan;
  /** What was planned. @default - unknown, and no other machines are shown */
  readonly workload?: TrainingJob | ServingLoad;
  /** Prices of the user's own, which come before the table. @default - none */
  readonly prices?: readonly PriceOverride[];
}

/** A construct and its plan. */
export interface ConstructPlan extends PlannedWorkload {
  readonly construct: IConstruct;
}

const RECORDED = Symbol.for('ai-infra-constructs.PlannedWorkload');

/** Keeps the plan of a construct with it, whatever cloud it is of: whoever synthesizes the tree finds it by `plansIn`. */
export function keepPlan(construct: IConstruct, workload: PlannedWorkload): void {
  Object.defineProperty(construct, RECORDED, { value: workload });
}

/** The plans of a construct and below it, in tree order, but for what lies in a part with a report of its own. */
export function plansIn(construct: IConstruct, hasOwnReport: (part: IConstruct) => boolean): ConstructPlan[] {
  const own = RECORDED in construct ? [{ construct, ...(construct[RECORDED] as PlannedWorkload) }] : [];
  const below = construct.node.children.filter((child) => !hasOwnReport(child));
  return [...own, ...below.flatMap((child) => plansIn(child, hasOwnReport))];
}
