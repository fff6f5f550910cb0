import type { Prices } from '../../catalog/price-override';
import type { Machine } from '../../catalog/machines';
import type { PriceMarket } from '../../catalog/prices';
import { AiInfraError, type ProblemCollector } from '../../errors';
import type { TrainingJob } from '../../workload/training-job';
import type { DeclaredStorage, PlanStorage, PlanCluster } from '../plan';
import { contradictionProblem, plannerProblem, type PropNames } from '../plan-problems';
import type { TrainingPlanProps, TrainingPlan } from '../plan-training';
import { trainingPlanner } from '../training-findings';
import { type PlanHardware, soldNodes } from './plan-hardware';

/** The nodes and the job that a file system is sized for. */
export interface StorageContext {
  /** Nodes of the whole cluster. */
  readonly nodes: number;
  /** Storage requirements of the job. @default - no job, or nothing to size */
  readonly need?: PlanStorage;
}

/** A file system that can be sized for a job. */
export interface SizableStorage<Context extends StorageContext = StorageContext> {
  /** Whether the library chooses the size or the throughput of a new file system. */
  readonly isOpen: boolean;
  /** Returns the file system as input of a plan, or `undefined` without one or if its throughput is unknown. */
  readonly given: (context: Context) => DeclaredStorage | undefined;
}

/** A job, and its machine, market and storage. */
export interface JobSizing<Context extends StorageContext = StorageContext> {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly market: PriceMarket;
  /** @default - known only at deployment */
  readonly region?: string;
  readonly prices?: Prices;
  /** @default - the smallest number that fits the job and meets its deadline */
  readonly nodes?: number;
  readonly storage: SizableStorage<Context>;
  /** Returns the context of the file system, for a number of nodes in the job's group. */
  readonly contextOf: (nodes: number) => Context;
  /** Rounds up to a number of nodes that is sold. @default - the numbers of the catalog */
  readonly sold?: (nodes: number) => number;
  /** Props of the construct that have another name than in the planner. */
  readonly propNames?: PropNames;
}

/** A job with all its sizes. */
export interface ResolvedJob<Context extends StorageContext = StorageContext> {
  readonly nodes: number;
  readonly context: Context;
  readonly plan: TrainingPlan;
}

/** Sizes the nodes and storage for a job, and adds a problem for each contradiction. Returns `undefined` if the job cannot be planned. */
export function sizeForJob<Context extends StorageContext>(
  problems: ProblemCollector,
  sizing: JobSizing<Context>,
): ResolvedJob<Context> | undefined {
  try {
    return sizeFor(problems, sizing);
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(plannerProblem(problem, sizing.propNames));
    return undefined;
  }
}

function sizeFor<Context extends StorageContext>(
  problems: ProblemCollector,
  sizing: JobSizing<Context>,
): ResolvedJob<Context> | undefined {
  const { job, machine, nodes: stated, sold, propNames } = sizing;
  const query = planOn(sizing);
  const resolve = (nodes: number) => resolveJob(nodes, sizing, query);
  const nodes = stated ?? minNodesFor(problems, { job, machine, sold, planOn: (count) => resolve(count).plan });
  if (!isCount(nodes)) return undefined;
  const resolved = resolve(nodes);
  const planned = stated === undefined ? `planned on ${nodes} nodes; ` : '';
  for (const contradiction of resolved.plan.contradictions) {
    problems.add(contradictionProblem(contradiction, planned, propNames));
  }
  return resolved;
}

/** Plans the job on nodes and storage. */
type Plan = (on: Pick<TrainingPlanProps, 'nodes' | 'storage'>) => TrainingPlan;

/** Plans the job again if the file system must be sized: first for its requirements, then with each possible file system. */
function resolveJob<Context extends StorageContext>(
  nodes: number,
  { storage, contextOf }: JobSizing<Context>,
  plan: Plan,
): ResolvedJob<Context> {
  const open = contextOf(nodes);
  const on = (context: Context) => ({ nodes, context, plan: plan({ nodes, storage: storage.given(context) }) });
  if (!storage.isOpen) return on(open);
  const { storageNeeds, cheapestPlan } = trainingPlanner();
  const sized = storageNeeds(plan({ nodes })).map((need) => on({ ...open, need }));
  return cheapestPlan(sized as [ResolvedJob<Context>, ...ResolvedJob<Context>[]]);
}

/** Returns whether the planner supports the number of nodes. The node group checks the limits of the machine and the account. */
function isCount(nodes: number | undefined): nodes is number {
  return nodes !== undefined && Number.isInteger(nodes) && nodes >= 1 && nodes <= 1e6;
}

function planOn({ job, machine, market, region, prices }: Omit<JobSizing, 'storage' | 'contextOf'>): Plan {
  const { planTraining } = trainingPlanner();
  return (on) => planTraining({ job, machine, market, region, prices, ...on });
}

/** Returns the nodes in the format of a plan. */
export function clusterOf(
  machine: Machine,
  { perNode }: PlanHardware,
  nodes: number,
  market: PriceMarket,
  region?: string,
): PlanCluster {
  const { cloud, name, chip, rdma, fabricGbps, scaleUpDomain } = machine;
  return {
    cloud,
    machine: name,
    chip,
    nodes,
    acceleratorsPerNode: perNode,
    accelerators: nodes * perNode,
    market,
    ...(region !== undefined && { region }),
    rdma,
    ...(fabricGbps !== undefined && { fabricGbps }),
    scaleUpDomain,
  };
}

/** Multiples of the minimum to try. On spot, or with a slow file system, the minimum can miss the deadline. */
const STEPS = [1, 1.5, 2, 3, 4];

/** Inputs for the number of nodes. */
export interface NodesQuery {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly planOn: (nodes: number) => TrainingPlan;
  /** Rounds up to a number of nodes that is sold. @default - the numbers of the catalog */
  readonly sold?: ((nodes: number) => number) | undefined;
}

/** Returns the smallest number of nodes that fits a job and meets its deadline. Adds a problem and returns `undefined` if no number does. */
export function minNodesFor(
  problems: ProblemCollector,
  { job, machine, planOn, sold = (nodes) => soldNodes(machine, nodes) ?? nodes }: NodesQuery,
): number | undefined {
  const found = trainingPlanner().trainingCandidates(job)(machine);
  if (typeof found === 'string') {
    problems.add({
      code: 'JobTooLarge',
      prop: 'nodes',
      allowed: `set, because no number of ${machine.name} can run the job: ${found}`,
      got: undefined,
      fix: "Use another machine, a later deadline, or less memory (recompute: 'full'), or set nodes.",
    });
    return undefined;
  }
  const counts = [...new Set(STEPS.map((step) => sold(Math.ceil(step * found.nodes))))];
  return counts.find((nodes) => isMet(planOn(nodes))) ?? counts[0]!;
}

/** Returns whether a job can run as planned, and meets its deadline with its probability. */
function isMet({ contradictions, findings }: TrainingPlan): boolean {
  return contradictions.length === 0 && !findings.some(({ id }) => id === 'time/deadline');
}
