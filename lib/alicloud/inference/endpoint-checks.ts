import type { ProblemCollector } from '../../core/errors';
import { checkServer } from '../../kubernetes';
import { checkLimits } from '../../terraform/load-limits';
import { checkRequestTime, type RequestTime } from '../../terraform/request-time';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import type { AlicloudMachine } from '../machine/machine';
import type { EndpointScaling, EndpointSpot, InferenceEndpointProps, ServedModel } from './endpoint-options';
import { MAX_REPLICAS, type ResolvedEndpoint, resolveEndpoint, sharesOf } from './resolved-endpoint';
import { FREE_DISK_GIB } from './service-body';

const MAX_MODELS = 20;
/** Our choice: EAS publishes no maximum. */
const MAX_TIMEOUT_SECONDS = 3600;
/** Maximum disk of a public machine. @see https://www.alibabacloud.com/help/en/pai/public-resource-group */
const MAX_DISK_GIB = 2000;
/** Lower-case letters, digits, and underscores. A service name has at most 63, with the name of the model. */
const ENDPOINT_NAME = /^[a-z][a-z0-9_]{2,39}$/;
const MODEL_NAME = /^[a-z0-9][a-z0-9_]{0,19}$/;
/** Ports of the EAS engine in each container. @see https://www.alibabacloud.com/help/en/pai/parameters-of-model-services */
const ENGINE_PORTS = [8080, 9090];

/** Adds each problem of an endpoint whose props have the right types, and resolves the settings that are left out. */
export function checkedEndpoint(problems: ProblemCollector, props: InferenceEndpointProps): ResolvedEndpoint {
  checkNames(problems, props);
  checkNetwork(problems, props);
  checkIds(problems, props);
  checkMachines(problems, props);
  if (props.spot) checkSpot(problems.within('spot'), props.spot);
  checkScaling(problems.within('scaling'), props.scaling);
  for (const [name, model] of Object.entries(props.models)) checkModel(problems.within(`models.${name}`), model);
  checkBounds(problems, 'EndpointOption', 'diskGiB', props.diskGiB, { min: FREE_DISK_GIB, max: MAX_DISK_GIB });
  checkTraffic(problems, props);
  const before = problems.all.length;
  // Problems of the load come last: fix the impossible settings first.
  if (before > 0) return { models: [] };
  const resolved = resolveEndpoint(problems, props);
  for (const model of resolved.models) {
    checkServer(problems.within(`models.${model.name}.server`), model.server);
    checkPort(problems, model.name, model.server.port);
    if (model.limits.maxReplicas > model.limits.minReplicas && model.target === undefined) addTarget(problems);
    if (model.planned) checkRequestTime(problems, model.planned.plan, requestTime(model));
  }
  return resolved;
}

/** Returns how long EAS waits for a response. */
export function requestTime({ name, timeoutSeconds }: { name: string; timeoutSeconds: number }): RequestTime {
  return {
    seconds: timeoutSeconds,
    allowed: (needed) => `at least ${needed} s`,
    prop: `models.${name}.timeoutSeconds`,
    fix: `Raise timeoutSeconds, up to ${MAX_TIMEOUT_SECONDS}, or request shorter responses.`,
    evidence: 'https://www.alibabacloud.com/help/en/pai/parameters-of-model-services',
  };
}

function checkNames(problems: ProblemCollector, { endpointName, models }: InferenceEndpointProps): void {
  const wrong = (prop: string, allowed: string, got: unknown) =>
    problems.add({ code: 'InferenceName', prop, allowed, got, fix: 'Choose another name.' });
  if (isKnown(problems, 'endpointName', endpointName) && !ENDPOINT_NAME.test(endpointName))
    wrong('endpointName', '3 to 40 lower-case letters, digits, and underscores, beginning with a letter', endpointName);
  const names = Object.keys(models);
  for (const name of names.filter((one) => !MODEL_NAME.test(one)))
    wrong(`models.${name}`, '1 to 20 lower-case letters, digits, and underscores', name);
  if (names.length > 0 && names.length <= MAX_MODELS) return;
  problems.add({
    code: 'ServedModels',
    prop: 'models',
    allowed: `an object with 1 to ${MAX_MODELS} models by name`,
    got: names.length,
    fix: names.length === 0 ? 'Add a model: { chat: { … } }.' : 'Use several endpoints.',
  });
}

