import type { Construct } from 'constructs';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import {
  type NeededReplicas,
  type PlannedLoad,
  type EndpointLoadInput,
  planEndpoint,
} from '../../core/planning/serving/endpoint-load';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import type { AwsMachine } from '../machine/machine';
import { isWithin } from '../props/tokens';
import { gibOf } from '../props/prop-types';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { type EndpointScaling, type Limits, limitsOf } from './endpoint-scaling';
import type { ServedModel } from './served-model';
import { hasLocalDisks, hostPrices, plannedHost } from './serving-host';
import { Stack, Token, type Duration } from 'aws-cdk-lib';
import type { Machine } from '../../core/catalog/machines';
import type { PropNames } from '../../core/planning/plan-problems';
import { servingPlanner } from '../../core/planning/serving/serving-planner';

/** A model with resolved settings. */
export interface ResolvedModel {
  readonly name: string;
  readonly model: ServedModel;
  /** Accelerators of each copy. @default - a serverless endpoint has no accelerators */
  readonly accelerators?: number;
  /** Host memory of each copy. */
  readonly memoryMiB: number;
  /** Number of copies on one instance. */
  readonly copiesPerInstance: number;
  readonly limits: Limits;
  /** Timeouts. @default - a serverless endpoint has no timeouts */
  readonly times?: ModelTimes;
}

/** Number of instances. */
export interface Instances {
  readonly initial: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** An endpoint with resolved settings. */
export interface ResolvedEndpoint {
  readonly models: readonly ResolvedModel[];
  /** Instances of the fleet that components share. */
  readonly fleet: Instances;
  /** Volume of each instance, in gigabytes. @default - local disks, or the 30 GB default of SageMaker */
  readonly volumeGB?: number;
  /** Plan of the load. @default - there is no load */
  readonly plan?: ServingPlan;
}

/** Resolves the open settings, and adds what does not fit the machine. */
export function resolveEndpoint(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  scope: Construct,
): ResolvedEndpoint {
  const planned = planLoad(problems, props, scope);
  const models = Object.entries(props.models).map(([name, model], index) =>
    resolveModel(problems.within(`models.${name}`), props, { name, model }, index === 0 ? planned : undefined),
  );
  return { models, fleet: fleetOf(models, props), volumeGB: volumeOf(problems, props), plan: planned?.plan };
}

function resolveModel(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  { name, model }: Pick<ResolvedModel, 'name' | 'model'>,
  planned?: PlannedLoad,
): ResolvedModel {
  const { machine } = props;
  const limits = limitsOf(props.scaling, planned && needOf(props, planned));
  if (!machine) return { name, model, memoryMiB: 0, copiesPerInstance: 1, limits };
  const accelerators = copyAccelerators(problems, machine, model, planned);
  if (!planned) checkFit(problems, machine, model, accelerators);
  const memoryMiB = copyMemory(problems, machine, model, accelerators);
  const byMemory = Math.floor((machine.spec.memoryGiB * 1024) / memoryMiB);
  const copiesPerInstance = Math.max(1, Math.min(Math.floor(machine.spec.accelerators / accelerators), byMemory));
  const times = kindOf(props).name === 'serverless' ? undefined : modelTimes(problems, model, machine);
  return { name, model, accelerators, memoryMiB, copiesPerInstance, limits, times };
}

/** The concurrency target of a load does not apply to waiting requests. */
function needOf(props: InferenceEndpointProps, { needed }: PlannedLoad): NeededReplicas {
  return kindOf(props).name === 'asynchronous' ? { count: needed.count } : needed;
}

function copyAccelerators(
  problems: ProblemCollector,
  machine: AwsMachine,
  model: ServedModel,
  planned?: PlannedLoad,
): number {
  const max = machine.spec.accelerators;
  const { accelerators } = model;
  if (accelerators === undefined) return Math.min(max, planned?.plan.replica.accelerators ?? max);
  if (isWithin(accelerators, { min: 1, max: max })) return accelerators;
  problems.add({
    code: 'ComponentTooLarge',
    prop: 'accelerators',
    allowed: `a whole number from 1 to ${max}, the accelerators of ${machine.name}`,
    got: accelerators,
    fix: 'Use fewer, or a machine with more accelerators. A copy cannot span instances.',
  });
  return max;
}

/** Share of the host memory that a copy reserves. The rest is for SageMaker and for peaks. Our choice. */
const MEMORY_SHARE = 0.5;

function copyMemory(
  problems: ProblemCollector,
  { spec, name }: AwsMachine,
  model: ServedModel,
  accelerators: number,
): number {
  const { min } = SAGEMAKER_HOSTING.componentMemoryMiB;
  const share = (MEMORY_SHARE * spec.memoryGiB * accelerators) / spec.accelerators;
  const reserved = gibOf(model.memory);
  const memoryMiB = Math.floor(1024 * (reserved ?? share));
  if (memoryMiB >= min && memoryMiB <= 1024 * spec.memoryGiB) return memoryMiB;
  problems.add({
    code: 'ComponentTooLarge',
    prop: 'memory',
    allowed: `from ${min / 1024} to ${spec.memoryGiB} GiB, the host memory of ${name}`,
    got: reserved === undefined ? undefined : `${reserved} GiB`,
    fix: 'Leave it out to reserve half of the host memory that belongs to the accelerators of the copy. Host memory is separate from accelerator memory.',
  });
  return min;
}

/** Without a load, only the artifact shows the size of a model. */
function checkFit(
  problems: ProblemCollector,
  { spec, name }: AwsMachine,
  { artifact }: ServedModel,
  accelerators: number,
): void {
  const capacity = accelerators * spec.acceleratorMemoryGiB * 2 ** 30;
  if (!(artifact.sizeGB * 1e9 > capacity)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'artifact.sizeGB',
    allowed: `at most ${Math.floor(capacity / 1e9)} GB, the memory of ${accelerators} accelerators of ${name}`,
    got: artifact.sizeGB,
    fix: 'Raise `accelerators`, use a larger machine, or store the weights in fewer bits.',
  });
}

