import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AwsMarket } from '../../core/catalog/aws-machines';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import { AiInfraError, type Problems } from '../../core/errors';
import { ofContradiction, ofPlanner } from '../../core/planning/plan-problems';
import type { TrainingPlanProps } from '../../core/planning/plan-training';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { withoutAnswered } from '../../core/planning/training-findings';
import { nodesFor, soldNodes } from './job-nodes';
import { cheapestPlan, storageNeeds } from './job-storage';
import { arePrices } from './job-prices';
import { plannedMachine } from './planned-machine';
import { trainingPlanner } from '../../core/planning/training-planner';
import type { TrainingClusterProps } from './training-cluster-props';
import { type SizedProps, storageContext, withDefaults } from './training-cluster-options';
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
export function sizeCluster(problems: Problems, props: TrainingClusterProps, scope: Construct): SizedCluster {
  const machine = props.job && plannedMachine(problems, props);
  if (!machine || !arePrices(problems, props)) return asGiven(props);
  try {
    return sizeFor(problems, props, machine, planOn(props, machine, scope));
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem));
    return asGiven(props);
  }
}

/** Plans the job on nodes and storage. */
type Plan = (on: Pick<TrainingPlanProps, 'nodes' | 'storage'>) => TrainingPlan;

function sizeFor(problems: Problems, props: TrainingClusterProps, view: Machine, plan: Plan): SizedCluster {
  const on = (nodes: number) => planOf({ ...props, nodes }, plan);
  const query = { job: props.job!, machine: props.machine, view, planOn: (count: number) => on(count).plan };
  const nodes = props.nodes ?? nodesFor(problems, query);
  if (!isCount(nodes)) return asGiven(props);
  const sized = on(nodes);
  const planned = props.nodes === undefined ? `planned on ${nodes} nodes; ` : '';
  for (const contradiction of sized.plan.contradictions) problems.add(ofContradiction(contradiction, planned));
  return { ...sized, plan: withoutAnswered(sized.plan, withDefaults(props).storage) };
}

/** A file system that is open is sized by what the job needs; only then the plan is of what it gets. */
function planOf(props: SizedProps, plan: Plan): Required<SizedCluster> {
  const { nodes } = props;
  const { storage } = withDefaults(props);
  const open = storageContext(props);
  const on = (context: StorageContext) => ({ props, context, plan: plan({ nodes, storage: storage.given(context) }) });
  if (!storage.isOpen) return on(open);
  const sized = storageNeeds(plan({ nodes })).map((need) => on({ ...open, need }));
  return cheapestPlan(sized as [Required<SizedCluster>, ...Required<SizedCluster>[]]);
}

function asGiven(props: TrainingClusterProps): SizedCluster {
  const whole = { ...props, nodes: props.nodes ?? soldNodes(props.machine, 1) };
  return { props: whole, context: storageContext(whole) };
}

/** What the planner takes. What the machine and the account take is judged with the group. */
function isCount(nodes: number | undefined): nodes is number {
  return nodes !== undefined && Number.isInteger(nodes) && nodes >= 1 && nodes <= 1e6;
}

// A reservation is billed as on demand, used or not. A capacity block is paid up front for its days.
export const MARKETS: Readonly<Record<AwsMarket, PriceMarket>> = {
  'on-demand': 'on-demand',
  reservation: 'on-demand',
  spot: 'spot',
  'capacity-block': 'committed',
};

function planOn(props: TrainingClusterProps, machine: Machine, scope: Construct): Plan {
  const { planTraining, pricesDay } = trainingPlanner();
  const { region } = Stack.of(scope);
  const fixed = {
    job: props.job!,
    machine,
    market: MARKETS[props.capacity?.market ?? 'on-demand'],
    region: Token.isUnresolved(region) ? undefined : region,
    priceOverrides: props.prices,
    asOf: props.pricesAsOf ?? pricesDay,
  };
  return (on) => planTraining({ ...fixed, ...on });
}
