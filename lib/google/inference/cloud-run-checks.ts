import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { Problems } from '../../core/errors';
import type { PlannedLoad, ReplicaLimits } from '../../core/planning/endpoint-load';
import { servingPlanner } from '../../core/planning/serving-planner';
import { checkServer, type ModelServer } from '../../kubernetes';
import { resolvedServer } from '../../kubernetes/serving/serving-defaults';
import { limitsOf } from '../../terraform/load-limits';
import { ServingServer } from '../../kubernetes/serving/serving-server';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import { checkService } from './cloud-run-container-checks';
import { type CloudRunSize, gpuMemoryGiB, gpuRow } from './cloud-run-gpu';
import { planLoad } from './cloud-run-plan';
import type { CloudRunInferenceProps } from './cloud-run-props';
import { checkLimits } from './endpoint-scaling';
import { checkInvokers } from './invokers';
import { checkRequestTime, type RequestTime } from './request-time';

/** A service whose open sizes are settled. */
export interface SettledService {
  readonly size: CloudRunSize;
  readonly server: ModelServer;
  readonly limits: ReplicaLimits;
  readonly concurrency: number;
  readonly requestTime: RequestTime;
  /** @default - there is no load, or nothing to plan it on */
  readonly planned?: PlannedLoad;
}

/** Requests at once that a GPU of this size serves well, where nothing is known of the load. Our choice. */
const DEFAULT_CONCURRENCY = 16;
const DEFAULT_TIMEOUT_SECONDS = 600;

/** Adds everything that contradicts itself in a service whose props have the right kinds, and settles what was left open. */
export function settleService(problems: Problems, props: CloudRunInferenceProps): SettledService {
  const { load, scaling, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = props;
  const size = sizeOf(props);
  const server = resolvedServer(props.server ?? ServingServer.vllm(), load);
  checkRegion(problems, 'region', props.region);
  checkSize(problems, size);
  checkServer(problems.within('server'), server);
  checkService(problems, props, server);
  checkNumbers(problems, props);
  checkInvokers(problems, props.invokers);
  if (!load) checkFit(problems, props);
  const planned = planLoad(problems, props, size);
  const time = requestTime(timeoutSeconds);
  if (planned && !isUnknown(timeoutSeconds)) checkRequestTime(problems, planned.plan, time);
  const open = { minimum: planned ? undefined : 0, ...stated(scaling) };
  const limits = limitsOf(problems, open, planned?.needed, CLOUD_RUN.instances);
  const concurrency = props.concurrency ?? concurrencyOf(planned);
  if (planned && !isUnknown(concurrency)) checkRoom(problems, props, planned, concurrency, limits);
  return { size, server, limits, concurrency, requestTime: time, planned };
}

/** A limit that is left out has a default. */
function stated({ minimum, maximum }: NonNullable<CloudRunInferenceProps['scaling']> = {}): Partial<ReplicaLimits> {
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

function sizeOf(props: CloudRunInferenceProps): CloudRunSize {
  const { gpu, region, zonalRedundancy = false } = props;
  const { vcpus, memoryGiB } = DEFAULT_SIZES[gpu];
  return {
    gpu,
    region,
    zonalRedundancy,
    vcpus: props.vcpus ?? vcpus,
    memoryGiB: props.memoryGiB ?? memoryGiB,
  };
}

/** As many cores and GiB as are usual: twice the least with an L4, the least with the larger GPU. */
const DEFAULT_SIZES = {
  'nvidia-l4': { vcpus: 8, memoryGiB: 32 },
  'nvidia-rtx-pro-6000': { vcpus: 20, memoryGiB: 80 },
} as const;

function checkSize(problems: Problems, { gpu, vcpus, memoryGiB }: CloudRunSize): void {
  const row = gpuRow(gpu);
  const [least, most] = [row.vcpus[0]!, row.vcpus.at(-1)!];
  const sound = checkBounds(problems, 'InstanceSize', 'vcpus', vcpus, { least, most });
  if (sound && !row.vcpus.includes(vcpus)) {
    problems.add({
      code: 'InstanceSize',
      prop: 'vcpus',
      allowed: `one of ${row.vcpus.join(', ')} with an ${row.title}`,
      got: vcpus,
      fix: 'Take the next of these.',
    });
  }
  checkBounds(problems, 'InstanceSize', 'memoryGiB', memoryGiB, row.memoryGiB);
}

function checkNumbers(problems: Problems, { scaling, concurrency, timeoutSeconds }: CloudRunInferenceProps): void {
  if (scaling) checkLimits(problems.within('scaling'), scaling, { least: 0, most: CLOUD_RUN.instances });
  checkBounds(problems, 'ScalingLimits', 'concurrency', concurrency, { least: 1, most: CLOUD_RUN.concurrency });
  checkBounds(problems, 'InferenceTimeout', 'timeoutSeconds', timeoutSeconds, {
    least: 1,
    most: CLOUD_RUN.timeoutSeconds,
  });
}

/** Without a load, what is known of the size of a model is its files. */
function checkFit(problems: Problems, { gpu, model: { sizeGiB } }: CloudRunInferenceProps): void {
  const room = gpuMemoryGiB(gpu);
  if (isUnknown(sizeGiB) || !(sizeGiB > room)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'model.sizeGiB',
    allowed: `at most ${room} GiB, which the ${gpuRow(gpu).title} holds: an instance has one GPU`,
    got: sizeGiB,
    fix: 'Take a larger GPU, store weights in fewer bits, or use InferenceEndpoint or KubernetesInference.',
  });
}

/** The share of the load that each instance has, and no more than its memory holds. */
function concurrencyOf(planned: PlannedLoad | undefined): number {
  if (planned?.needed.target === undefined) return DEFAULT_CONCURRENCY;
  const { maxConcurrency } = planned.plan.memory;
  return Math.max(1, Math.min(planned.needed.target, maxConcurrency, CLOUD_RUN.concurrency));
}

/** Requests beyond what all instances take at once wait, and in the end are refused. */
function checkRoom(
  problems: Problems,
  props: CloudRunInferenceProps,
  { plan }: PlannedLoad,
  concurrency: number,
  { maximum }: ReplicaLimits,
): void {
  const atOnce = servingPlanner().requestsAtOnce(props.load!, plan.latency);
  // What memory does not hold is told by the plan.
  if (atOnce === undefined || props.concurrency === undefined || atOnce <= concurrency * maximum) return;
  problems.add({
    code: 'ConcurrencyTooHigh',
    prop: 'concurrency',
    allowed: `at least ${Math.ceil(atOnce / maximum)}: the load has ${Math.ceil(atOnce)} requests at once, and there are up to ${maximum} instances`,
    got: concurrency,
    fix: 'Raise it, or scaling.maximum.',
  });
}

function requestTime(seconds: number): RequestTime {
  return {
    seconds,
    prop: 'timeoutSeconds',
    fix: `Raise timeoutSeconds, up to ${CLOUD_RUN.timeoutSeconds}, or let answers be shorter.`,
    evidence: 'https://cloud.google.com/run/docs/configuring/request-timeout',
  };
}
