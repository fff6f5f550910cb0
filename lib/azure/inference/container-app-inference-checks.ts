import { checkReplicaOrder } from '../../core/bounds';
import { parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { fits } from '../../core/shapes';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { checkResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { checkContainerAppEnvironment } from './container-app-environment';
import {
  CONTAINER_APP_INFERENCE,
  type ContainerAppInferenceProps,
  type ContainerAppScaling,
} from './container-app-inference-props';
import { MOST_REPLICAS, type SettledScaling, settleScaling } from './container-app-plan';

/** Adds everything in which the props of an app contradict themselves, or what Azure takes, and settles its scaling. */
export function checkContainerApp(problems: Problems, props: ContainerAppInferenceProps): SettledScaling | undefined {
  if (!fits(problems, props, CONTAINER_APP_INFERENCE)) return undefined;
  const { model, server, environment, accelerator, registry } = props;
  checkName(problems, props.name);
  model.check(problems.within('model'));
  server?.check(problems.within('server'));
  checkMemory(problems, props);
  if (model.source.kind === 'hub' && server?.engine === 'own') {
    problems.add({
      code: 'ModelSourceInvalid',
      prop: 'model',
      allowed: 'in the image or on a share, for a server of your own: vLLM alone downloads from the hub',
      got: 'ContainerAppModel.huggingFace()',
      fix: 'Use ContainerAppServer.vllm(), or another model.',
    });
  }
  checkResourceId(problems, 'registry.id', registry?.id, 'Microsoft.ContainerRegistry/registries');
  if (environment) checkBrought(problems, props);
  else checkNew(problems, props);
  if (environment && environment.profiles?.[accelerator.name] === undefined) {
    problems.add({
      code: 'AppEnvironment',
      prop: 'environment.profiles',
      allowed: `with a workload profile for ${accelerator.name}`,
      got: environment.profiles,
      fix: 'Name the profile, or take an accelerator that it has.',
    });
  }
  for (const [index, cidr] of (props.allowedCidrs ?? []).entries()) {
    if (isUnknown(cidr) || parseCidr(cidr)) continue;
    const fix = 'Write it as 10.0.0.0/16.';
    problems.add({ code: 'CidrInvalid', prop: `allowedCidrs[${index}]`, allowed: 'an IPv4 block', got: cidr, fix });
  }
  const settled = settleScaling(problems, props);
  checkScaling(problems.within('scaling'), props.scaling, settled);
  return settled;
}

// Source: azurerm, validate.ContainerAppName; the longest name: resource name rules of Microsoft.App.
const NAME = /^(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function checkName(problems: Problems, name: string | undefined): void {
  if (!isKnown(problems, 'name', name) || NAME.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop: 'name',
    allowed: '2 to 32 lower-case letters, digits and single hyphens, beginning with a letter',
    got: name,
    fix: 'Shorten it, or leave it out.',
  });
}

/** Share of an accelerator's memory that weights may take: the rest is for requests. vLLM takes 0.9 of it in all. */
const WEIGHTS_SHARE = 0.85;
const GB_PER_GIB = 2 ** 30 / 1e9;

/** A load is judged by the planner, which knows more. */
function checkMemory(problems: Problems, { model, accelerator, load }: ContainerAppInferenceProps): void {
  const { sizeGiB } = model;
  const most = Math.floor((accelerator.acceleratorMemoryGB * WEIGHTS_SHARE) / GB_PER_GIB);
  if (load || isUnknown(sizeGiB) || !(sizeGiB > most)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'model.sizeGiB',
    allowed: `at most ${most} on ${accelerator.name}: weights and requests share ${accelerator.acceleratorMemoryGB} GB`,
    got: sizeGiB,
    fix: 'Store weights in fewer bits, or serve on AKS or Azure ML.',
  });
}

const OF_NEW = ['network', 'cidr', 'subnetId', 'logs'] as const;

function checkBrought(problems: Problems, props: ContainerAppInferenceProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkResourceId(problems, 'environment.id', props.environment?.id, 'Microsoft.App/managedEnvironments');
  for (const prop of OF_NEW) {
    if (props[prop] === undefined) continue;
    const allowed = 'left out, where the environment was brought';
    problems.add({ code: 'AppEnvironment', prop, allowed, got: 'given', fix: 'It is that of the environment.' });
  }
}

function checkNew(problems: Problems, props: ContainerAppInferenceProps): void {
  const { network, accelerator } = props;
  if (network) {
    checkContainerAppEnvironment(problems, { ...props, network, accelerators: [accelerator] });
    return;
  }
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  problems.add({
    code: 'ValueMissing',
    prop: 'network',
    allowed: 'given, where no environment is',
    got: undefined,
    fix: 'Give network, or environment.',
  });
}

/** What the load leads to is told of the load. */
function checkScaling(problems: Problems, stated: ContainerAppScaling = {}, settled: SettledScaling): void {
  const { minimum, maximum, target, cooldownSeconds } = stated;
  const whole = (prop: string, value: number | undefined, least: number, most: number) =>
    checkBounds(problems, 'ScalingLimits', prop, value, { least, most });
  const known = [whole('minimum', minimum, 0, MOST_REPLICAS), whole('maximum', maximum, 1, MOST_REPLICAS)];
  if (known.every(Boolean)) checkReplicaOrder(problems, settled);
  whole('target', target, 1, 100_000);
  whole('cooldownSeconds', cooldownSeconds, 1, 86_400);
}
