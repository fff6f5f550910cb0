import type { Problems } from '../../core/errors';
import { sizeForJob, type StorageContext } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { withoutAnswered } from '../../core/planning/training-findings';
import { isUnknown } from '../../terraform/tokens';
import { plannedMachine } from '../machine/planned-machine';
import { type SizedProps, storageContext, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';

/** A training cluster whose open sizes are settled. */
export interface SizedCluster {
  readonly props: SizedProps;
  /** What its file system is made for. */
  readonly context: StorageContext;
  /** @default - there is no job, or it contradicts itself so that nothing can be planned */
  readonly plan?: TrainingPlan;
}

/** Sizes what a job leaves open, and adds what contradicts it. Without a job all is as it was given. */
export function sizeCluster(problems: Problems, props: TrainingClusterProps): SizedCluster {
  const { job, machine, capacity, resourceGroup, prices, pricesAsOf } = props;
  if (!job) return asGiven(props);
  const { storage } = withDefaults(props);
  const { location } = resourceGroup;
  const sized = sizeForJob(problems, {
    job,
    machine: plannedMachine(machine),
    // A reservation is billed as on demand, used or not.
    market: capacity?.isElastic ? 'spot' : 'on-demand',
    region: isUnknown(location) ? undefined : location,
    prices,
    pricesAsOf,
    nodes: props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!sized) return asGiven(props);
  const plan = withoutAnswered(sized.plan, storage);
  return { plan, context: sized.context, props: { ...props, nodes: sized.nodes } };
}

function asGiven(props: TrainingClusterProps): SizedCluster {
  const whole = { ...props, nodes: props.nodes ?? 1 };
  return { props: whole, context: storageContext(whole) };
}
