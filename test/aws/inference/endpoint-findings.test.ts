import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type FindingId, findingsOf, type RecordedFinding } from 'ai-infra-constructs';
import {
  AwsMachine,
  EndpointKind,
  type InferenceEndpointProps,
  ServingContainer,
  ServingImage,
} from 'ai-infra-constructs/aws';
import { REGION } from '../support';
import { artifactIn, chatLoad, endpointIn, IMAGE, modelIn, modelsIn } from './endpoint-support';

type Change = Partial<InferenceEndpointProps>;

function findings(change: Change | ((stack: Stack) => Change) = {}, props: StackProps = REGION): RecordedFinding[] {
  return findingsOf(endpointIn(new Stack(new App(), 'Test', props), change));
}

const ids = (...given: Parameters<typeof findings>): FindingId[] => findings(...given).map(({ id }) => id);
const found = (id: FindingId, ...given: Parameters<typeof findings>) => findings(...given).find((one) => one.id === id);

test('records a single copy and local disks by default', () => {
  expect(ids()).toEqual(['serving/one-replica', 'encryption/local-disk']);
  expect(ids({ scaling: { minReplicas: 2 } })).toEqual(['encryption/local-disk']);
});

test('acknowledges the encryption of local disks with a reason', () => {
  expect(found('encryption/local-disk')).toMatchObject({
    level: 'warning',
    acknowledged: expect.stringContaining('the hardware encrypts') as unknown,
  });
  const inferentia = (stack: Stack) => ({
    machine: AwsMachine.INF2_48XLARGE,
    models: { chat: modelIn(stack, { container: ServingContainer.lmi({ image: IMAGE }) }) },
  });
  expect(ids(inferentia)).not.toContain('encryption/local-disk');
});

test('records a missing key if the local disks of a machine are unknown', () => {
  const unknown = { machine: AwsMachine.P6E_GB200_36XLARGE };
  expect(ids(unknown)).toContain('encryption/local-disk');
  expect(ids((stack) => ({ ...unknown, encryptionKey: new Key(stack, 'Key') }))).not.toContain('encryption/local-disk');
});

describe('an image with CUDA 13', () => {
  const image = ServingImage.deepLearningContainer('vllm', '0.20.0-gpu-py312-cu130-ubuntu22.04-sagemaker');
  const container = ServingContainer.vllm({ image });
  const serves = (change: Change) => (stack: Stack) => ({ models: { chat: modelIn(stack, { container }) }, ...change });

  test('records that the default AMI can have an older driver, and names the AMI to set', () => {
    expect(found('image/driver', serves({}))).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('CUDA 13.0') as unknown,
      fix: "Set inferenceAmi to 'al2023-ami-sagemaker-inference-gpu-4-1'.",
    });
  });

  test('records an AMI whose driver is for an older CUDA', () => {
    const older = serves({ inferenceAmi: 'al2-ami-sagemaker-inference-gpu-3-1' });
    expect(found('image/driver', older)?.message).toContain('al2-ami-sagemaker-inference-gpu-3-1');
  });

  test('records nothing with an AMI for CUDA 13, and nothing for an image with CUDA 12', () => {
    expect(ids(serves({ inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1' }))).not.toContain('image/driver');
    expect(ids()).not.toContain('image/driver');
  });
});

test.each([
  [AwsMachine.G5_12XLARGE, 'The default AMI of g5 machines has driver 470, which is too old for it'],
  [AwsMachine.P4D_24XLARGE, 'The default AMI of p4d machines has driver 470, which is too old for it'],
])('records that the default driver of %s cannot run an image with CUDA 12', (machine, message) => {
  expect(found('image/driver', { machine })).toMatchObject({
    message: expect.stringContaining(message) as unknown,
    fix: "Set inferenceAmi to 'al2-ami-sagemaker-inference-gpu-2'.",
  });
  expect(ids({ machine, inferenceAmi: 'al2-ami-sagemaker-inference-gpu-2' })).not.toContain('image/driver');
});

test('records no driver for CUDA 12 on a machine whose default driver runs it', () => {
  expect(ids({ machine: AwsMachine.P5EN_48XLARGE })).not.toContain('image/driver');
  expect(ids({ machine: AwsMachine.G6E_12XLARGE })).not.toContain('image/driver');
});

test('records that TorchServe is archived', () => {
  const torch = (stack: Stack) => ({
    models: { chat: modelIn(stack, { container: ServingContainer.torchServe({ image: IMAGE, workers: 2 }) }) },
  });
  expect(found('serving/archived', torch)).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('archived on 2025-08-07') as unknown,
  });
});

