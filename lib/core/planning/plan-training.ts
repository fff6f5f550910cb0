import { checkPropNames } from '../prop-schema';
import { TRAINING_PLAN_PROPS } from '../prop-schemas';
import { priceDay } from '../catalog/price-of';
import { ProblemCollector } from '../errors';
import type { TrainingJob, Optimizer, Recompute, Sharding, TrainingKind } from '../workload/training-job';
import { trainingBinding } from './binding-training';
import { checkTrainingPlan } from './checks-training';
import { checkpointIn, frozen, trainingCosts } from './cost/plan-costs';
import {
  type PlanProps,
  checkCount,
  checkPlanProps,
  invalid,
  type MarketPrice,
  type PlanEvidence,
  type PlanResult,
  type PlanStorage,
} from './plan';
import type { PlanRange } from './range';
import { marketShare } from './storage/plan-checkpoint';
import { clusterOf } from './layout/cluster-sizing';
import { hardwareOf, type PlanHardware, type PlannedPrecision, precisionOn } from './layout/plan-hardware';
import { DEFAULT_NODE_LIFE_HOURS, type PlanMarket, regionFor } from './cost/plan-market';
import { type Placement, parallelismOf, placementOf } from './layout/plan-parallelism';
import { type StorageNeed, storageOf } from './storage/plan-storage';
import { goodputOf } from './time/goodput';
import { trainingTerms, type TrainingTerms, jobRate, rateIn, steppingSeconds, timeOf } from './time/plan-time';
import type { PriceMarket } from '../catalog/prices';
import type { Machine } from '../catalog/machines';

/** A training plan before it is checked. */
export interface TrainingDraft {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly hardware: PlanHardware;
  readonly nodes: number;
  readonly accelerators: number;
  readonly market: PlanMarket;
  readonly placement: Placement;
  readonly parallelism: PlannedParallelism;
  readonly memory: PlannedMemory;
  readonly time: PlannedTime;
  readonly checkpoint: PlannedCheckpoint;
  readonly storage: PlanStorage;
  /** Goodput of the market: less than 1 on spot. */
  readonly spotShare: number;
  readonly costs: readonly TrainingCost[];
}

/** The job of a plan. */
export interface PlannedJob {
  /** Kind of training. */
  readonly kind: TrainingKind;
  /** Name of the model. */
  readonly model: string;
  /** Parameters of the model. */
  readonly parameters: number;
  /** Parameters that process each token. */
  readonly activeParameters: number;
  /** Parameters that the optimizer updates. */
  readonly trainableParameters: number;
  /** Total tokens to train on. */
  readonly tokens: number;
  /** Tokens per sequence. */
  readonly sequenceLength: number;
  /** Precision of the matrix products. */
  readonly precision: PlannedPrecision;
  /** The optimizer. */
  readonly optimizer: Optimizer;
  /** Activation recomputation. @default - chosen by the planner */
  readonly recompute?: Recompute;
  /** Deadline in seconds. @default - no deadline */
  readonly finishWithinSeconds?: number;
  /** Budget in USD. @default - no limit */
  readonly budgetUsd?: number;
}

/** How the model and the batch are split over the accelerators. */
export interface PlannedParallelism {
  /** Accelerators that share each weight matrix. */
  readonly tensor: number;
  /** Pipeline stages. */
  readonly pipeline: number;
  /** Accelerators that share each sequence. */
  readonly context: number;
  /** Accelerators that share the experts of a layer. */
  readonly expert: number;
  /** Data-parallel replicas. */
  readonly data: number;
  /** ZeRO stage. */
  readonly sharding: Sharding;
  /** Sequences per accelerator in one forward and backward pass. */
  readonly microBatch: number;
  /** Sequences per step. If the job does not set it, about four million tokens. */
  readonly globalBatch: number;
  /** Interleaved stages per pipeline rank. */
  readonly virtualPipeline: number;
  /** Activation recomputation. */
  readonly recompute: Recompute;
  /** Layers that are recomputed in full. The others are recomputed as `selective` says. */
  readonly recomputedLayers: number;
  /** Parts that the planner chose. `split` is the tensor, pipeline, context, expert and data parallelism. */
  readonly chosen: readonly LayoutPart[];
}

