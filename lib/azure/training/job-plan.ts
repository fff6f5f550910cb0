import type { ProblemCollector } from '../../core/errors';
import { sizeForJob, type StorageContext } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { withoutAnsweredFindings } from '../../core/planning/training-findings';
import { isUnknown } from '../../terraform/tokens';
import { plannedMachine } from '../machine/planned-machine';
import { type ResolvedProps, storageContext, withDefaults } from './training-cluster-options';
import type { TrainingClusterProps } from './training-cluster-props';

/** A training cluster with resolved sizes. */
export interface ResolvedCluster {
  /** Props with a known number of nodes. */
  readonly props: ResolvedProps;
  /** What its file system is sized for. */
  readonly context: StorageContext;
  /** Plan of the job. @default - there is no job, or it is too contradictory to plan */
  readonly plan?: TrainingPlan;
}

/** Sizes the open settings for the job, and adds each contradiction. Returns the props unchanged without a job. */
export function sizeCluster(problems: ProblemCollector, props: TrainingClusterProps): ResolvedCluster {
  const { job, machine, capacity, resourceGroup, prices } = props;
  if (!job) return withoutSizing(props);
  const { storage } = withDefaults(props);
  const { location } = resourceGroup;
  const resolved = sizeForJob(problems, {
    job,
    machine: plannedMachine(machine),
    // A reservation is billed at the on-demand price, used or not.
    market: capacity?.isElastic ? 'spot' : 'on-demand',
    region: isUnknown(location) ? undefined : location,
    prices,
    nodes: props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!resolved) return withoutSizing(props);
  const plan = withoutAnsweredFindings(resolved.plan, storage);
  return { plan, context: resolved.context, props: { ...props, nodes: resolved.nodes } };
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const resolved = { ...props, nodes: props.nodes ?? 1 };
  return { props: resolved, context: storageContext(resolved) };
}
