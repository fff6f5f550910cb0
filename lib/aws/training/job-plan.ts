import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AwsMarket, AwsMachineRow } from '../../core/catalog/aws-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { PriceMarket } from '../../core/catalog/prices';
import { ProblemCollector } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { sizeForJob } from '../../core/planning/layout/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { withoutAnsweredFindings, trainingPlanner } from '../../core/planning/training-findings';
import type { AwsMachine } from '../machine/machine';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { isKnown } from '../props/tokens';
import { type TrainingClusterProps, type ResolvedProps, storageContext, withDefaults } from './training-cluster';
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
  const { job, nodes, prices, capacity } = props;
  const machine = job && plannedMachine(problems, props);
  if (!machine || !arePrices(problems, props)) return withoutSizing(props);
  const { storage } = withDefaults(props);
  const { region } = Stack.of(scope);
  const sized = sizeForJob(problems, {
    job,
    machine,
    market: MARKETS[capacity?.market ?? 'on-demand'],
    region: Token.isUnresolved(region) ? undefined : region,
    prices,
    nodes,
    storage,
    contextOf: (count) => storageContext({ ...props, nodes: count }),
    sold: (count) => soldNodes(props.machine, count),
    propNames: PROP_NAMES,
  });
  if (!sized) return withoutSizing(props);
  const plan = withoutAnsweredFindings(sized.plan, storage);
  return { props: { ...props, nodes: sized.nodes }, context: sized.context, plan };
}

function withoutSizing(props: TrainingClusterProps): ResolvedCluster {
  const whole = { ...props, nodes: props.nodes ?? soldNodes(props.machine, 1) };
  return { props: whole, context: storageContext(whole) };
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

/** Rounds up to a number of nodes that AWS sells: whole UltraServers for GB200, single nodes for other machines. */
function soldNodes({ spec, isNeuron }: AwsMachine, nodes: number): number {
  const sizes = isNeuron ? undefined : spec.ultraServerNodes;
  return sizes?.find((size) => size >= nodes) ?? sizes?.at(-1) ?? nodes;
}

/** Returns whether the planner can use your prices. Adds a problem for an unknown machine and for a value that is a token. */
function arePrices(problems: ProblemCollector, { prices, machine }: TrainingClusterProps): boolean {
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
