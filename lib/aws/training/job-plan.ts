import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AwsMarket } from '../../core/catalog/aws-machines';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import { AiInfraError, type ProblemCollector } from '../../core/errors';
import { contradictionProblem, plannerProblem } from '../../core/planning/plan-problems';
import type { TrainingPlanProps } from '../../core/planning/plan-training';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { withoutAnsweredFindings } from '../../core/planning/training-findings';
import { nodesFor, soldNodes } from './job-nodes';
import { cheapestPlan, storageNeeds } from './job-storage';
import { arePrices } from './job-prices';
import { plannedMachine } from './planned-machine';
import { trainingPlanner } from '../../core/planning/training-planner';
import type { TrainingClusterProps } from './training-cluster-props';
import { type ResolvedProps, storageContext, withDefaults } from './training-cluster-options';
import type { StorageContext } from './training-storage';

/** A training cluster with all sizes resolved. */
export interface ResolvedCluster {
  /** The props with a known number of nodes. */
  readonly props: ResolvedProps;
  /** What the file system is used for. */
  readonly context: StorageContext;
  /** The plan of the job. @default - there is no job, or it is invalid */
  readonly plan?: TrainingPlan;
}

/** Props of this construct with another name than in the planner. */
const PROP_NAMES = { 'storage.sizeGiB': 'storage.size' };

/** Sizes the nodes and the file system for a job, and adds each problem with the given sizes. Without a job, the props do not change. */
export function sizeCluster(
  problems: ProblemCollector,
  props: TrainingClusterProps,
  scope: Construct,
): ResolvedCluster {
  const machine = props.job && plannedMachine(problems, props);
  if (!machine || !arePrices(problems, props)) return withoutSizing(props);
  try {
    return sizeFor(problems, props, machine, planOn(props, machine, scope));
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, PROP_NAMES));
    return withoutSizing(props);
  }
}

/** Plans the job on nodes and storage. */
type Plan = (on: Pick<TrainingPlanProps, 'nodes' | 'storage'>) => TrainingPlan;

function sizeFor(problems: ProblemCollector, props: TrainingClusterProps, view: Machine, plan: Plan): ResolvedCluster {
  const on = (nodes: number) => planOf({ ...props, nodes }, plan);
  const query = { job: props.job!, machine: props.machine, view, planOn: (count: number) => on(count).plan };
  const nodes = props.nodes ?? nodesFor(problems, query);
  if (!isCount(nodes)) return withoutSizing(props);
  const sized = on(nodes);
  const planned = props.nodes === undefined ? `planned on ${nodes} nodes; ` : '';
  for (const contradiction of sized.plan.contradictions) {
    problems.add(contradictionProblem(contradiction, planned, PROP_NAMES));
  }
  return { ...sized, plan: withoutAnsweredFindings(sized.plan, withDefaults(props).storage) };
}

/** Plans the job. If the file system has no size, it is sized for the job first. */
function planOf(props: ResolvedProps, plan: Plan): Required<ResolvedCluster> {
  const { nodes } = props;
  const { storage } = withDefaults(props);
  const context = storageContext(props);
  const on = (of: StorageContext) => ({ props, context: of, plan: plan({ nodes, storage: storage.given(of) }) });
  if (!storage.isOpen) return on(context);
  const sized = storageNeeds(plan({ nodes })).map((need) => on({ ...context, need }));
  return cheapestPlan(sized as [Required<ResolvedCluster>, ...Required<ResolvedCluster>[]]);
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const whole = { ...props, nodes: props.nodes ?? soldNodes(props.machine, 1) };
  return { props: whole, context: storageContext(whole) };
}

/** Returns whether the planner supports a number of nodes. `checkNodeGroup` validates it for the machine and the account. */
function isCount(nodes: number | undefined): nodes is number {
  return nodes !== undefined && Number.isInteger(nodes) && nodes >= 1 && nodes <= 1e6;
}

/**
 * Price market of a capacity market. AWS bills a reservation at the on-demand rate, used or not. A capacity block is paid up front for its
 * days.
 */
export const MARKETS: Readonly<Record<AwsMarket, PriceMarket>> = {
  'on-demand': 'on-demand',
  reservation: 'on-demand',
  spot: 'spot',
  'capacity-block': 'committed',
};

function planOn(props: TrainingClusterProps, machine: Machine, scope: Construct): Plan {
  const { planTraining } = trainingPlanner();
  const { region } = Stack.of(scope);
  const fixed = {
    job: props.job!,
    machine,
    market: MARKETS[props.capacity?.market ?? 'on-demand'],
    region: Token.isUnresolved(region) ? undefined : region,
    prices: props.prices,
  };
  return (on) => planTraining({ ...fixed, ...on });
}
