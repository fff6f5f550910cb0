import type { ProblemCollector } from '../../core/errors';
import { type PlannedLoad, planEndpoint, type ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import { servingPlanner } from '../../core/planning/serving/serving-planner';
import { checkServer, type ModelServer } from '../../kubernetes';
import { STARTUP } from '../../kubernetes/serving/load-plan';
import { resolvedServer } from '../../kubernetes/serving/serving-props';
import { checkLimits, limitsOf } from '../../terraform/load-limits';
import { checkRequestTime, type RequestTime } from '../../terraform/request-time';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { type FunctionSize, gpuMemoryGiB, gpuRow, plannedInstance } from './function-gpu';
import type { FunctionInferenceProps, FunctionTraffic } from './function-props';

/** The sizes and limits of a function, with all defaults filled in. */
export interface ResolvedFunction {
  readonly size: FunctionSize;
  readonly server: ModelServer;
  readonly limits: ReplicaLimits;
  readonly concurrency: number;
  readonly requestTime: RequestTime;
  /** @default - no load, or a load that cannot be planned */
  readonly planned?: PlannedLoad;
}

/** Default concurrent requests for each instance without a load. Our choice, as on Cloud Run. */
const DEFAULT_CONCURRENCY = 16;
const DEFAULT_TIMEOUT_SECONDS = 600;
/** Instances that an account can have in a region by default. @see https://www.alibabacloud.com/help/en/functioncompute/fc-3-0/product-overview/limits */
const MAX_REPLICAS = 300;
/** Source: terraform-provider-alicloud, resource_alicloud_fcv3_function.go. */
const MAX_CONCURRENCY = 200;
const MAX_TIMEOUT_SECONDS = 86_400;

/** Validates the values of the props, whose types are valid already, and fills in the defaults. */
export function resolveFunction(problems: ProblemCollector, props: FunctionInferenceProps): ResolvedFunction {
  const { load, scaling, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = props;
  const size = { gpu: props.gpu, ...gpuRow(props.gpu).defaults, ...defined(props) };
  const server = resolvedServer(props.server, load);
  checkSize(problems, size);
  checkServer(problems.within('server'), server);
  checkFunction(problems, props, server);
  checkNumbers(problems, props);
  if (props.traffic) checkTraffic(problems.within('traffic'), props.traffic);
  if (!load) checkFit(problems, props);
  const planned = planLoad(problems, props, size);
  const time = requestTime(timeoutSeconds);
  if (planned && !isUnknown(timeoutSeconds)) checkRequestTime(problems, planned.plan, time);
  const min = scaling?.minReplicas ?? (planned ? undefined : 0);
  const stated = { ...scaling, ...(min !== undefined && { minReplicas: min }) };
  const limits = limitsOf(problems, stated, planned?.needed, MAX_REPLICAS);
  const concurrency = props.concurrency ?? concurrencyOf(planned);
  if (planned && !isUnknown(concurrency)) checkConcurrency(problems, props, planned, concurrency, limits);
  return { size, server, limits, concurrency, requestTime: time, planned };
}

function defined({ vcpus, memoryGiB }: FunctionInferenceProps): Partial<FunctionSize> {
  return { ...(vcpus !== undefined && { vcpus }), ...(memoryGiB !== undefined && { memoryGiB }) };
}

function checkSize(problems: ProblemCollector, { gpu, vcpus, memoryGiB }: FunctionSize): void {
  const row = gpuRow(gpu);
  if (isKnown(problems, 'vcpus', vcpus) && !row.vcpus.includes(vcpus)) {
    problems.add({
      code: 'InstanceSize',
      prop: 'vcpus',
      allowed: `one of ${row.vcpus.join(', ')} with ${gpu}`,
      got: vcpus,
      fix: 'Use the next larger of these.',
    });
  }
  checkBounds(problems, 'InstanceSize', 'memoryGiB', memoryGiB, row.memoryGiB, `, as the provider accepts for ${gpu}`);
}

function checkNumbers(problems: ProblemCollector, props: FunctionInferenceProps): void {
  const { scaling, concurrency, timeoutSeconds } = props;
  if (scaling) checkLimits(problems.within('scaling'), scaling, { min: 0, max: MAX_REPLICAS });
  checkBounds(problems, 'ScalingLimits', 'concurrency', concurrency, { min: 1, max: MAX_CONCURRENCY });
  checkBounds(problems, 'InferenceTimeout', 'timeoutSeconds', timeoutSeconds, { min: 1, max: MAX_TIMEOUT_SECONDS });
}

/** Images that Function Compute pulls: those of Container Registry. @see https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/create-a-function-in-a-custom-container-runtime */
const REGISTRY = /^[a-z0-9.-]+\.(cr\.)?aliyuncs\.com\//;
/** Variables of the platform. @see https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/environment-variables */
const RESERVED = /^(FC_|ALIBABA_CLOUD_)/;
const NAME = /^[A-Za-z_][\w-]{0,63}$/;
/** Without the domain @role. */
const ROLE_NAME = /^[\w.-]{1,64}$/;

function checkFunction(problems: ProblemCollector, props: FunctionInferenceProps, { image, env }: ModelServer): void {
  const { model, name, network, invokers = [], roleName } = props;
  model.check(problems.within('model'));
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  if (!isUnknown(image) && !REGISTRY.test(image)) {
    const fix = 'Copy the image to Container Registry in the region, and set it in ServingServer.vllm({ image }).';
    wrong('server.image', 'an image in Container Registry (ACR), as Function Compute requires', image, fix);
  }
  for (const { name: variable } of env.filter((one) => RESERVED.test(one.name)))
    wrong(`server.env.${variable}`, 'left out, because Function Compute sets it', variable, 'Leave it out.');
  if (name !== undefined && isKnown(problems, 'name', name) && !NAME.test(name)) {
    problems.add({
      code: 'InferenceName',
      prop: 'name',
      allowed: '1 to 64 letters, digits, underscores, and hyphens, beginning with a letter or an underscore',
      got: name,
      fix: 'Choose another name.',
    });
  }
  checkRoleName(problems, 'roleName', roleName);
  for (const [index, role] of invokers.entries()) checkRoleName(problems, `invokers[${index}]`, role);
  if (!network || network.vswitches.length > 0) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'network.vswitches',
    allowed: 'a list with at least one vSwitch',
    got: [],
    fix: 'Add the vSwitches of the function.',
  });
}

