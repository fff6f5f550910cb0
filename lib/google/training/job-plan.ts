import { ProblemCollector } from '../../core/errors';
import { sizeForJob, type StorageContext } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import { withoutAnsweredFindings } from '../../core/planning/training-findings';
import type { TrainingClusterProps } from './training-cluster-props';
import { nodesOfGroup, type ResolvedProps, storageContext, withDefaults } from './training-cluster-options';

/** A training cluster with resolved sizes. */
export interface ResolvedCluster {
  readonly props: ResolvedProps;
  /** The input for the size of its file system. */
  readonly context: StorageContext;
  /** The plan of the job. @default - there is no job, or it cannot be planned */
  readonly plan?: TrainingPlan;
}

/** Sizes the settings that a job leaves open, and adds each problem of the job. Without a job, the props stay unchanged. */
export function sizeCluster(problems: ProblemCollector, props: TrainingClusterProps): ResolvedCluster {
  const { job, machine, capacity, zone, prices } = props;
  const slice = sliceOf(props);
  if (!job || (machine.isTpu && !slice)) return withoutSizing(props);
  const { storage } = withDefaults(props);
  const sized = sizeForJob(problems, {
    job,
    // ICI connects the chips of a slice. The data center network connects the slices.
    machine: { ...plannedMachine(machine), ...(slice && { scaleUpDomain: slice.chips }) },
    market: priceMarket(capacity),
    region: regionOf(zone),
    prices,
    nodes: machine.isTpu ? nodesOfGroup({ ...props, nodes: props.nodes ?? 1 }) : props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!sized) return withoutSizing(props);
  const plan = withoutAnsweredFindings(sized.plan, storage);
  return {
    plan,
    context: sized.context,
    props: machine.isTpu ? withoutSizing(props).props : { ...props, nodes: sized.nodes },
  };
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const whole = { ...props, nodes: props.nodes ?? sliceOf(props)?.nodes ?? 1 };
  return { props: whole, context: storageContext(whole) };
}

/** The slice of the main group. @default - it has GPUs, or its machine does not support the topology */
function sliceOf({ machine, topology }: TrainingClusterProps): TpuSlice | undefined {
  return machine.isTpu ? tpuSlice(new ProblemCollector(), machine, topology) : undefined;
}
