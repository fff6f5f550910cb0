import type { Machine } from '../core/catalog/machines';
import { Prices } from '../core/catalog/own-prices';
import { pricedRegions } from '../core/catalog/price-of';
import type { PriceOverride } from '../core/catalog/price-override';
import { planServing, type ServingPlanProps } from '../core/planning/plan-serving';
import type { ServingPlan } from '../core/planning/plan-serving-result';
import { planTraining, type TrainingPlanProps } from '../core/planning/plan-training';
import type { TrainingPlan } from '../core/planning/plan-training-result';
import type { ServingLoad } from '../core/workload/serving-load';
import { TrainingJob } from '../core/workload/training-job';
import { today } from './options';
import { UsageError } from './usage-error';

type Values = Readonly<Record<string, unknown>>;

/** Plans a workload on a machine. */
export function planOn(machine: Machine, workload: TrainingJob | ServingLoad, on: Values): TrainingPlan | ServingPlan {
  const { nodes, replicas, acceleratorsPerReplica, market, region, storage, prices, asOf = today() } = on;
  const priced = Prices.of((prices ?? []) as PriceOverride[], { asOf: asOf as string });
  const shared = defined({ machine, market, region, storage, prices: priced });
  if (workload instanceof TrainingJob) {
    if (nodes === undefined) throw new UsageError('nodes: set the number of machines that train together with --nodes');
    return planTraining({ ...shared, job: workload, nodes } as unknown as TrainingPlanProps);
  }
  return planServing({
    ...shared,
    load: workload,
    ...defined({ replicas, acceleratorsPerReplica }),
  } as unknown as ServingPlanProps);
}

/** Returns a note with the region that was used by default, and the other regions. */
export function regionNote({ cloud, name }: Machine, { cluster: { region } }: TrainingPlan | ServingPlan): string {
  const others = pricedRegions(cloud, name).filter((one) => one !== region);
  if (region === undefined || others.length === 0) return '';
  return `Prices are for ${region}, because no region was set. --region also supports ${others.join(', ')}.\n`;
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