/** Adds a problem if a value is not the name of a role. */
export function checkRoleName(problems: ProblemCollector, prop: string, name: string | undefined): void {
  if (name === undefined || isUnknown(name) || ROLE_NAME.test(name)) return;
  problems.add({
    code: 'InvokerInvalid',
    prop,
    allowed: 'the name of a RAM role, not its ARN',
    got: name,
    fix: 'Leave out acs:ram and the account.',
  });
}

function checkTraffic(problems: ProblemCollector, { version, nextVersion, nextPercent }: FunctionTraffic): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'TrafficSplit', prop, allowed, got, fix });
  for (const [prop, one] of Object.entries({ version, nextVersion }))
    if (one !== undefined && !isUnknown(one) && !/^\d+$/.test(one))
      wrong(prop, 'the number of a published version', one, 'Publish a version, and use its number.');
  if (nextVersion === undefined && nextPercent !== undefined)
    wrong('nextPercent', 'left out without nextVersion', nextPercent, 'Set nextVersion.');
  if (nextVersion !== undefined && !isUnknown(nextVersion) && nextVersion === version)
    wrong('nextVersion', 'another version than version', nextVersion, 'Leave it out.');
  checkBounds(problems, 'TrafficSplit', 'nextPercent', nextPercent, { min: 1, max: 99 });
}

/** Without a load, only the size of the model files is known. */
function checkFit(problems: ProblemCollector, { gpu, model: { sizeGiB } }: FunctionInferenceProps): void {
  const memoryGiB = gpuMemoryGiB(gpu);
  if (isUnknown(sizeGiB) || !(sizeGiB > memoryGiB)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'model.sizeGiB',
    allowed: `at most ${memoryGiB} GiB, the memory of the single GPU of an instance`,
    got: sizeGiB,
    fix: 'Choose a larger GPU, store the weights in fewer bits, or use InferenceEndpoint.',
  });
}

function concurrencyOf(planned: PlannedLoad | undefined): number {
  if (planned?.needed.target === undefined) return DEFAULT_CONCURRENCY;
  return Math.max(1, Math.min(planned.needed.target, planned.plan.memory.maxConcurrency, MAX_CONCURRENCY));
}

/** Function Compute rejects requests above the capacity of all instances. */
function checkConcurrency(
  problems: ProblemCollector,
  props: FunctionInferenceProps,
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
    fix: `Raise timeoutSeconds, up to ${MAX_TIMEOUT_SECONDS}, or request shorter responses.`,
    evidence: 'https://www.alibabacloud.com/help/en/functioncompute/fc-3-0/product-overview/limits',
  };
}

/** Props of a function whose names differ from those of the planner. */
const NAMES = { acceleratorsPerReplica: 'gpu', machine: 'gpu', replicas: 'scaling.maxReplicas' };

function planLoad(
  problems: ProblemCollector,
  { load, scaling, prices, network }: FunctionInferenceProps,
  size: FunctionSize,
): PlannedLoad | undefined {
  if (!load || isUnknown(size.vcpus) || isUnknown(size.memoryGiB)) return undefined;
  const input = {
    load,
    machine: plannedInstance(size),
    region: network && !isUnknown(network.region) ? network.region : undefined,
    acceleratorsPerReplica: 1,
    prices,
    storage: { throughputMBps: (STARTUP.readGiBPerSecond * 2 ** 30) / 1e6, sizeGiB: 1 },
    maxReplicas: isUnknown(scaling?.maxReplicas) ? undefined : scaling?.maxReplicas,
  };
  return planEndpoint(problems, servingPlanner(), input, NAMES);
}
