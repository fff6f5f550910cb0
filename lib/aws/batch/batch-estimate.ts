import { type Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as Machines from '../../core/catalog/machines';
import type { ErrorCode } from '../../core/error-codes';
import { ProblemCollector } from '../../core/errors';
import {
  type BatchWork,
  estimateBatch,
  type EstimatedRun,
  changingProgram,
  rateFindings,
  spotAlone,
  unpricedMarket,
  estimatePlannedWork,
  plannedWorkFindings,
  type PlannedRunInput,
} from '../../core/planning/cost/batch-estimate';
import { isPositive } from '../../core/workload/guards';
import { type AwsMachine, recordMachineFindings } from '../machine/machine';
import { isKnown } from '../props/tokens';
import { record } from '../template/findings';
import { isKnownTime } from './machine-share';
import type { BatchMarket } from './job-workflow';
import { type MarketRate as Rate, marketRates } from '../../core/planning/cost/market-rates';
import type { AwsBatchOptions } from './aws-batch-options';
import { SPOT } from '../capacity/capacity';

export type { BatchWork } from '../../core/planning/cost/batch-estimate';

/** Time and cost of a run, as ranges that hold 80% of comparable runs. */
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

/** The price of a machine in a market with its source, or the reason why it is unknown. */
export type MarketRate = Rate<BatchMarket>;

/** Region of the prices if the region of the stack is known only at deployment. */
export const DEFAULT_REGION = 'us-east-1';

/** Returns the price of the machine in each market, and adds a problem for each invalid own price. */
export function ratesOf(
  problems: ProblemCollector,
  scope: Construct,
  { machine, prices }: AwsBatchOptions,
  markets: readonly BatchMarket[],
): MarketRate[] {
  const { region: stackRegion } = Stack.of(scope);
  const region = Token.isUnresolved(stackRegion) ? DEFAULT_REGION : stackRegion;
  return marketRates(problems, { cloud: 'aws', machine: machine.name, region, markets, prices });
}

/** Records that the cost of runs in a market is unknown. */
export function recordUnpriced(scope: Construct, market: BatchMarket, reason: string, prop: string): void {
  record(scope, unpricedMarket(market, reason, prop));
}

/** Records the findings for jobs of AWS Batch. */
export function recordAwsBatchFindings(
  scope: Construct,
  options: AwsBatchOptions,
  markets: readonly BatchMarket[],
  rates: readonly MarketRate[],
): void {
  recordImage(scope, options.image);
  recordMachineFindings(scope, options.machine);
  if (markets.includes('spot') && !markets.includes('on-demand')) {
    record(scope, spotAlone(options.machine.name, { level: 'warning', evidence: SPOT }));
  }
  recordPrices(scope, rates);
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function recordImage(scope: Construct, image: string): void {
  if (Token.isUnresolved(image) || BY_DIGEST.test(image)) return;
  const evidence = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html';
  record(scope, changingProgram(image, { level: 'warning', evidence }));
}

function recordPrices(scope: Construct, rates: readonly MarketRate[]): void {
  for (const finding of rateFindings(rates)) record(scope, finding);
  if (!Token.isUnresolved(Stack.of(scope).region)) return;
  record(scope, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment, so runs are recorded with prices of ${DEFAULT_REGION}.`,
    fix: 'Set the region in the env of the stack, or set prices.',
    evidence: 'the table of prices',
  });
}
