import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AwsMarket, AwsMachineRow } from '../../core/catalog/aws-machines';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import { AiInfraError, ProblemCollector } from '../../core/errors';
import { contradictionProblem, plannerProblem } from '../../core/planning/plan-problems';
import type { TrainingPlanProps, TrainingPlan } from '../../core/planning/plan-training';
import { withoutAnsweredFindings, trainingPlanner } from '../../core/planning/training-findings';
import { type TrainingClusterProps, type ResolvedProps, storageContext, withDefaults } from './training-cluster';
import type { StorageContext } from './training-storage';
import type * as Machines from '../../core/catalog/machines';
import type { AwsMachine } from '../machine/machine';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { minNodesFor, type NodesQuery as Query } from '../../core/planning/layout/cluster-sizing';
import { nearest } from '../../core/nearest';
import { isKnown } from '../props/tokens';
import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { PlanStorage } from '../../core/planning/plan';

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

/**
 * Converts a machine to the type of the planner, with the fabric in use. Adds a problem for a custom chip, because a plan needs the chip
 * tables of the library.
 */
export function plannedMachine(
  problems: ProblemCollector,
  { machine, interconnect }: Pick<EfaNodeGroupOptions, 'machine' | 'interconnect'>,
  workload: keyof typeof WORKLOADS = 'job',
): Machine | undefined {
  const { name, spec } = machine;
  if (isOfTable(spec)) {
    const { ofAws } = require('../../core/catalog/machines') as typeof Machines;
    return { ...ofAws(name, spec), ...(interconnect && wired(spec, interconnect.efaCards(machine).length)) };
  }
  problems.add({
    code: 'ChipUnplanned',
    prop: workload,
    allowed: `left out for ${name}, because the planner does not support a custom chip`,
    ...WORKLOADS[workload],
  });
  return undefined;
}

/** The workloads that a plan supports. */
const WORKLOADS = {
  job: { got: 'a TrainingJob', fix: 'Remove job, and set nodes and storage.' },
  load: { got: 'a ServingLoad', fix: 'Remove load, and set acceleratorsPerReplica and scaling.' },
} as const;

/** The bandwidth of the cards with EFA. Without EFA, only the first card carries traffic, and there is no RDMA. */
function wired({ networkGbps, cards }: AwsMachineRow, efaCards: number): Pick<Machine, 'rdma' | 'fabricGbps'> {
  const all = cards.filter(({ efa }) => efa).length;
  if (efaCards === 0) return { rdma: false, fabricGbps: networkGbps / Math.max(1, cards.length) };
  return { rdma: true, fabricGbps: (networkGbps * efaCards) / Math.max(efaCards, all) };
}

function isOfTable(spec: AwsMachine['spec']): spec is AwsMachineRow {
  return typeof spec.chip === 'string';
}

/** What the number of nodes depends on. */
export interface NodesQuery extends Pick<Query, 'job' | 'planOn'> {
  /** The machine of the nodes. */
  readonly machine: AwsMachine;
  /** The same machine, as the type of the planner. */
  readonly view: Machine;
}

/** The minimum number of nodes that fits a job and finishes it in time, in a size that AWS sells. Adds a problem if no number is enough. */
export function nodesFor(problems: ProblemCollector, { job, machine, view, planOn }: NodesQuery): number | undefined {
  return minNodesFor(problems, { job, machine: view, planOn, sold: (nodes) => soldNodes(machine, nodes) });
}

/** Rounds up to a number of nodes that AWS sells: whole UltraServers for GB200, single nodes for other machines. */
export function soldNodes({ spec, isNeuron }: AwsMachine, nodes: number): number {
  const sizes = isNeuron ? undefined : spec.ultraServerNodes;
  return sizes?.find((size) => size >= nodes) ?? sizes?.at(-1) ?? nodes;
}

/** Returns whether the planner can use your prices. Adds a problem for an unknown machine and for a value that is a token. */
export function arePrices(problems: ProblemCollector, { prices, machine }: TrainingClusterProps): boolean {
  const found = new ProblemCollector();
  prices?.overrides.forEach((price, index) => {
    const within = found.within(`prices.overrides[${index}]`);
    const known = Object.entries(price).flatMap(([prop, value]) => (isKnown(within, prop, value) ? [prop] : []));
    if (known.includes('machine') && price.machine !== machine.name) checkName(within, price.machine);
  });
  for (const problem of found.all) problems.add(problem);
  return found.all.length === 0;
}

function checkName(problems: ProblemCollector, name: string): void {
  const names = trainingPlanner()
    .allMachines()
    .map((machine) => machine.name);
  if (names.includes(name)) return;
  const [meant] = nearest(name, names, 1);
  problems.add({
    code: 'PriceInvalid',
    prop: 'machine',
    allowed: 'the machine of the first group, or another machine in the catalog',
    got: name,
    fix: meant ? `Did you mean ${meant}?` : 'Copy the name from `ai-infra catalog`.',
  });
}

/**
 * Possible shares of the time for writing checkpoints on spot capacity, up to the limit of a plan. Interruptions are so frequent that the
 * usual 2% needs a file system that costs more than all nodes.
 */
const WRITE_SHARES = [0.02, 0.03, 0.045, 0.065, 0.095];

/** Possible storage needs of a job, the fastest first. On spot capacity, they include slower ones than in the plan. */
export function storageNeeds({ cluster, job, time, checkpoint, storage }: TrainingPlan): readonly PlanStorage[] {
  if (cluster.market !== 'spot') return [storage];
  const { storageOf, writeBandwidthFor } = trainingPlanner();
  const checkpointBytes = checkpoint.sizeGB * 1e9;
  const tokensPerSecond = time.tokensPerSecond?.median ?? 0;
  return WRITE_SHARES.map((share) => {
    const writeBytesPerSecond = writeBandwidthFor(checkpointBytes, checkpoint.secondsBetweenFailures, { share });
    return storageOf(cluster.cloud, { tokens: job.tokens, checkpointBytes, tokensPerSecond, writeBytesPerSecond });
  });
}

/** The plan with the lowest cost of nodes and file system for each month of useful work. Without prices, the one with the slowest file system. */
export function cheapestPlan<T extends { readonly plan: TrainingPlan }>(plans: readonly [T, ...T[]]): T {
  const costs = plans.map(({ plan }) => usdPerUsefulMonth(plan));
  if (costs.some((usd) => usd === undefined)) return plans.at(-1)!;
  return plans[costs.indexOf(Math.min(...(costs as number[])))]!;
}

function usdPerUsefulMonth({ costs, storage: { given, tiers }, time }: TrainingPlan): number | undefined {
  const nodesUsd = costs.find(({ chosen }) => chosen)?.usdPerHour;
  const tier = tiers.find(({ tier: name }) => given && Number(name) === tierOf(given));
  if (nodesUsd === undefined || !given || tier?.usdPerMonth === undefined) return undefined;
  const storageUsd = (tier.usdPerMonth / tier.sizeGiB) * given.sizeGiB;
  return (trainingPlanner().monthlyCost(1, nodesUsd) + storageUsd) / time.goodput;
}

function tierOf({ sizeGiB, throughputMBps }: NonNullable<PlanStorage['given']>): number {
  return Math.round((throughputMBps / sizeGiB) * FSX_LUSTRE.gibPerTiB);
}
