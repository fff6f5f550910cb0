import { checkReplicaOrder } from '../../core/bounds';
import { parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { checkResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { checkContainerAppEnvironment } from './container-app-environment';
import type { ContainerAppInferenceProps, ContainerAppScaling } from './container-app-inference-props';
import { MAX_REPLICAS, type ResolvedScaling, resolveScaling } from './container-app-plan';
import { CONTAINER_APP_INFERENCE_PROPS } from '../prop-schemas';

/** Adds each problem in the props of an app, and resolves its scaling. */
export function checkContainerApp(
  problems: ProblemCollector,
  props: ContainerAppInferenceProps,
): ResolvedScaling | undefined {
  if (!validateProps(problems, props, CONTAINER_APP_INFERENCE_PROPS)) return undefined;
  const { model, server, environment, accelerator, registry } = props;
  checkName(problems, props.name);
  model.check(problems.within('model'));
  server?.check(problems.within('server'));
  checkMemory(problems, props);
  if (model.source.kind === 'hub' && server?.engine === 'custom') {
    problems.add({
      code: 'ModelSourceInvalid',
      prop: 'model',
      allowed: 'in the image or on a file share for a custom server: only vLLM downloads from the hub',
      got: 'ContainerAppModel.huggingFace()',
      fix: 'Use ContainerAppServer.vllm(), or another source.',
    });
  }
  checkResourceId(problems, 'registry.id', registry?.id, 'Microsoft.ContainerRegistry/registries');
  if (environment) checkExistingEnvironment(problems, props);
  else checkNewEnvironment(problems, props);
  if (environment && environment.profiles?.[accelerator.name] === undefined) {
    problems.add({
      code: 'AppEnvironment',
      prop: 'environment.profiles',
      allowed: `an object with the workload profile of ${accelerator.name}`,
      got: environment.profiles,
      fix: 'Add the profile, or use an accelerator of the environment.',
    });
  }
  for (const [index, cidr] of (props.clientCidrs ?? []).entries()) {
    if (isUnknown(cidr) || parseCidr(cidr)) continue;
    const fix = 'Use the first address of the block, for example 10.0.0.0/16.';
    problems.add({
      code: 'CidrInvalid',
      prop: `clientCidrs[${index}]`,
      allowed: 'an IPv4 CIDR block',
      got: cidr,
      fix,
    });
  }
  const resolved = resolveScaling(problems, props);
  checkScaling(problems.within('scaling'), props.scaling, resolved);
  return resolved;
}

// Source: azurerm, validate.ContainerAppName. Maximum length: resource name rules of Microsoft.App.
const NAME = /^(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function checkName(problems: ProblemCollector, name: string | undefined): void {
  if (!isKnown(problems, 'name', name) || NAME.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop: 'name',
    allowed: '2 to 32 lower-case letters, digits and single hyphens that begin with a letter',
    got: name,
    fix: 'Use a valid name, or leave it out.',
  });
}

/** Share of the GPU memory for weights. The rest is for requests. vLLM uses 0.9 in total. */
const WEIGHTS_SHARE = 0.85;
const GB_PER_GIB = 2 ** 30 / 1e9;

/** Without a load. The planner checks a load in more detail. */
function checkMemory(problems: ProblemCollector, { model, accelerator, load }: ContainerAppInferenceProps): void {
  const { sizeGiB } = model;
  const max = Math.floor((accelerator.acceleratorMemoryGB * WEIGHTS_SHARE) / GB_PER_GIB);
  if (load || isUnknown(sizeGiB) || !(sizeGiB > max)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'model.sizeGiB',
    allowed: `at most ${max} on ${accelerator.name}, where weights and requests share ${accelerator.acceleratorMemoryGB} GB`,
    got: sizeGiB,
    fix: 'Store the weights with fewer bits, or serve on AKS or Azure ML.',
  });
}

const ENVIRONMENT_PROPS = ['network', 'cidr', 'subnetId', 'logs'] as const;

function checkExistingEnvironment(problems: ProblemCollector, props: ContainerAppInferenceProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkResourceId(problems, 'environment.id', props.environment?.id, 'Microsoft.App/managedEnvironments');
  for (const prop of ENVIRONMENT_PROPS) {
    if (props[prop] === undefined) continue;
    const allowed = 'left out for an existing environment';
    problems.add({
      code: 'AppEnvironment',
      prop,
      allowed,
      got: 'a value',
      fix: 'Leave it out: the environment has its own.',
    });
  }
}

function checkNewEnvironment(problems: ProblemCollector, props: ContainerAppInferenceProps): void {
  const { network, accelerator } = props;
  if (network) {
    checkContainerAppEnvironment(problems, { ...props, network, accelerators: [accelerator] });
    return;
  }
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  problems.add({
    code: 'ValueMissing',
    prop: 'network',
    allowed: 'set without `environment`',
    got: undefined,
    fix: 'Set `network`, or pass an existing `environment`.',
  });
}

/** Problems of values that the load determines belong to `load`. */
function checkScaling(problems: ProblemCollector, stated: ContainerAppScaling = {}, resolved: ResolvedScaling): void {
  const { minReplicas, maxReplicas, targetConcurrency, cooldownSeconds } = stated;
  const whole = (prop: string, value: number | undefined, min: number, max: number) =>
    checkBounds(problems, 'ScalingLimits', prop, value, { min, max });
  const known = [
    whole('minReplicas', minReplicas, 0, MAX_REPLICAS),
    whole('maxReplicas', maxReplicas, 1, MAX_REPLICAS),
  ];
  if (known.every(Boolean)) checkReplicaOrder(problems, resolved);
  whole('targetConcurrency', targetConcurrency, 1, 100_000);
  whole('cooldownSeconds', cooldownSeconds, 1, 86_400);
}