/** Instances for components: enough for the minimum copies of all models, and for the maximum copies of each model. */
function fleetOf(models: readonly ResolvedModel[], { machine, scaling }: InferenceEndpointProps): Instances {
  const each = machine?.spec.accelerators ?? 1;
  const needed = (copies: (limits: Limits) => number) =>
    Math.ceil(models.reduce((sum, { limits, accelerators = 0 }) => sum + copies(limits) * accelerators, 0) / each);
  // A schedule can exceed the usual limits, so the fleet must allow it.
  const min = scheduled(scaling, 'minReplicas');
  const max = scheduled(scaling, 'maxReplicas');
  const atMost = models.map(({ limits, copiesPerInstance }) =>
    Math.ceil(Math.max(limits.maxReplicas, ...max) / copiesPerInstance),
  );
  return {
    initial: Math.max(
      1,
      needed(({ minReplicas }) => Math.max(1, minReplicas)),
    ),
    minReplicas: needed(({ minReplicas }) => Math.min(minReplicas, ...min)),
    maxReplicas: atMost.reduce((sum, count) => sum + count, 0),
  };
}

function scheduled({ schedule = [] }: EndpointScaling = {}, limit: 'minReplicas' | 'maxReplicas'): number[] {
  return schedule.flatMap((one) => one[limit] ?? []);
}

/** Disk space of a model relative to its size, in addition to the default 30 GB for images and logs. */
const DISK_FACTOR = { archive: 2.5, files: 1.2 };
const BASE_GB = 30;

function volumeOf(problems: ProblemCollector, { machine, models }: InferenceEndpointProps): number | undefined {
  if (!machine || hasLocalDisks(machine) !== false) return undefined;
  const sizes = Object.values(models).map(({ artifact }) => DISK_FACTOR[artifact.kind] * artifact.sizeGB);
  const volumeGB = Math.ceil(BASE_GB + sizes.reduce((sum, size) => sum + size, 0));
  const { max } = SAGEMAKER_HOSTING.volumeGB;
  if (!(volumeGB > max)) return volumeGB;
  problems.add({
    code: 'VolumeTooSmall',
    prop: 'models',
    allowed: `at most ${max} GB of disk space together, because ${machine.name} has no local disks`,
    got: `${volumeGB} GB`,
    fix: 'Serve fewer or smaller models, use files instead of archives, or use a machine with local disks.',
  });
  return max;
}

/** Plans the load of an endpoint and adds what contradicts it. Returns undefined without a load, or if it cannot be planned. */
export function planLoad(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  scope: Construct,
): PlannedLoad | undefined {
  const { load, machine } = props;
  const [first] = Object.entries(props.models);
  if (!load || !machine || !first) return undefined;
  const view = plannedHost(problems, machine);
  const acceleratorsPerReplica = copySize(props, first[1]);
  const max = { min: 1, max: machine.spec.accelerators };
  if (!view || (acceleratorsPerReplica !== undefined && !isWithin(acceleratorsPerReplica, max))) return undefined;
  const { maxReplicas } = props.scaling ?? {};
  const input = { ...planProps(props, view, scope), acceleratorsPerReplica, load, maxReplicas };
  return planEndpoint(problems, servingPlanner(), input, namesOf(first[0]));
}

