import type { Machine } from '../catalog/machines';
import type { PriceOverride } from '../catalog/price-override';
import type { PriceMarket } from '../catalog/prices';
import { AiInfraError, type Problems } from '../errors';
import type { TrainingJob } from '../workload/training-job';
import { fewestNodes } from './job-nodes';
import type { GivenStorage, PlanStorage } from './plan';
import { ofContradiction, ofPlanner } from './plan-problems';
import type { TrainingPlanProps } from './plan-training';
import type { TrainingPlan } from './plan-training-result';
import { trainingPlanner } from './training-planner';

/** What a file system of a training cluster is made for. */
export interface StorageContext {
  /** Nodes of the whole cluster. */
  readonly nodes: number;
  /** What the job keeps and moves. @default - there is no job, or it finds all stated */
  readonly need?: PlanStorage;
}

/** A file system whose sizes a job may decide. */
export interface SizableStorage {
  /** Whether size or throughput of a new file system are left to be chosen. */
  readonly isOpen: boolean;
  /** The file system as a plan takes it; nothing where there is none, or what it gives is not known. */
  readonly given: (context: StorageContext) => GivenStorage | undefined;
}

/** A job, and what it is to run on. */
export interface JobSizing {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly market: PriceMarket;
  /** @default - known only at deployment */
  readonly region?: string;
  readonly prices?: readonly PriceOverride[];
  readonly pricesAsOf?: string;
  /** @default - the fewest that hold the job and end it in time */
  readonly nodes?: number;
  readonly storage: SizableStorage;
  /** What the file system is made for, with so many nodes in the group of the job. */
  readonly contextOf: (nodes: number) => StorageContext;
}

/** A job whose open sizes are settled. */
export interface SizedJob {
  readonly nodes: number;
  readonly context: StorageContext;
  readonly plan: TrainingPlan;
}

/** Sizes what a job leaves open, and adds what contradicts it; nothing where it contradicts itself so that nothing can be planned. */
export function sizeForJob(problems: Problems, sizing: JobSizing): SizedJob | undefined {
  try {
    return sizeFor(problems, sizing);
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem));
    return undefined;
  }
}

function sizeFor(problems: Problems, sizing: JobSizing): SizedJob | undefined {
  const { job, machine, nodes: stated } = sizing;
  const query = planOn(sizing);
  const on = (nodes: number) => sizedOn(nodes, sizing, query);
  const nodes = stated ?? fewestNodes(problems, { job, machine, planOn: (count) => on(count).plan });
  if (!isCount(nodes)) return undefined;
  const sized = on(nodes);
  const planned = stated === undefined ? `planned on ${nodes} nodes; ` : '';
  for (const contradiction of sized.plan.contradictions) problems.add(ofContradiction(contradiction, planned));
  return sized;
}

/** Plans the job on nodes and storage. */
type Plan = (on: Pick<TrainingPlanProps, 'nodes' | 'storage'>) => TrainingPlan;

/** A file system that is open is sized by what the job needs; only then the plan is of what it gets. */
function sizedOn(nodes: number, { storage, contextOf }: JobSizing, plan: Plan): SizedJob {
  const open = contextOf(nodes);
  const context = storage.isOpen ? { ...open, need: plan({ nodes }).storage } : open;
  return { nodes, context, plan: plan({ nodes, storage: storage.given(context) }) };
}

/** What the planner takes. What the machine and the account take is judged with the group. */
function isCount(nodes: number | undefined): nodes is number {
  return nodes !== undefined && Number.isInteger(nodes) && nodes >= 1 && nodes <= 1e6;
}

function planOn({ job, machine, market, region, prices, pricesAsOf }: JobSizing): Plan {
  const { planTraining, pricesDay } = trainingPlanner();
  const fixed = { job, machine, market, region, priceOverrides: prices, asOf: pricesAsOf ?? pricesDay };
  return (on) => planTraining({ ...fixed, ...on });
}
