import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type FindingId, findingsOf, type RecordedFinding } from 'ai-infra-constructs';
import { AwsMachine, EndpointKind, type InferenceEndpointProps, ServingContainer } from 'ai-infra-constructs/aws';
import { REGION } from '../support';
import { artifactIn, chatLoad, endpointIn, IMAGE, modelIn, modelsIn } from './endpoint-support';

type Change = Partial<InferenceEndpointProps>;

function findings(change: Change | ((stack: Stack) => Change) = {}, props: StackProps = REGION): RecordedFinding[] {
  return findingsOf(endpointIn(new Stack(new App(), 'Test', props), change));
}

const ids = (...given: Parameters<typeof findings>): FindingId[] => findings(...given).map(({ id }) => id);
const found = (id: FindingId, ...given: Parameters<typeof findings>) => findings(...given).find((one) => one.id === id);

test('one copy on local disks is doubted for that alone', () => {
  expect(ids()).toEqual(['serving/one-replica', 'encryption/local-disk']);
  expect(ids({ scaling: { minimum: 2 } })).toEqual(['encryption/local-disk']);
});

test('that local disks take no key is accepted by the library itself, which says why', () => {
  expect(found('encryption/local-disk')).toMatchObject({
    level: 'warning',
    acknowledged: expect.stringContaining('encrypt in hardware') as unknown,
  });
  const inferentia = (stack: Stack) => ({
    machine: AwsMachine.INF2_48XLARGE,
    models: { chat: modelIn(stack, { container: ServingContainer.lmi({ image: IMAGE }) }) },
  });
  expect(ids(inferentia)).not.toContain('encryption/local-disk');
});

test('a machine of which it is not known whether it has local disks takes a key, and is doubted without', () => {
  const unknown = { machine: AwsMachine.P6E_GB200_36XLARGE };
  expect(ids(unknown)).toContain('encryption/local-disk');
  expect(ids((stack) => ({ ...unknown, encryptionKey: new Key(stack, 'Key') }))).not.toContain('encryption/local-disk');
});

test('TorchServe is archived', () => {
  const torch = (stack: Stack) => ({
    models: { chat: modelIn(stack, { container: ServingContainer.torchServe({ image: IMAGE, workers: 2 }) }) },
  });
  expect(found('serving/archived', torch)).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('archived on 2025-08-07') as unknown,
  });
});

test('processes that share memory between accelerators cannot size it', () => {
  const spanning = { machine: AwsMachine.G6E_12XLARGE };
  expect(found('serving/shared-memory', spanning)?.message).toContain('chat spans 4 accelerators');
  expect(
    ids((stack) => ({
      ...spanning,
      models: { chat: modelIn(stack, { container: ServingContainer.triton({ image: IMAGE }) }) },
    })),
  ).not.toContain('serving/shared-memory');
});

test('a model without digest is pinned by its version alone', () => {
  const without = (stack: Stack) => ({
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sha256: undefined }) }) },
  });
  expect(found('model/no-digest', without)?.level).toBe('info');
});

describe('an endpoint that scales to zero', () => {
  test('fails requests until it is up', () => {
    expect(found('serving/wake-up', { scaling: { minimum: 0 } })?.message).toContain('chat may have no copy');
    expect(found('serving/wake-up', { scaling: { minimum: 0 }, load: chatLoad() })?.message).toContain(
      'reading the weights takes 103 s',
    );
  });

  test('is refused in one region, by a report', () => {
    const paris = { env: { account: '111122223333', region: 'eu-west-3' } };
    expect(found('serving/zero-region', { scaling: { minimum: 0 } }, paris)?.level).toBe('warning');
    expect(ids({ scaling: { minimum: 0 } })).not.toContain('serving/zero-region');
  });

  test('does neither where requests wait', () => {
    const later = (stack: Stack) => ({
      kind: EndpointKind.asynchronous({ output: modelsIn(stack) }),
      scaling: { minimum: 0, maximum: 2 },
    });
    expect(ids(later)).not.toContain('serving/wake-up');
  });
});

test('containers that reach the internet past every VPC are doubted', () => {
  expect(found('network/open-container', { isolated: false })?.level).toBe('warning');
  const vpc = (stack: Stack) => ({
    isolated: false,
    vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] }),
  });
  expect(ids(vpc)).not.toContain('network/open-container');
});

test('the capture of requests to components is not documented', () => {
  const capture = (stack: Stack) => ({ dataCapture: { bucket: modelsIn(stack) } });
  expect(found('serving/capture', capture)?.level).toBe('warning');
  expect(ids((stack) => ({ ...capture(stack), kind: EndpointKind.variants() }))).not.toContain('serving/capture');
});

test('an artefact of another size than the declared weights is doubted', () => {
  const sized = (sizeGB: number) => (stack: Stack) => ({
    load: chatLoad(),
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sizeGB }) }) },
  });
  expect(found('model/size', sized(8))?.message).toContain('8 GB');
  expect(ids(sized(16.5))).not.toContain('model/size');
});

test('a machine that is described by hand may be hosted, or not', () => {
  const machine = AwsMachine.of('g8e.xlarge', AwsMachine.G6E_XLARGE.spec);
  expect(found('machine/unverified', { machine })?.message).toContain('g8e.xlarge');
});

test('the price is a third party’s, and of another region where that of the stack is not known', () => {
  expect(found('cost/price', { load: chatLoad() })?.level).toBe('info');
  expect(found('cost/region', { load: chatLoad() }, {})?.message).toContain('us-east-1');
});