/** Accelerators of a copy, if they are fixed: an instance that is not shared holds one copy. */
function copySize(props: InferenceEndpointProps, { accelerators }: ServedModel): number | undefined {
  if (accelerators !== undefined) return accelerators;
  return kindOf(props).name === 'components' ? undefined : props.machine?.spec.accelerators;
}

function planProps(
  { machine, prices }: InferenceEndpointProps,
  view: Machine,
  scope: Construct,
): Omit<EndpointLoadInput, 'load'> {
  const { region } = Stack.of(scope);
  return {
    machine: view,
    region: Token.isUnresolved(region) ? undefined : region,
    // Throughput at which a new copy reads its weights. The default of the planner is more than most networks reach.
    storage: { throughputMBps: downloadMBps(machine!), sizeGiB: 1 },
    prices: hostPrices(prices),
  };
}

/** Names of the planner's inputs in the props of an endpoint. */
function namesOf(model: string): PropNames {
  return { acceleratorsPerReplica: `models.${model}.accelerators`, replicas: 'scaling.maxReplicas' };
}

/** Timeouts of a model, in seconds. */
export interface ModelTimes {
  readonly download: number;
  readonly startup: number;
}

/** Maximum download rate. Not measured: the planner assumes the same for a cold start. */
const MAX_MBPS = 1_000;
/** Share of the network bandwidth for a download. Our choice. */
const NETWORK_SHARE = 0.5;
/** Rate at which weights load from a disk into accelerators, partly through one process. Our choice. */
const LOAD_MBPS = 500;
/** Factor of safety: a timeout that is too short fails the deployment, a long one costs nothing. */
const SAFETY_FACTOR = 2;
const MIN_SECONDS = 300;

/** Download rate that this library assumes for a machine, in megabytes per second. */
export function downloadMBps({ spec: { networkGbps } }: AwsMachine): number {
  return Math.min(MAX_MBPS, NETWORK_SHARE * networkGbps * 125);
}

/** Timeouts of a model, from its options or its size. Adds a problem for a timeout that SageMaker does not support. */
export function modelTimes(problems: ProblemCollector, model: ServedModel, machine: AwsMachine): ModelTimes {
  const megabytes = 1_000 * model.artifact.sizeGB;
  const rate = downloadMBps(machine);
  const why = `a model of ${model.artifact.sizeGB} GB`;
  return {
    download: timeout(problems, 'downloadTimeout', model.downloadTimeout, {
      seconds: megabytes / rate,
      why: `${why} at ${Math.round(rate)} MB/s on ${machine.name}`,
    }),
    startup: timeout(problems, 'startupTimeout', model.startupTimeout, {
      seconds: model.container.startupSeconds + megabytes / LOAD_MBPS,
      why: `${model.container.row.title} with ${why}`,
    }),
  };
}

function timeout(
  problems: ProblemCollector,
  prop: 'downloadTimeout' | 'startupTimeout',
  given: Duration | undefined,
  need: { readonly seconds: number; readonly why: string },
): number {
  const { min, max } = SAGEMAKER_HOSTING.timeoutSeconds;
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'InferenceTimeout', prop, allowed, got, fix });
  if (given !== undefined) {
    const seconds = given.isUnresolved() ? Number.NaN : given.toSeconds({ integral: false });
    if (!isWithin(seconds, { min, max })) {
      const got = given.isUnresolved() ? 'a token' : given.toHumanString();
      wrong(`a whole number of seconds from ${min} to ${max}`, got, 'Use a timeout in that range, or leave it out.');
    }
    return seconds;
  }
  const seconds = 60 * Math.ceil(Math.max(MIN_SECONDS, SAFETY_FACTOR * need.seconds) / 60);
  // The artifact reports a size that is not a number.
  if (!Number.isFinite(seconds) || seconds <= max) return seconds;
  if (need.seconds > max) {
    wrong(
      `at most ${max} s, the limit of SageMaker`,
      `${Math.ceil(need.seconds)} s`,
      `Use a smaller model, or a machine with more network bandwidth. This is ${need.why}.`,
    );
  }
  return max;
}
