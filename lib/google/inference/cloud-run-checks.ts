import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { ProblemCollector } from '../../core/errors';
import { type PlannedLoad, type ReplicaLimits, planEndpoint } from '../../core/planning/serving/endpoint-load';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import { checkServer, type ModelServer } from '../../kubernetes';
import { resolvedServer } from '../../kubernetes/serving/serving-props';
import { checkLimits, limitsOf } from '../../terraform/load-limits';
import { ServingServer } from '../../kubernetes/serving/serving-server';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import { type CloudRunSize, gpuMemoryGiB, gpuRow, plannedInstance, pricesOf } from './cloud-run-model';
import { type CloudRunInferenceProps, readGiBPerSecond } from './cloud-run-inference';
import { checkInvokers } from './invokers';
import { checkRequestTime, type RequestTime } from '../../terraform/request-time';
import { checkKeyRegion } from '../operations/encryption-key';

/** The sizes and limits of a service, with all defaults filled in. */
export interface ResolvedService {
  readonly size: CloudRunSize;
  readonly server: ModelServer;
  readonly limits: ReplicaLimits;
  readonly concurrency: number;
  readonly requestTime: RequestTime;
  /** @default - no load, or a load that cannot be planned */
  readonly planned?: PlannedLoad;
}

/** Default concurrent requests for each instance if there is no load. Our choice. */
const DEFAULT_CONCURRENCY = 16;
const DEFAULT_TIMEOUT_SECONDS = 600;

/** Validates the values of the props, whose types are valid already, and fills in the defaults. */
export function resolveService(problems: ProblemCollector, props: CloudRunInferenceProps): ResolvedService {
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
  const limits = limitsOf(problems, statedLimits(scaling, planned), planned?.needed, CLOUD_RUN.instances);
  const concurrency = props.concurrency ?? concurrencyOf(planned);
  if (planned && !isUnknown(concurrency)) checkConcurrency(problems, props, planned, concurrency, limits);
  return { size, server, limits, concurrency, requestTime: time, planned };
}

/** The limits that the props set. Without a load, a service scales to zero. */
function statedLimits(
  { minReplicas, maxReplicas }: NonNullable<CloudRunInferenceProps['scaling']> = {},
  planned: PlannedLoad | undefined,
): Partial<ReplicaLimits> {
  const min = minReplicas ?? (planned ? undefined : 0);
  return { ...(min !== undefined && { minReplicas: min }), ...(maxReplicas !== undefined && { maxReplicas }) };
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

/** Twice the minimum for an L4, and the minimum for the larger GPU. */
const DEFAULT_SIZES = {
  'nvidia-l4': { vcpus: 8, memoryGiB: 32 },
  'nvidia-rtx-pro-6000': { vcpus: 20, memoryGiB: 80 },
} as const;

function checkSize(problems: ProblemCollector, { gpu, vcpus, memoryGiB }: CloudRunSize): void {
  const row = gpuRow(gpu);
  const [min, max] = [row.vcpus[0]!, row.vcpus.at(-1)!];
  const isInRange = checkBounds(problems, 'InstanceSize', 'vcpus', vcpus, { min, max });
  if (isInRange && !row.vcpus.includes(vcpus)) {
    problems.add({
      code: 'InstanceSize',
      prop: 'vcpus',
      allowed: `one of ${row.vcpus.join(', ')} with an ${row.title}`,
      got: vcpus,
      fix: 'Use the next larger of these.',
    });
  }
  checkBounds(problems, 'InstanceSize', 'memoryGiB', memoryGiB, row.memoryGiB);
}

function checkNumbers(
  problems: ProblemCollector,
  { scaling, concurrency, timeoutSeconds }: CloudRunInferenceProps,
): void {
  if (scaling) checkLimits(problems.within('scaling'), scaling, { min: 0, max: CLOUD_RUN.instances });
  checkBounds(problems, 'ScalingLimits', 'concurrency', concurrency, { min: 1, max: CLOUD_RUN.concurrency });
  checkBounds(problems, 'InferenceTimeout', 'timeoutSeconds', timeoutSeconds, {
    min: 1,
    max: CLOUD_RUN.timeoutSeconds,
  });
}

/** Without a load, only the size of the model files is known. */
function checkFit(problems: ProblemCollector, { gpu, model: { sizeGiB } }: CloudRunInferenceProps): void {
  const memoryGiB = gpuMemoryGiB(gpu);
  if (isUnknown(sizeGiB) || !(sizeGiB > memoryGiB)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'model.sizeGiB',
    allowed: `at most ${memoryGiB} GiB, the memory of the single ${gpuRow(gpu).title} in an instance`,
    got: sizeGiB,
    fix: 'Choose a larger GPU, store the weights in fewer bits, or use InferenceEndpoint or KubernetesInference.',
  });
}