/** A part of a layout that a job can state. */
export type LayoutPart = 'split' | 'virtualPipeline' | 'sharding' | 'microBatch' | 'globalBatch' | 'recompute';

/** Memory of the fullest accelerator. */
export interface PlannedMemory {
  /** Parts in GiB. `states` are weights, gradients and optimizer states. */
  readonly partsGiB: Readonly<Record<'states' | 'embeddings' | 'activations' | 'logits' | 'reserve', number>>;
  /** Sum of the parts, in GiB. The reserve shrinks if memory is short. */
  readonly totalGiB: number;
  /** Memory that a program can allocate, in GiB. */
  readonly availableGiB: number;
  /** Share of the available memory that the parts need with the smallest reserve. The job fits up to 1. */
  readonly used: number;
  /** Whether the total fits in the available memory. */
  readonly fits: boolean;
  /** The largest part. */
  readonly binds: 'states' | 'activations' | 'embeddings' | 'logits';
}

/** Duration of the job. */
export interface PlannedTime {
  /** Basis of the prediction. */
  readonly evidence: PlanEvidence;
  /** Class of the job: chip, precision, kind of model and kind of training. */
  readonly class: string;
  /** Number of published runs in the class. */
  readonly runs: number;
  /** Goodput: share of the step rate that the job keeps over all hours. At most the median of published full runs. */
  readonly goodput: number;
  /** Seconds of the whole job, including failures and pauses. @default - the peak is unknown, or almost no goodput */
  readonly seconds?: PlanRange;
  /** Lower bound in seconds, at the peak of the accelerators. @default - the peak is unknown */
  readonly boundSeconds?: number;
  /** TFLOP/s per accelerator during steps. @default - the peak is unknown */
  readonly teraflopsPerAccelerator?: PlanRange;
  /** Upper bound in TFLOP/s per accelerator. @default - the peak is unknown */
  readonly boundTeraflops?: number;
  /** Seconds per step. @default - the peak is unknown */
  readonly stepSeconds?: PlanRange;
  /** Tokens per second during steps. @default - the peak is unknown */
  readonly tokensPerSecond?: PlanRange;
}

/** Checkpoints of the job. */
export interface PlannedCheckpoint {
  /** Size of a checkpoint, in GB. */
  readonly sizeGB: number;
  /** Write throughput in MB/s: of the declared storage, or as required. On spot at most that of a 1200 GiB file system per node. */
  readonly writeMBps: number;
  /** Write throughput at which writing takes 2% of the time, in MB/s. */
  readonly neededWriteMBps: number;
  /** Seconds to write a checkpoint. */
  readonly writeSeconds: number;
  /** Checkpoint interval in seconds. */
  readonly intervalSeconds: number;
  /** Share of the time that training pauses for writing. */
  readonly writing: number;
  /** Share of the time lost to writing, repeated work and restarts. */
  readonly loss: number;
  /** Whether writing takes at most 2% of the time, at most 10%, or more. */
  readonly verdict: 'ok' | 'slow' | 'too-slow';
  /** Mean seconds between failures of the job. */
  readonly secondsBetweenFailures: number;
}

/** Cost of the job in one market. */
export interface TrainingCost extends MarketPrice {
  /** Purchase option. */
  readonly market: PriceMarket;
  /** Goodput in this market. */
  readonly goodput: number;
  /** Seconds of the job in this market. @default - the peak is unknown, or almost no goodput */
  readonly seconds?: PlanRange;
  /** Cost of the job, in USD. @default - unknown, see `reason` */
  readonly runUsd?: PlanRange;
}

/** A limit of a training job. `compute` is the step rate of its accelerators. */
export type TrainingBinding =
  'memory' | 'precision' | 'layout' | 'time' | 'budget' | 'fabric' | 'storage' | 'spot' | 'compute';

