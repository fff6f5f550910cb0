import { Problems } from '../../core/errors';
import { sizeForJob, type StorageContext } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import { withoutAnswered } from '../../core/planning/training-findings';
import type { TrainingClusterProps } from './training-cluster-props';
import { nodesOfGroup, type SizedProps, storageContext, withDefaults } from './training-cluster-options';

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
  const { job, machine, capacity, zone, prices, pricesAsOf } = props;
  const slice = sliceOf(props);
  if (!job || (machine.isTpu && !slice)) return asGiven(props);
  const { storage } = withDefaults(props);
  const sized = sizeForJob(problems, {
    job,
    // ICI joins the chips of a slice, and the data-center network the slices.
    machine: { ...plannedMachine(machine), ...(slice && { scaleUpDomain: slice.chips }) },
    market: priceMarket(capacity),
    region: regionOf(zone),
    prices,
    pricesAsOf,
    nodes: machine.isTpu ? nodesOfGroup({ ...props, nodes: props.nodes ?? 1 }) : props.nodes,
    storage,
    contextOf: (nodes) => storageContext({ ...props, nodes }),
  });
  if (!sized) return asGiven(props);
  const plan = withoutAnswered(sized.plan, storage);
  return {
    plan,
    context: sized.context,
    props: machine.isTpu ? asGiven(props).props : { ...props, nodes: sized.nodes },
  };
}

function asGiven(props: TrainingClusterProps): SizedCluster {
  const whole = { ...props, nodes: props.nodes ?? sliceOf(props)?.nodes ?? 1 };
  return { props: whole, context: storageContext(whole) };
}

/** The slice of the first group; nothing where it has GPUs, or a topology that its machine does not form. */
function sliceOf({ machine, topology }: TrainingClusterProps): TpuSlice | undefined {
  return machine.isTpu ? tpuSlice(new Problems(), machine, topology) : undefined;
}
