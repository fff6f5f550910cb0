import type { Construct } from 'constructs';
import { INFERENCE_AMIS, type InferenceAmi, SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { checkSubnets } from '../network/node-subnets';
import { checkCapture, type InferenceEndpointProps, isIsolated, kindOf } from './endpoint-options';
import { checkAsynchronous, checkServerless } from './endpoint-kind';
import { checkScaling } from './endpoint-scaling';
import { endpointSubnets } from './endpoint-role';
import { checkHost, hasLocalDisks } from './serving-host';
import { checkUpdate } from './endpoint-update';
import { resolveEndpoint, type ResolvedEndpoint } from './resolved-endpoint';
import { isKnown } from '../props/tokens';
import type { ServedModel } from './served-model';

/** Adds every conflict between the props of an endpoint, its machine and the service. */
export function checkEndpoint(problems: ProblemCollector, props: InferenceEndpointProps, scope: Construct): void {
  const kind = kindOf(props);
  checkEndpointName(problems, props.endpointName);
  checkModels(problems, props, scope);
  checkMachine(problems, props);
  checkKey(problems, props);
  if (kind.asynchronousOptions) checkAsynchronous(problems, kind.asynchronousOptions, props);
  if (kind.serverlessOptions) checkServerless(problems, kind.serverlessOptions, props);
  checkScaling(problems, props);
  props.routing?.check(problems);
  checkUpdate(problems, props);
  if (props.dataCapture) checkCapture(problems, props.dataCapture);
  checkNetwork(problems, props);
}

function checkMachine(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const { machine } = props;
  if (kindOf(props).name === 'serverless') {
    if (!machine) return;
    problems.add({
      code: 'ServerlessMachine',
      prop: 'machine',
      allowed: 'left out for a serverless endpoint, which has no machines and no accelerators',
      got: machine.name,
      fix: 'To pay for accelerators only while they are used, use EndpointKind.components() with `scaling.minReplicas: 0`.',
    });
  } else if (machine) {
    checkHost(problems, machine);
    checkSystem(problems, machine, props.inferenceAmi);
  } else {
    problems.add({
      code: 'ValueMissing',
      prop: 'machine',
      allowed: 'an AwsMachine, for example AwsMachine.G6E_XLARGE',
      got: undefined,
      fix: 'Set `machine`.',
    });
  }
}

function checkSystem(problems: ProblemCollector, machine: AwsMachine, inferenceAmi?: InferenceAmi): void {
  const { vendor } = machine.chip;
  if (!inferenceAmi || INFERENCE_AMIS[inferenceAmi].accelerators === vendor) return;
  problems.add({
    code: 'EndpointOption',
    prop: 'inferenceAmi',
    allowed: `an AMI with a driver for ${vendor} accelerators, which ${machine.name} has`,
    got: inferenceAmi,
    fix: 'Leave it out to use the default of SageMaker.',
  });
}

/** CreateEndpointConfig rejects a key for instances with local disks: aws/sagemaker-python-sdk#3677. */
function checkKey(problems: ProblemCollector, { machine, encryptionKey }: InferenceEndpointProps): void {
  if (!encryptionKey || !machine || hasLocalDisks(machine) !== true) return;
  problems.add({
    code: 'VolumeKeyRejected',
    prop: 'encryptionKey',
    allowed: `left out for ${machine.name}: the hardware encrypts its local disks, and SageMaker rejects a key`,
    got: encryptionKey.node.path,
    fix: 'Leave it out. The finding encryption/local-disk records the reason.',
  });
}

function checkNetwork(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const { vpc, subnets } = props;
  if (vpc) checkSubnets(problems, 'subnets', endpointSubnets(vpc, subnets));
  if (vpc || subnets === undefined) return;
  problems.add({
    code: 'EndpointOption',
    prop: 'subnets',
    allowed: 'left out if `vpc` is not set',
    got: 'a subnet selection',
    fix: 'Set `vpc`, or leave `subnets` out.',
  });
}

/** Whether containers reach the internet outside any VPC of the user. */
export function isOpen(props: InferenceEndpointProps): boolean {
  return !isIsolated(props) && !props.vpc && kindOf(props).name !== 'serverless';
}

/** Resolves the open settings of an endpoint and adds every problem, so that a platform can report all of them at once. */
export function checkedEndpoint(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  scope: Construct,
): ResolvedEndpoint {
  checkEndpoint(problems, props, scope);
  return resolveEndpoint(problems, props, scope);
}

const MAX_MODEL_CHARACTERS = 20;
/** Maximum length of an endpoint name: joined with the name of a model, it is the name of an inference component. */
export const MAX_ENDPOINT_CHARACTERS = SAGEMAKER_HOSTING.maxNameCharacters - '-'.length - MAX_MODEL_CHARACTERS;

// SageMaker writes ARNs in lower case, so a policy on a name with capitals would not match.
const NAME = /^[a-z0-9](-?[a-z0-9])*$/;

/** Adds what SageMaker rejects in the name of an endpoint. */
export function checkEndpointName(problems: ProblemCollector, name: string | undefined): void {
  if (!isKnown(problems, 'endpointName', name)) return;
  checkName(problems, 'endpointName', name, MAX_ENDPOINT_CHARACTERS);
}

function checkName(problems: ProblemCollector, prop: string, name: string, max: number): void {
  if (NAME.test(name) && name.length <= max) return;
  problems.add({
    code: 'InferenceName',
    prop,
    allowed: `a name of 1 to ${max} lower-case letters and digits, with single - between them`,
    got: name,
    fix: 'Shorten it, or replace the other characters.',
  });
}

/** Adds what is wrong with the models of an endpoint. */
export function checkModels(problems: ProblemCollector, props: InferenceEndpointProps, scope: Construct): void {
  const kind = kindOf(props);
  const { models, machine } = props;
  const entries = Object.entries(models);
  if (entries.length === 0 || entries.length > kind.maxModels) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: `1 to ${kind.maxModels} models on an endpoint of kind ${kind.name}`,
      got: entries.length,
      fix: 'Use EndpointKind.components() for several models, or create several endpoints.',
    });
  }
  for (const [name, model] of entries) {
    const of = problems.within(`models.${name}`);
    checkName(problems, `models.${name}`, name, MAX_MODEL_CHARACTERS);
    model.artifact.check(of);
    model.container.image.check(of, scope);
    model.container.check(of, machine, { accelerators: model.accelerators ?? machine?.spec.accelerators });
    checkOptions(of, model, props);
  }
}

