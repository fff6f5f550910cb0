import type { Construct } from 'constructs';
import { INFERENCE_AMIS, type InferenceAmi } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { checkSubnets } from '../network/node-subnets';
import { checkCapture } from './data-capture';
import { checkEndpointName, checkModels } from './endpoint-model-checks';
import { type InferenceEndpointProps, isIsolated, kindOf } from './endpoint-options';
import { checkAsynchronous, checkServerless } from './endpoint-kind-checks';
import { checkScaling } from './endpoint-scaling-checks';
import { endpointSubnets } from './endpoint-network';
import { checkHost, hasLocalDisks } from './serving-host';
import { checkUpdate } from './endpoint-update-checks';

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