/** Concurrent requests for each instance: its share of the load, within its memory. */
function concurrencyOf(planned: PlannedLoad | undefined): number {
  if (planned?.needed.target === undefined) return DEFAULT_CONCURRENCY;
  const { maxConcurrency } = planned.plan.memory;
  return Math.max(1, Math.min(planned.needed.target, maxConcurrency, CLOUD_RUN.concurrency));
}

/** Requests above the capacity of all instances wait, and in the end fail. */
function checkConcurrency(
  problems: ProblemCollector,
  props: CloudRunInferenceProps,
  { plan }: PlannedLoad,
  concurrency: number,
  { maxReplicas }: ReplicaLimits,
): void {
  const atOnce = servingPlanner().requestsAtOnce(props.load!, plan.latency);
  // The plan already reports what does not fit in memory.
  if (atOnce === undefined || props.concurrency === undefined || atOnce <= concurrency * maxReplicas) return;
  problems.add({
    code: 'ConcurrencyTooHigh',
    prop: 'concurrency',
    allowed: `at least ${Math.ceil(atOnce / maxReplicas)}, because the load has ${Math.ceil(atOnce)} concurrent requests for up to ${maxReplicas} instances`,
    got: concurrency,
    fix: 'Raise it, or raise scaling.maxReplicas.',
  });
}

function requestTime(seconds: number): RequestTime {
  return {
    seconds,
    allowed: (needed) => `at least ${needed} s`,
    prop: 'timeoutSeconds',
    fix: `Raise timeoutSeconds, up to ${CLOUD_RUN.timeoutSeconds}, or request shorter responses.`,
    evidence: 'https://cloud.google.com/run/docs/configuring/request-timeout',
  };
}

const NAMES = { acceleratorsPerReplica: 'gpu', replicas: 'scaling.maxReplicas' };

/** Plans the load of a service, and adds its problems. Returns nothing without a load, or if the size is a token. */
export function planLoad(
  problems: ProblemCollector,
  props: CloudRunInferenceProps,
  size: CloudRunSize,
): PlannedLoad | undefined {
  const { load, scaling, prices } = props;
  if (!load || isUnknown(size.region) || isUnknown(size.vcpus) || isUnknown(size.memoryGiB)) return undefined;
  const input = {
    load,
    machine: plannedInstance(size),
    region: size.region,
    acceleratorsPerReplica: 1,
    prices: pricesOf([size], prices),
    storage: { throughputMBps: (readGiBPerSecond(props) * 2 ** 30) / 1e6, sizeGiB: 1 },
    maxReplicas: isUnknown(scaling?.maxReplicas) ? undefined : scaling?.maxReplicas,
  };
  return planEndpoint(problems, servingPlanner(), input, NAMES);
}

/**
 * Registries that Cloud Run pulls from: Google's registries, and Docker Hub.
 *
 * @see https://cloud.google.com/run/docs/deploying#images
 */
const REGISTRY = /^(([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io|docker\.io)\/|[^/.:]+\/|[^/]+$)/;

/** Variables that Cloud Run sets. @see https://cloud.google.com/run/docs/container-contract#env-vars */
const RESERVED_VARIABLES = ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'];

const NAME = new RegExp(`^[a-z]([a-z0-9-]{0,${CLOUD_RUN.maxNameLength - 2}}[a-z0-9])?$`);

/** Checks the container of a service, its model, its name, its key and its network. */
export function checkService(
  problems: ProblemCollector,
  props: CloudRunInferenceProps,
  { image, env }: ModelServer,
): void {
  const { model, server, name, network, region } = props;
  model.check(problems.within('model'));
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  if (!isUnknown(image) && !REGISTRY.test(image)) {
    const fix = 'Copy the image to Artifact Registry, or use a remote repository there.';
    wrong('server.image', 'an image in Artifact Registry or on Docker Hub, as Cloud Run requires', image, fix);
  }
  if (!model.bucket && !server?.hasOwnImage) {
    const fix = 'Set it in ServingServer.vllm({ image }).';
    wrong('server.image', 'your own image, which contains the model', image, fix);
  }
  for (const { name: variable } of env.filter((one) => RESERVED_VARIABLES.includes(one.name))) {
    wrong(`server.env.${variable}`, 'left out, because Cloud Run sets it', variable, 'Leave it out.');
  }
  if (name !== undefined && !isUnknown(name) && !NAME.test(name)) {
    problems.add({
      code: 'InferenceName',
      prop: 'name',
      allowed: `1 to ${CLOUD_RUN.maxNameLength} lowercase letters, digits and hyphens, with a letter first and no hyphen at the end`,
      got: name,
      fix: 'Choose another name.',
    });
  }
  checkKeyRegion(problems, props.encryptionKey, region);
  if (!network || isUnknown(region) || isUnknown(network.region) || network.region === region) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'network',
    allowed: `a network with a subnetwork in ${region}`,
    got: network.region,
    fix: 'Use the same region for both.',
  });
}