function checkNetwork(problems: ProblemCollector, { network }: InferenceEndpointProps): void {
  checkRegion(problems, 'network.region', network.region);
  if (network.vswitches.length > 0) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'network.vswitches',
    allowed: 'a list with at least one vSwitch',
    got: [],
    fix: 'Add the vSwitches of the instances, in two or more zones.',
  });
}

function checkIds(problems: ProblemCollector, { gatewayId, workspaceId, roleName }: InferenceEndpointProps): void {
  const check = (prop: string, got: string | undefined, pattern: RegExp, allowed: string, fix: string) => {
    if (got === undefined || isUnknown(got) || pattern.test(got)) return;
    problems.add({ code: 'ResourceIdInvalid', prop, allowed, got, fix });
  };
  check('gatewayId', gatewayId, /^gw-[a-z0-9]{5,}$/, 'an ID that starts with gw-', 'Copy the ID of the gateway.');
  check('workspaceId', workspaceId, /^\d+$/, 'the ID of a workspace: digits', 'Copy the ID, not the name.');
  check('roleName', roleName, /^[\w.-]{1,64}$/, 'the name of a role, not its ARN', 'Leave out acs:ram.');
}

function checkMachines(problems: ProblemCollector, props: InferenceEndpointProps): void {
  checkMachine(problems, 'machine', props.machine);
  for (const [index, fallback] of (props.fallbackMachines ?? []).entries()) {
    const prop = `fallbackMachines[${index}]`;
    checkMachine(problems, prop, fallback);
    const { accelerators, acceleratorMemoryGB } = props.machine.spec;
    const { spec, name } = fallback;
    if (spec.accelerators === accelerators && spec.acceleratorMemoryGB >= acceleratorMemoryGB) continue;
    problems.add({
      code: 'EndpointOption',
      prop,
      allowed: `a machine with ${accelerators} accelerators of ${acceleratorMemoryGB} GB or more, because all machines run the same command`,
      got: `${name}, with ${spec.accelerators} of ${spec.acceleratorMemoryGB} GB`,
      fix: 'Use a machine of the same shape, or a second model.',
    });
  }
  const own = Object.entries(props.models).filter(([, { machine }]) => machine !== undefined);
  for (const [name, { machine }] of own) {
    checkMachine(problems, `models.${name}.machine`, machine!);
    if (!props.fallbackMachines?.length) continue;
    problems.add({
      code: 'EndpointOption',
      prop: `models.${name}.machine`,
      allowed: 'left out with fallbackMachines, which are for the machine of the endpoint',
      got: machine!.name,
      fix: 'Use a second endpoint.',
    });
  }
}

function checkMachine(problems: ProblemCollector, prop: string, { name, spec }: AlicloudMachine): void {
  if (Number.isInteger(spec.accelerators)) return;
  problems.add({
    code: 'MachineNotHosted',
    prop,
    allowed: 'a machine with whole GPUs',
    got: name,
    fix: 'Choose another machine.',
  });
}

function checkSpot(problems: ProblemCollector, { maxPricePerHour }: EndpointSpot): void {
  if (!isKnown(problems, 'maxPricePerHour', maxPricePerHour) || (maxPricePerHour > 0 && maxPricePerHour < 10_000))
    return;
  problems.add({
    code: 'EndpointOption',
    prop: 'maxPricePerHour',
    allowed: 'a price above 0 and below 10,000',
    got: maxPricePerHour,
    fix: 'Use the price of the regular machine per hour.',
  });
}

