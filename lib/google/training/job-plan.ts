import type { Machine } from '../../core/catalog/machines';
import { AiInfraError, Problems } from '../../core/errors';
import { fewestNodes } from '../../core/planning/job-nodes';
import { ofContradiction, ofPlanner } from '../../core/planning/plan-problems';
import type { TrainingPlanProps } from '../../core/planning/plan-training';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { trainingPlanner } from '../../core/planning/training-planner';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import { tpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import { withoutAnswered } from './job-findings';
import type { TrainingClusterProps } from './training-cluster-props';
import { nodesOfGroup, type SizedProps, storageContext, withDefaults } from './training-cluster-options';
import type { StorageContext } from './training-storage';

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
  if (!props.job || (props.machine.isTpu && !tpuSlice(new Problems(), props.machine, props.topology)))
    return asGiven(props);
  try {
    return sizeFor(problems, props, plannedMachine(props.machine));
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem));
    return asGiven(props);
  }
}

/** Plans the job on nodes and storage. */
type Plan = (on: Pick<TrainingPlanProps, 'nodes' | 'storage'>) => TrainingPlan;

function sizeFor(problems: Problems, props: TrainingClusterProps, machine: Machine): SizedCluster {
  const query = planOn(props, machine);
  const on = (nodes: number) => planOf({ ...props, nodes }, query);
  const stated = props.machine.isTpu ? nodesOfGroup({ ...props, nodes: props.nodes ?? 1 }) : props.nodes;
  const nodes = stated ?? fewestNodes(problems, { job: props.job!, machine, planOn: (count) => on(count).plan });
  if (!isCount(nodes)) return asGiven(props);
  const sized = on(nodes);
  const planned = stated === undefined ? `planned on ${nodes} nodes; ` : '';
  for (const contradiction of sized.plan.contradictions) problems.add(ofContradiction(contradiction, planned));
  const plan = withoutAnswered(sized.plan, withDefaults(props).storage);
  return { ...sized, plan, props: props.machine.isTpu ? asGiven(props).props : sized.props };
}

/** A file system that is open is sized by what the job needs; only then the plan is of what it gets. */
function planOf(props: SizedProps, plan: Plan): Required<SizedCluster> {
  const { nodes } = props;
  const { storage } = withDefaults(props);
  const open = storageContext(props);
  const context = storage.isOpen ? { ...open, need: plan({ nodes }).storage } : open;
  return { props, context, plan: plan({ nodes, storage: storage.given(context) }) };
}

function asGiven(props: TrainingClusterProps): SizedCluster {
  const slice = props.machine.isTpu ? tpuSlice(new Problems(), props.machine, props.topology) : undefined;
  const whole = { ...props, nodes: props.nodes ?? slice?.nodes ?? 1 };
  return { props: whole, context: storageContext(whole) };
}

/** What the planner takes. What the machine and the project take is judged with the group. */
function isCount(nodes: number | undefined): nodes is number {
  return nodes !== undefined && Number.isInteger(nodes) && nodes >= 1 && nodes <= 1e6;
}

function planOn(props: TrainingClusterProps, machine: Machine): Plan {
  const { planTraining, pricesDay } = trainingPlanner();
  const fixed = {
    job: props.job!,
    machine,
    market: priceMarket(props.capacity),
    region: regionOf(props.zone),
    priceOverrides: props.prices,
    asOf: props.pricesAsOf ?? pricesDay,
  };
  return (on) => planTraining({ ...fixed, ...on });
}
