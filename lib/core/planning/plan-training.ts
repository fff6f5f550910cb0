import { priceDay } from '../catalog/price-of';
import { ProblemCollector } from '../errors';
import type { TrainingJob } from '../workload/training-job';
import { checkTrainingPlan } from './checks-training';
import { frozen } from './plan-frozen';
import type { PlanProps } from './plan';
import { trainingBinding } from './plan-binding';
import { checkpointOf, marketShare } from './plan-checkpoint';
import { clusterOf } from './plan-cluster';
import { trainingCosts } from './plan-costs';
import type { TrainingDraft } from './plan-draft';
import { hardwareOf } from './plan-hardware';
import { DEFAULT_NODE_LIFE_HOURS, type PlanMarket, regionFor } from './plan-market';
import { type Placement, parallelismOf, placementOf } from './plan-parallelism';
import { checkCount, checkPlanProps, invalid } from './plan-props';
import { type StorageNeed, storageOf } from './plan-storage';
import { type TrainingTerms, trainingTerms } from './plan-terms';
import { boundSeconds, goodputOf, jobRate, timeOf } from './plan-time';
import type { PlannedJob, PlannedMemory, PlannedTime, TrainingPlan } from './plan-training-result';

/** Properties for `planTraining`. */
export interface TrainingPlanProps extends PlanProps {
  /** The job to plan. */
  readonly job: TrainingJob;
  /** Number of nodes. */
  readonly nodes: number;
}

/**
 * Plans a training job on a cluster: memory, time, checkpoints, storage and cost. The result is a pure function of the props. If the job
 * cannot run as planned, the plan has contradictions.
 *
 * @throws AiInfraError for invalid props, with code `PlanInvalid`, `PropType` or `PriceInvalid`
 *
 * @example
 * ```ts
 * import { machineNamed, ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
 * import { planTraining } from 'ai-infra-constructs/planning';
 *
 * const plan = planTraining({
 *   job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 300e9 }),
 *   machine: machineNamed('aws', 'p5.48xlarge'),
 *   nodes: 16,
 *   prices: Prices.asOf('2026-11-25'),
 * });
 * console.log(plan.time.seconds, plan.contradictions);
 * ```
 */
export function planTraining(props: TrainingPlanProps): TrainingPlan {
  checkProps(props);
  const { job, machine, prices } = props;
  const market: PlanMarket = {
    market: props.market ?? 'on-demand',
    spotNodeLifeHours: props.spotNodeLifeHours ?? DEFAULT_NODE_LIFE_HOURS,
  };
  const region = regionFor({ machine, prices, region: props.region }, market.market);
  const draft = draftOf(props, market, region);
  const checks = checkTrainingPlan(draft);
  const { parallelism, memory, time, checkpoint, storage, costs, nodes } = draft;
  return frozen({
    kind: 'training',
    asOf: priceDay(prices),
    job: plannedJob(job),
    cluster: clusterOf(machine, draft.hardware, nodes, market.market, region),
    parallelism,
    memory,
    time,
    checkpoint,
    storage,
    costs,
    binding: trainingBinding(draft, checks.contradictions),
    contradictions: checks.contradictions,
    findings: checks.findings,
  });
}

function draftOf(props: TrainingPlanProps, market: PlanMarket, region: string | undefined): TrainingDraft {
  const { job, machine, nodes, storage: declared, prices } = props;
  const terms = trainingTerms(job);
  const hardware = hardwareOf(machine);
  const accelerators = nodes * hardware.perNode;

  const placement = placementOf(terms, hardware, accelerators);
  const parallelism = parallelismOf(terms, placement);
  const rate = jobRate(terms, machine.chip, hardware, accelerators);

  const checkpoint = checkpointOf(terms.checkpointBytes, market, nodes, accelerators, declared);
  const spotShare = marketShare(market, nodes, checkpoint.writeSeconds);
  const onDemand = checkpointOf(
    terms.checkpointBytes,
    { ...market, market: 'on-demand' },
    nodes,
    accelerators,
    declared,
  );
  const time = timeOf(terms, rate, accelerators, goodputOf(onDemand.loss, spotShare), parallelism);

  const storage = storageOf(
    machine.cloud,
    {
      tokens: job.tokens,
      checkpointBytes: terms.checkpointBytes,
      ...readRateOf(terms, time, accelerators),
      writeBytesPerSecond: (declared ? checkpoint.neededWriteMBps : checkpoint.writeMBps) * 1e6,
    },
    declared,
  );
  const costs = trainingCosts(
    { machine, region, prices },
    { terms, rate, nodes, accelerators, market, storage: declared },
  );
  const min = boundSeconds(terms, rate, accelerators);
  const stepShare = (parallelism.globalBatch * job.sequenceLength) / job.tokens;
  return {
    job,
    machine,
    hardware,
    nodes,
    accelerators,
    market,
    placement,
    parallelism,
    memory: memoryOf(placement, hardware.memoryBytes),
    time,
    ...(min !== undefined && { boundStepSeconds: min * stepShare }),
    checkpoint,
    storage,
    spotShare,
    costs,
  };
}

/** Returns the tokens read per second: at the median rate, or at the upper bound without a measurement. */
function readRateOf(
  { flopsPerToken }: TrainingTerms,
  { tokensPerSecond, boundTeraflops }: PlannedTime,
  accelerators: number,
): Pick<StorageNeed, 'tokensPerSecond' | 'readRate'> {
  if (tokensPerSecond) return { tokensPerSecond: tokensPerSecond.median, readRate: 'median' };
  if (boundTeraflops === undefined) return { tokensPerSecond: 0, readRate: 'unknown' };
  return { tokensPerSecond: (accelerators * boundTeraflops * 1e12) / flopsPerToken, readRate: 'bound' };
}

const GIB = 2 ** 30;

function memoryOf({ memory }: Placement, memoryBytes: number): PlannedMemory {
  const { states, embeddings, activations, logits, reserve, total, used, fits, binds } = memory;
  return {
    partsGiB: {
      states: states / GIB,
      embeddings: embeddings / GIB,
      activations: activations / GIB,
      logits: logits / GIB,
      reserve: reserve / GIB,
    },
    totalGiB: total / GIB,
    availableGiB: memoryBytes / GIB,
    used,
    fits,
    binds,
  };
}

function plannedJob(job: TrainingJob): PlannedJob {
  const { kind, model, trainableParameters, tokens, sequenceLength, precision, optimizer, recompute } = job;
  const { finishWithinSeconds, budgetUsd } = job;
  return {
    kind,
    model: model.name,
    parameters: model.parameters,
    activeParameters: model.activeParameters,
    trainableParameters,
    tokens,
    sequenceLength,
    precision,
    optimizer,
    recompute,
    ...(finishWithinSeconds !== undefined && { finishWithinSeconds }),
    ...(budgetUsd !== undefined && { budgetUsd }),
  };
}

function checkProps(props: TrainingPlanProps): void {
  const problems = new ProblemCollector();
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('props', 'an object with job, machine and nodes', props));
    problems.throwIfAny();
  }
  if (!isTrainingJob(props.job)) problems.add(invalid('job', 'a TrainingJob', props.job));
  checkCount(problems, 'nodes', props.nodes, true);
  checkPlanProps(problems, props);
  problems.throwIfAny();
}

/** Returns whether a value is a training job, from any copy of the package. */
export function isTrainingJob(value: unknown): value is TrainingJob {
  return typeof value === 'object' && value !== null && 'trainableParameters' in value && 'recompute' in value;
}