function checkModel(problems: ProblemCollector, { model, server, timeoutSeconds, scaling }: ServedModel): void {
  model.check(problems.within('model'));
  checkScaling(problems.within('scaling'), scaling);
  checkBounds(problems, 'InferenceTimeout', 'timeoutSeconds', timeoutSeconds, { min: 1, max: MAX_TIMEOUT_SECONDS });
  if (model.bucket || server?.hasOwnImage) return;
  problems.add({
    code: 'ServingContainerInvalid',
    prop: 'server.image',
    allowed: 'your own image, which contains the model',
    got: server?.image,
    fix: 'Set it in ServingServer.vllm({ image }).',
  });
}

/** EAS scales to zero only in some sources. The reference of the API requires a minimum above 0 and a maximum above the minimum. */
function checkScaling(problems: ProblemCollector, scaling: EndpointScaling | undefined): void {
  if (!scaling) return;
  const { minReplicas, targetRequestsPerSecond: target } = scaling;
  if (minReplicas === 0) {
    problems.add({
      code: 'ScaleToZero',
      prop: 'minReplicas',
      allowed: '1 or more, as the API of EAS requires',
      got: minReplicas,
      fix: 'Use 1, or use FunctionInference, which scales to zero.',
    });
  }
  checkLimits(problems, scaling, { min: minReplicas === 0 ? 0 : 1, max: MAX_REPLICAS });
  checkBounds(problems, 'ScalingLimits', 'scaleInCooldownMinutes', scaling.scaleInCooldownMinutes, { min: 1, max: 60 });
  if (!isKnown(problems, 'targetRequestsPerSecond', target) || (target > 0 && Number.isFinite(target))) return;
  problems.add({
    code: 'ScalingLimits',
    prop: 'targetRequestsPerSecond',
    allowed: 'a number above 0',
    got: target,
    fix: 'Use the requests per second that one instance can answer.',
  });
}

function addTarget(problems: ProblemCollector): void {
  problems.add({
    code: 'ValueMissing',
    prop: 'scaling.targetRequestsPerSecond',
    allowed: 'set for a range of instances without a load with requestsPerSecond',
    got: undefined,
    fix: 'Set `load`, or the requests per second that one instance can answer.',
  });
}

function checkPort(problems: ProblemCollector, name: string, port: number): void {
  if (!ENGINE_PORTS.includes(port)) return;
  problems.add({
    code: 'EndpointOption',
    prop: `models.${name}.server.port`,
    allowed: `a port other than ${ENGINE_PORTS.join(' and ')}, which the EAS engine uses`,
    got: port,
    fix: 'Use another port.',
  });
}

/** Adds each problem of the traffic split. */
function checkTraffic(problems: ProblemCollector, { models, scaling }: InferenceEndpointProps): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'TrafficSplit', prop, allowed, got, fix });
  const shares = Object.entries(models).map(([name, { trafficPercent: percent }]) => {
    const prop = `models.${name}.trafficPercent`;
    if (percent === undefined) return true;
    if (!isKnown(problems, prop, percent)) return false;
    if (Number.isInteger(percent) && percent >= 0 && percent <= 100) return true;
    wrong(prop, 'a whole number from 0 to 100', percent, 'Use a whole percentage.');
    return false;
  });
  if (!shares.every(Boolean)) return;
  const percents = sharesOf(models);
  const sum = percents.reduce((all, each) => all + each, 0);
  if (percents.length > 0 && sum !== 100)
    wrong('models', 'models whose trafficPercent adds up to 100', sum, 'Split 100 percent between the models.');
  if (percents.filter((share) => share > 0).length < 2) return;
  const why = 'left out for several models with requests, because EAS splits requests by the number of instances';
  const fix = 'Leave it out: the number of instances follows from trafficPercent and load.';
  for (const prop of ['minReplicas', 'targetRequestsPerSecond', 'scaleInCooldownMinutes'] as const)
    if (scaling?.[prop] !== undefined) wrong(`scaling.${prop}`, why, scaling[prop], fix);
  for (const [index, [name, model]] of Object.entries(models).entries())
    if (percents[index]! > 0 && model.scaling) wrong(`models.${name}.scaling`, why, model.scaling, fix);
}