test('records that the shared memory of a server has a fixed size', () => {
  const spanning = { machine: AwsMachine.G6E_12XLARGE };
  expect(found('serving/shared-memory', spanning)?.message).toContain('chat spans 4 accelerators');
  expect(
    ids((stack) => ({
      ...spanning,
      models: { chat: modelIn(stack, { container: ServingContainer.triton({ image: IMAGE }) }) },
    })),
  ).not.toContain('serving/shared-memory');
});

test('records a model without a digest', () => {
  const without = (stack: Stack) => ({
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sha256: undefined }) }) },
  });
  expect(found('model/no-digest', without)?.level).toBe('info');
});

describe('an endpoint that scales to zero', () => {
  test('records that requests fail until a copy runs', () => {
    expect(found('serving/cold-start', { scaling: { minReplicas: 0 } })?.message).toContain('chat can scale to zero');
    expect(found('serving/cold-start', { scaling: { minReplicas: 0 }, load: chatLoad() })?.message).toContain(
      'Reading the weights takes 103 s',
    );
  });

  test('records the region that rejects it in one report', () => {
    const paris = { env: { account: '111122223333', region: 'eu-west-3' } };
    expect(found('serving/zero-region', { scaling: { minReplicas: 0 } }, paris)?.level).toBe('warning');
    expect(ids({ scaling: { minReplicas: 0 } })).not.toContain('serving/zero-region');
  });

  test('records nothing if requests wait in a queue', () => {
    const later = (stack: Stack) => ({
      kind: EndpointKind.asynchronous({ output: modelsIn(stack) }),
      scaling: { minReplicas: 0, maxReplicas: 2 },
    });
    expect(ids(later)).not.toContain('serving/cold-start');
  });
});

test('records containers with internet access outside a VPC', () => {
  expect(found('network/open-container', { isolated: false })?.level).toBe('warning');
  const vpc = (stack: Stack) => ({
    isolated: false,
    vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] }),
  });
  expect(ids(vpc)).not.toContain('network/open-container');
});

test('records that data capture for components is not documented', () => {
  const capture = (stack: Stack) => ({ dataCapture: { bucket: modelsIn(stack) } });
  expect(found('serving/capture', capture)?.level).toBe('warning');
  expect(ids((stack) => ({ ...capture(stack), kind: EndpointKind.variants() }))).not.toContain('serving/capture');
});

test('records an artifact whose size differs from the weights', () => {
  const sized = (sizeGB: number) => (stack: Stack) => ({
    load: chatLoad(),
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sizeGB }) }) },
  });
  expect(found('model/size', sized(8))?.message).toContain('8 GB');
  expect(ids(sized(16.5))).not.toContain('model/size');
});

test('records a machine that is defined by hand', () => {
  const machine = AwsMachine.of('g8e.xlarge', AwsMachine.G6E_XLARGE.spec);
  expect(found('machine/unverified', { machine })?.message).toContain('g8e.xlarge');
});

test('records a third-party price, and the price region if the region of the stack is unknown', () => {
  expect(found('cost/price', { load: chatLoad() })?.level).toBe('info');
  expect(found('cost/region', { load: chatLoad() }, {})?.message).toContain('us-east-1');
});
