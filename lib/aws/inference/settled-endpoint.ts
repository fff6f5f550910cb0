import type { Construct } from 'constructs';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import type { NeededReplicas, PlannedLoad } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { AwsMachine } from '../machine/machine';
import { isWithin } from '../props/bounds';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { planLoad } from './endpoint-plan';
import { type EndpointScaling, type Limits, limitsOf } from './endpoint-scaling';
import { type ModelTimes, modelTimes } from './model-times';
import type { ServedModel } from './served-model';
import { hasLocalDisks } from './serving-host';

/** A model whose open sizes are settled. */
export interface SettledModel {
  readonly name: string;
  readonly model: ServedModel;
  /** Of each copy. @default - a serverless endpoint has none */
  readonly accelerators?: number;
  /** Of the host, for each copy. */
  readonly memoryMiB: number;
  /** Copies that one instance holds. */
  readonly copiesPerInstance: number;
  readonly limits: Limits;
  /** @default - a serverless endpoint takes no timeouts */
  readonly times?: ModelTimes;
}

/** How many instances there are. */
export interface Instances {
  readonly initial: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** An endpoint whose open sizes are settled. */
export interface SettledEndpoint {
  readonly models: readonly SettledModel[];
  /** Of the fleet that components share. */
  readonly fleet: Instances;
  /** Gigabytes of the volume of each instance. @default - it has local disks, or SageMaker's 30 do */
  readonly volumeGB?: number;
  /** @default - there is no load */
  readonly plan?: ServingPlan;
}

/** Settles what was left open, and adds what contradicts the machine. */
export function settle(problems: Problems, props: InferenceEndpointProps, scope: Construct): SettledEndpoint {
  const planned = planLoad(problems, props, scope);
  const models = Object.entries(props.models).map(([name, model], index) =>
    settleModel(problems.within(`models.${name}`), props, { name, model }, index === 0 ? planned : undefined),
  );
  return { models, fleet: fleetOf(models, props), volumeGB: volumeOf(problems, props), plan: planned?.plan };
}

function settleModel(
  problems: Problems,
  props: InferenceEndpointProps,
  { name, model }: Pick<SettledModel, 'name' | 'model'>,
  planned?: PlannedLoad,
): SettledModel {
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

/** Requests that wait are counted otherwise than those that are answered at once. */
function needOf(props: InferenceEndpointProps, { needed }: PlannedLoad): NeededReplicas {
  return kindOf(props).name === 'asynchronous' ? { count: needed.count } : needed;
}

function copyAccelerators(problems: Problems, machine: AwsMachine, model: ServedModel, planned?: PlannedLoad): number {
  const most = machine.spec.accelerators;
  const { accelerators } = model;
  if (accelerators === undefined) return Math.min(most, planned?.plan.replica.accelerators ?? most);
  if (isWithin(accelerators, { least: 1, most })) return accelerators;
  problems.add({
    code: 'ComponentTooLarge',
    prop: 'accelerators',
    allowed: `a whole number from 1 to the ${most} of ${machine.name}`,
    got: accelerators,
    fix: 'Take fewer, or a machine with more: no copy leaves its instance.',
  });
  return most;
}

/** Of its share of the host, what a copy is sure to get: the rest is SageMaker's own, and for what varies. Our choice. */
const MEMORY_SHARE = 0.5;

function copyMemory(problems: Problems, { spec, name }: AwsMachine, model: ServedModel, accelerators: number): number {
  const { least } = SAGEMAKER_HOSTING.componentMemoryMiB;
  const share = (MEMORY_SHARE * spec.memoryGiB * accelerators) / spec.accelerators;
  const memoryMiB = Math.floor(1024 * (model.memoryGiB ?? share));
  if (memoryMiB >= least && memoryMiB <= 1024 * spec.memoryGiB) return memoryMiB;
  problems.add({
    code: 'ComponentTooLarge',
    prop: 'memoryGiB',
    allowed: `from ${least / 1024} to less than the ${spec.memoryGiB} GiB of ${name}`,
    got: model.memoryGiB,
    fix: 'It is memory of the host, not of accelerators: leave it out for half of the share.',
  });
  return least;
}

/** Without a load, what is known of the size of a model is its artefact. */
function checkFit(
  problems: Problems,
  { spec, name }: AwsMachine,
  { artifact }: ServedModel,
  accelerators: number,
): void {
  const room = accelerators * spec.acceleratorMemoryGiB * 2 ** 30;
  if (!(artifact.sizeGB * 1e9 > room)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'artifact.sizeGB',
    allowed: `at most ${Math.floor(room / 1e9)} GB, which ${accelerators} accelerators of ${name} hold`,
    got: artifact.sizeGB,
    fix: 'Give a copy more accelerators, take a larger machine, or store weights in fewer bits.',
  });
}

/** Instances that components need: as few as hold the copies side by side, and enough for each model by itself at its most. */
function fleetOf(models: readonly SettledModel[], { machine, scaling }: InferenceEndpointProps): Instances {
  const each = machine?.spec.accelerators ?? 1;
  const needed = (copies: (limits: Limits) => number) =>
    Math.ceil(models.reduce((sum, { limits, accelerators = 0 }) => sum + copies(limits) * accelerators, 0) / each);
  // A schedule goes beyond the usual limits, and the fleet must let it.
  const least = scheduled(scaling, 'minimum');
  const most = scheduled(scaling, 'maximum');
  const atMost = models.map(({ limits, copiesPerInstance }) =>
    Math.ceil(Math.max(limits.maximum, ...most) / copiesPerInstance),
  );
  return {
    initial: Math.max(
      1,
      needed(({ minimum }) => Math.max(1, minimum)),
    ),
    minimum: needed(({ minimum }) => Math.min(minimum, ...least)),
    maximum: atMost.reduce((sum, count) => sum + count, 0),
  };
}

function scheduled({ schedule = [] }: EndpointScaling = {}, limit: 'minimum' | 'maximum'): number[] {
  return schedule.flatMap((one) => one[limit] ?? []);
}

/** Room for packed and unpacked models beside the 30 GB that images and logs have by default. */
const SPACE = { archive: 2.5, files: 1.2 };
const BASE_GB = 30;

function volumeOf(problems: Problems, { machine, models }: InferenceEndpointProps): number | undefined {
  if (!machine || hasLocalDisks(machine) !== false) return undefined;
  const sizes = Object.values(models).map(({ artifact }) => SPACE[artifact.kind] * artifact.sizeGB);
  const volumeGB = Math.ceil(BASE_GB + sizes.reduce((sum, size) => sum + size, 0));
  const { most } = SAGEMAKER_HOSTING.volumeGB;
  if (!(volumeGB > most)) return volumeGB;
  problems.add({
    code: 'VolumeTooSmall',
    prop: 'models',
    allowed: `at most ${most} GB together with what unpacks them: ${machine.name} has no local disks`,
    got: `${volumeGB} GB`,
    fix: 'Take fewer or smaller models, files in place of archives, or a machine with local disks.',
  });
  return most;
}