/** Options that only one kind supports. */
const ONLY = { memory: 'components', weight: 'variants' } as const;

/** Options that SageMaker supports only with instances. */
const TIMEOUTS = ['downloadTimeout', 'startupTimeout'] as const;

function checkOptions(problems: ProblemCollector, model: ServedModel, props: InferenceEndpointProps): void {
  const kind = kindOf(props).name;
  const unsupported = (prop: keyof ServedModel, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'EndpointOption', prop, allowed, got, fix });
  for (const [prop, only] of Object.entries(ONLY) as ['memory' | 'weight', string][]) {
    if (model[prop] === undefined || kind === only) continue;
    unsupported(prop, `left out for an endpoint of kind ${kind}`, String(model[prop]), `Use EndpointKind.${only}().`);
  }
  const { weight, accelerators, artifact } = model;
  if (kind === 'variants' && isKnown(problems, 'weight', weight) && !(weight >= 0 && Number.isFinite(weight))) {
    unsupported('weight', '0 or more', weight, 'Set 1 for every model to split requests equally.');
  }
  const { spec } = props.machine ?? {};
  if (kind !== 'components' && accelerators !== undefined && accelerators !== spec?.accelerators) {
    unsupported(
      'accelerators',
      'left out, because each container has a whole instance',
      accelerators,
      'Use EndpointKind.components().',
    );
  }
  for (const prop of TIMEOUTS) {
    if (kind !== 'serverless' || model[prop] === undefined) continue;
    unsupported(
      prop,
      'left out for a serverless endpoint',
      model[prop].toString(),
      'SageMaker sets the timeouts itself.',
    );
  }
  // Serverless endpoints reject ModelDataSource: API reference, ContainerDefinition.
  if (kind === 'serverless' && artifact.kind === 'files') {
    unsupported('artifact', 'an archive for a serverless endpoint', 'files', 'Use ModelArtifact.archive(…).');
  }
}