/** The plan of a training job: whether it fits, how long it takes, what it costs, and the evidence for each. */
export interface TrainingPlan extends PlanResult<TrainingBinding> {
  /** Kind of plan. */
  readonly kind: 'training';
  /** The job. */
  readonly job: PlannedJob;
  /** How the model and the batch are split. */
  readonly parallelism: PlannedParallelism;
  /** Memory of the fullest accelerator. */
  readonly memory: PlannedMemory;
  /** Duration of the job. */
  readonly time: PlannedTime;
  /** Checkpoints of the job. */
  readonly checkpoint: PlannedCheckpoint;
  /** Storage requirements. */
  readonly storage: PlanStorage;
  /** Cost on demand, on spot and with a commitment, in this order. */
  readonly costs: readonly TrainingCost[];
}

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
  const terms = trainingTerms(job);
  const draft = draftOf(props, terms, market, region);
  const checks = checkTrainingPlan(draft);
  const { parallelism, memory, time, checkpoint, storage, costs, nodes } = draft;
  return frozen({
    kind: 'training',
    asOf: priceDay(prices),
    job: plannedJob(job, precisionOn(draft.hardware.chip, job.precision)),
    cluster: {
      ...clusterOf(machine, draft.hardware, nodes, market.market, region),
      ...(market.market === 'spot' && { spotNodeLifeHours: market.spotNodeLifeHours }),
    },
    parallelism,
    memory,
    time,
    checkpoint,
    storage,
    costs,
    binding: trainingBinding(draft, terms, checks.contradictions),
    contradictions: checks.contradictions,
    findings: checks.findings,
  });
}

function draftOf(
  props: TrainingPlanProps,
  terms: TrainingTerms,
  market: PlanMarket,
  region: string | undefined,
): TrainingDraft {
  const { job, machine, nodes, storage: declared, prices } = props;
  const hardware = hardwareOf(machine);
  const accelerators = nodes * hardware.perNode;

  const placement = placementOf(terms, hardware, accelerators);
  const parallelism = parallelismOf(terms, placement);
  const tuned = jobRate(terms, machine.chip, hardware, accelerators);
  const rate = rateIn(terms, tuned, { found: placement, hardware, accelerators });

  const jobSeconds = steppingSeconds(terms, rate, accelerators);
  const context = { terms, rate, nodes, accelerators, market, storage: declared };
  const checkpoint = checkpointIn(context, market.market);
  const spotShare = marketShare(market, nodes, checkpoint.writeSeconds);
  const { loss } = checkpointIn(context, 'on-demand');
  const goodput = goodputOf({ steppingSeconds: jobSeconds, loss, available: spotShare });
  const time = timeOf(terms, rate, accelerators, goodput, parallelism);

  const storage = storageOf(
    machine.cloud,
    {
      tokens: job.tokens,
      checkpointBytes: terms.checkpointBytes,
      ...readRateOf(time),
      writeBytesPerSecond: (declared ? checkpoint.neededWriteMBps : checkpoint.writeMBps) * 1e6,
    },
    declared,
  );
  const costs = trainingCosts({ machine, region, prices }, context);
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
    checkpoint,
    storage,
    spotShare,
    costs,
  };
}

/** Returns the tokens read per second, at the median rate. */
function readRateOf({ tokensPerSecond }: PlannedTime): Pick<StorageNeed, 'tokensPerSecond' | 'readRate'> {
  if (tokensPerSecond) return { tokensPerSecond: tokensPerSecond.median, readRate: 'median' };
  return { tokensPerSecond: 0, readRate: 'unknown' };
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

function plannedJob(job: TrainingJob, precision: PlannedPrecision): PlannedJob {
  const { kind, model, trainableParameters, tokens, sequenceLength, optimizer, recompute } = job;
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
    ...(recompute !== undefined && { recompute }),
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
  checkPropNames(problems, props, TRAINING_PLAN_PROPS);
  if (!isTrainingJob(props.job)) problems.add(invalid('job', 'a TrainingJob', props.job));
  checkCount(problems, 'nodes', props.nodes, true);
  checkPlanProps(problems, props);
  problems.throwIfAny();
}

/** Returns whether a value is a training job, from any copy of the package. */
export function isTrainingJob(value: unknown): value is TrainingJob {
  return typeof value === 'object' && value !== null && 'trainableParameters' in value && 'recompute' in value;
}
