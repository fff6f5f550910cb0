import type { Construct } from 'constructs';
import { INFERENCE_AMIS, type InferenceAmi } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
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

/** Adds everything in which the props of an endpoint contradict each other, the machine, or the service. */
export function checkEndpoint(problems: Problems, props: InferenceEndpointProps, scope: Construct): void {
  const kind = kindOf(props);
  checkEndpointName(problems, props.endpointName);
  checkModels(problems, props, scope);
  checkMachine(problems, props);
  checkKey(problems, props);
  if (kind.asynchronous) checkAsynchronous(problems, kind.asynchronous, props);
  if (kind.serverless) checkServerless(problems, kind.serverless, props);
  checkScaling(problems, props);
  props.routing?.check(problems);
  checkUpdate(problems, props);
  if (props.dataCapture) checkCapture(problems, props.dataCapture);
  checkNetwork(problems, props);
}

function checkMachine(problems: Problems, props: InferenceEndpointProps): void {
  const { machine } = props;
  if (kindOf(props).name === 'serverless') {
    if (!machine) return;
    problems.add({
      code: 'ServerlessMachine',
      prop: 'machine',
      allowed: 'left out: a serverless endpoint has neither machines nor accelerators',
      got: machine.name,
      fix: 'Use EndpointKind.components() with scaling.minimum 0 for accelerators that are paid while they are used.',
    });
  } else if (machine) {
    checkHost(problems, machine);
    checkSystem(problems, machine, props.inferenceAmi);
  } else {
    problems.add({
      code: 'ValueMissing',
      prop: 'machine',
      allowed: 'the machine of the instances, e.g. AwsMachine.G6E_XLARGE',
      got: undefined,
      fix: 'Give machine.',
    });
  }
}

function checkSystem(problems: Problems, machine: AwsMachine, inferenceAmi?: InferenceAmi): void {
  const { vendor } = machine.chip;
  if (!inferenceAmi || INFERENCE_AMIS[inferenceAmi].accelerators === vendor) return;
  problems.add({
    code: 'EndpointOption',
    prop: 'inferenceAmi',
    allowed: `one with the driver of the ${vendor} accelerators of ${machine.name}`,
    got: inferenceAmi,
    fix: 'Leave it out for the choice of SageMaker.',
  });
}

/** CreateEndpointConfig refuses a key for instances with local disks: aws/sagemaker-python-sdk#3677. */
function checkKey(problems: Problems, { machine, encryptionKey }: InferenceEndpointProps): void {
  if (!encryptionKey || !machine || hasLocalDisks(machine) !== true) return;
  problems.add({
    code: 'VolumeKeyRejected',
    prop: 'encryptionKey',
    allowed: `left out for ${machine.name}: its local disks are encrypted in hardware, and SageMaker refuses a key`,
    got: encryptionKey.node.path,
    fix: 'Leave it out: the finding encryption/local-disk records why.',
  });
}

function checkNetwork(problems: Problems, props: InferenceEndpointProps): void {
  const { vpc, subnets } = props;
  if (vpc) checkSubnets(problems, 'subnets', endpointSubnets(vpc, subnets));
  if (vpc || subnets === undefined) return;
  problems.add({
    code: 'EndpointOption',
    prop: 'subnets',
    allowed: 'left out without a vpc',
    got: 'a selection',
    fix: 'Give the vpc that it selects from.',
  });
}

/** Whether containers reach the internet, past every network of the user's. */
export function isOpen(props: InferenceEndpointProps): boolean {
  return !isIsolated(props) && !props.vpc && kindOf(props).name !== 'serverless';
}
