import { type Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as Machines from '../../core/catalog/machines';
import type { ErrorCode } from '../../core/error-codes';
import { ProblemCollector } from '../../core/errors';
import { type BatchWork, estimateBatch, type EstimatedRun } from '../../core/planning/batch-estimate';
import { estimatePlannedWork, plannedWorkFindings, type PlannedRunInput } from '../../core/planning/planned-batch-work';
import { isPositive } from '../../core/workload/guards';
import type { AwsMachine } from '../machine/machine';
import { isKnown } from '../props/tokens';
import { record } from '../template/findings';
import { isKnownTime } from './batch-numbers';
import type { MarketRate } from './batch-prices';
import type { BatchMarket } from './job-workflow';

export type { BatchWork } from '../../core/planning/batch-estimate';

/** Time and cost of a run, as ranges: the slowest quarter of published runs exceeds `p25`. */
export type BatchEstimate = EstimatedRun<BatchMarket>;

/** Work of each run, and its limits. */
export interface PlannedBatchWork extends BatchWork {
  /** Time limit of a run. @default - no limit */
  readonly finishWithin?: Duration;
  /** Cost limit for the machines of a run, in US dollars. @default - no limit */
  readonly budgetUsd?: number;
}

/** The machines of a run. */
export interface BatchEstimateInput {
  readonly machine: AwsMachine;
  /** Accelerators of one container. */
  readonly accelerators: number;
  /** Number of concurrent containers. */
  readonly replicas: number;
  readonly replicasPerMachine: number;
  readonly rates: readonly MarketRate[];
}

/** Estimates a run from published throughput. Throws an error if the work is invalid, or if the model does not fit. */
export function estimateRun(scope: Construct, work: BatchWork, input: BatchEstimateInput): BatchEstimate {
  const problems = new ProblemCollector();
  const estimate = estimateBatch(problems, work, runInput(scope, input));
  problems.throwIfAny(scope);
  return estimate!;
}

function runInput(
  scope: Construct,
  { machine, replicas, replicasPerMachine, ...input }: BatchEstimateInput,
): PlannedRunInput<BatchMarket> {
  const { findMachine } = require('../../core/catalog/machines') as typeof Machines;
  const { region } = Stack.of(scope);
  return {
    ...{ ...input, replicas, replicasPerMachine },
    machine: findMachine('aws', machine.name),
    machineName: machine.name,
    machines: Math.ceil(replicas / replicasPerMachine),
    acceleratorsProp: 'acceleratorsPerReplica',
    region: Token.isUnresolved(region) ? undefined : region,
  };
}

/** Adds a problem for each invalid limit of planned work. */
export function checkWorkLimits(problems: ProblemCollector, { finishWithin, budgetUsd }: PlannedBatchWork): void {
  const add = (code: ErrorCode, prop: string, allowed: string, got: unknown) =>
    problems.add({ code, prop, allowed, got, fix: 'Leave it out if there is no limit.' });
  if (isKnownTime(problems, 'finishWithin', finishWithin) && !isPositive(finishWithin.toHours({ integral: false }))) {
    add('DeadlineInvalid', 'finishWithin', 'a time above 0', finishWithin.toHumanString());
  }
  if (isKnown(problems, 'budgetUsd', budgetUsd) && !isPositive(budgetUsd)) {
    add('BudgetInvalid', 'budgetUsd', 'a number above 0', budgetUsd);
  }
}

/** Estimates planned work with valid limits, and adds a problem for each limit that the run cannot meet. */
export function estimateWork(
  problems: ProblemCollector,
  scope: Construct,
  work: PlannedBatchWork,
  input: BatchEstimateInput,
): BatchEstimate | undefined {
  const found = new ProblemCollector();
  const estimate = estimatePlannedWork(found, inHours(work), runInput(scope, input));
  for (const problem of found.all) {
    const { prop } = problem;
    if (prop === 'work.finishWithinHours') {
      problems.add({ ...problem, prop: 'work.finishWithin', got: work.finishWithin?.toHumanString() });
    } else problems.add(prop.startsWith('work.') ? problem : { ...problem, prop: `compute.${prop}` });
  }
  return estimate;
}

/** Records the findings of planned work. */
export function recordEstimate(
  scope: Construct,
  work: PlannedBatchWork,
  machine: AwsMachine,
  estimate: BatchEstimate,
): void {
  for (const finding of plannedWorkFindings(inHours(work), machine.name, estimate)) record(scope, finding);
}

function inHours({ finishWithin, ...work }: PlannedBatchWork) {
  return { ...work, finishWithinHours: finishWithin?.toHours({ integral: false }) };
}
