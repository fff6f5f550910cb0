import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Duration, Lazy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnCapacityReservation, Instance, InstanceType, MachineImage, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import fc from 'fast-check';
import { architectureOf } from 'ai-infra-constructs/testing';
import { nameOfId, nameOfPath, neutral } from '../../lib/testing/view';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function assetWith(text: string): Code {
  const folder = mkdtempSync(join(tmpdir(), 'asset-'));
  folders.push(folder);
  writeFileSync(join(folder, 'index.py'), text);
  return Code.fromAsset(folder);
}

type Step = (stack: Stack, content: string) => void;

/** App without constructs of this library, as steps that can run in any order. */
const STEPS: readonly Step[] = [
  (stack, content) => {
    const handler = new LambdaFunction(stack, 'Work', {
      runtime: Runtime.PYTHON_3_13,
      handler: 'index.run',
      code: assetWith(content),
    });
    new RestApi(stack, 'Api').root.addMethod('GET', new LambdaIntegration(handler));
    // Created on first use.
    expect(handler.currentVersion.node.id).toBe('CurrentVersion');
  },
  (stack) => {
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    new Instance(stack, 'Box', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      instanceType: new InstanceType('g6.xlarge'),
      machineImage: MachineImage.latestAmazonLinux2023(),
    });
  },
  (stack) => {
    const encryptionKey = new Key(stack, 'Key');
    new Bucket(stack, 'Data', { encryptionKey, bucketName: `data-${stack.account}-${stack.region}` });
  },
  (stack) => {
    const deadLetterQueue = { queue: new Queue(stack, 'Dead'), maxReceiveCount: 3 };
    new Queue(stack, 'Jobs', {
      deadLetterQueue,
      visibilityTimeout: Duration.seconds(Lazy.number({ produce: () => 60 })),
    });
  },
  (stack) => {
    const count = new CfnParameter(stack, 'Count', { type: 'Number', default: 2 });
    new CfnCapacityReservation(stack, 'Held', {
      instanceType: 'p5.48xlarge',
      instanceCount: count.valueAsNumber,
      instancePlatform: 'Linux/UNIX',
      availabilityZone: `${stack.region}a`,
    });
  },
];

function text(steps: readonly Step[], content = 'one', props: StackProps = {}): string {
  const stack = new Stack(new App(), 'Hand', props);
  for (const step of steps) step(stack, content);
  return String(architectureOf(stack));
}

const env = (account: string, region: string): StackProps => ({ env: { account, region } });
const FIRST = env('111122223333', 'us-east-1');

describe('the text does not change', () => {
  test('if the content of an asset changes, with its versions and deployments', () => {
    expect(text(STEPS, 'another')).toBe(text(STEPS, 'one'));
  });

  test('if the constructs are created in another order', () => {
    const usual = text(STEPS);
    fc.assert(
      fc.property(fc.shuffledSubarray([...STEPS], { minLength: STEPS.length }), (steps) => text(steps) === usual),
      { numRuns: 6 },
    );
  });

  test.each([
    ['another account', env('444455556666', 'us-east-1')],
    ['another region', env('111122223333', 'eu-west-1')],
    ['both', env('444455556666', 'ap-southeast-2')],
  ])('in %s', (_, other) => {
    expect(text(STEPS, 'one', other)).toBe(text(STEPS, 'one', FIRST));
  });

  test('if the account and the region are only known at deployment', () => {
    expect(text(STEPS, 'one')).toBe(text(STEPS, 'one', FIRST));
  });
});

test('the text has no hash, no token, no account, and only the region of the prices', () => {
  const told = text(STEPS, 'one', FIRST).replaceAll('in us-east-1', '');
  expect(told).not.toMatch(/[0-9a-f]{8}|[0-9A-F]{8}|Token|111122223333|us-east-1/);
});

test('each line appears once, ordered by name', () => {
  const other = text(STEPS).split('other resources:\n')[1]!.split('\n');
  expect([...other].sort()).toEqual(other);
});

describe('volatile values are removed from texts', () => {
  test.each([
    ['${Token[TOKEN.123]} and #{Token[AWS.Region.4]}', '<token> and <token>'],
    ['asset.1bafa5cc7c5715cb55d1b3fa2755b20db63c75d154ba9a23604c103568491420.zip', 'asset.<hash>.zip'],
    ['data-111122223333-us-east-1', 'data-<account>-<region>'],
    ['us-gov-west-1a eu-south-2 ap-southeast-4', '<region> <region> <region>'],
    ['p5en.48xlarge in 10.0.0.0/16', 'p5en.48xlarge in 10.0.0.0/16'],
  ])('%s becomes %s', (before, after) => {
    expect(neutral(before)).toBe(after);
  });

  test.each([
    ['Platform/Data/Resource/Resource', 'Platform/Data'],
    ['Resource', 'Resource'],
    ['LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/ServiceRole/Resource', 'LogRetention/ServiceRole'],
  ])('the path %s becomes %s', (before, after) => {
    expect(nameOfPath(before)).toBe(after);
  });

  test.each([
    ['PlatformDatasets0F0194A3', 'PlatformDatasets'],
    ['Cluster_8C5E0C2F', 'Cluster'],
    ['DEADBEEF', 'DEADBEEF'],
    ['gpu', 'gpu'],
  ])('the id %s becomes %s', (before, after) => {
    expect(nameOfId(before)).toBe(after);
  });
});
