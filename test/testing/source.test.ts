import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnBucket, Bucket } from 'aws-cdk-lib/aws-s3';
import { AiInfraError, Prices } from 'ai-infra-constructs';
import { Construct } from 'constructs';
import { Architecture, architectureOf, type ArchitectureSource } from 'ai-infra-constructs/testing';
import { errorOf } from '../aws/support';

const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** App with a stack, a nested stack, and a stack in a stage. */
function app(): { app: App; stack: Stack; nested: NestedStack; staged: Stack } {
  const app = new App();
  const stack = new Stack(app, 'Data');
  new Bucket(stack, 'Bucket');
  const nested = new NestedStack(stack, 'Inner');
  new Bucket(new Construct(nested, 'Deep'), 'Bucket');
  const staged = new Stack(new Stage(app, 'Prod'), 'Data', { stackName: 'another-name' });
  new Bucket(staged, 'Bucket');
  return { app, stack, nested, staged };
}

/** Returns `stack: part` for all storage. */
const storageOf = (source: ArchitectureSource) =>
  architectureOf(source).stacks.flatMap(({ name, storage }) => storage.map((unit) => `${name}: ${unit.name}`));

const WHOLE = ['Data: Bucket', 'Data/Inner: Deep/Bucket', 'Prod/Data: Bucket'];

describe('a CDK app', () => {
  test('has its stacks, including nested stacks and stacks of stages', () => {
    expect(storageOf(app().app)).toEqual(WHOLE);
  });

  test('has the same description from its output folder', () => {
    expect(storageOf(app().app.synth().directory)).toEqual(WHOLE);
  });

  test('has the paths of its constructs without path metadata in its templates', () => {
    const { app: withMetadata } = {
      app: new App({ context: { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true } }),
    };
    new Bucket(new Construct(new Stack(withMetadata, 'Data'), 'Deep'), 'Bucket');
    expect(storageOf(withMetadata)).toEqual(['Data: Deep/Bucket']);
  });

  test('throws its own error if it cannot be synthesized', () => {
    const { app: broken, stack } = app();
    stack.node.addValidation({ validate: () => ['no such zone'] });
    const run = () => architectureOf(broken);
    expect(run).toThrow(/no such zone/);
    expect(() => architectureOf(stack)).toThrow(/no such zone/);
  });
});

describe('a CDK stack', () => {
  test('includes its nested stacks', () => {
    expect(storageOf(app().stack)).toEqual(WHOLE.slice(0, 2));
  });

  test('does not include its parent if it is nested', () => {
    expect(storageOf(app().nested)).toEqual([WHOLE[1]]);
  });

  test('in a stage is synthesized by its stage', () => {
    expect(storageOf(app().staged)).toEqual([WHOLE[2]]);
  });

  test('without an app creates one and is synthesized by it', () => {
    const stack = new Stack();
    new Bucket(stack, 'Bucket');
    expect(storageOf(stack)).toEqual(['Default: Bucket']);
  });

  test('throws the error of the CDK if it changed after its synthesis', () => {
    const { stack } = app();
    architectureOf(stack);
    new CfnBucket(stack, 'Late');
    expect(() => architectureOf(stack)).toThrow(/construct tree was modified after the first synthesis/);
  });
});

describe('synthesized output', () => {
  const { stack } = app();
  const template = Template.fromStack(stack);
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));

  test.each<[string, ArchitectureSource]>([
    ['a Template of the assertions', template],
    ['a template', template.toJSON()],
    ['its JSON', JSON.stringify(template)],
    ['its file', file],
  ])('%s is read, with names from logical ids', (_, source) => {
    expect(storageOf(source)).toEqual(['template: Bucket']);
  });

  test('names come from path metadata if a template has it', () => {
    const source = {
      Resources: { A1: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Data/Store/Resource' } } },
    };
    expect(storageOf(source)).toEqual(['template: Store']);
  });

  test('Terraform files in one folder are one configuration', () => {
    const own = mkdtempSync(join(folder, 'tf-'));
    writeFileSync(join(own, 'a.tf.json'), JSON.stringify({ resource: { google_storage_bucket: { a: {} } } }));
    writeFileSync(
      join(own, 'b.tf.json'),
      JSON.stringify({ resource: { google_storage_bucket: { b: [{}] }, null_resource: { n: {} } } }),
    );
    const [only] = architectureOf(own).stacks;
    expect(only!.storage.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(only!.other).toEqual({ null_resource: 1 });
  });

  test('modules are counted, and variables have their defaults', () => {
    const [only] = architectureOf({
      module: { vpc: { source: 'x' } },
      variable: { size: { default: 50 }, open: {} },
      resource: { google_compute_disk: { a: { size: '${var.size}' }, b: { size: '${var.open}' } } },
    }).stacks;
    expect(only!.other).toEqual({ module: 1 });
    expect(only!.storage.map(({ sizeGiB }) => sizeGiB)).toEqual([50, 'known at deployment']);
  });

  test('a template without resources is an empty architecture', () => {
    expect(String(architectureOf({ AWSTemplateFormatVersion: '2010-09-09' }))).toBe(
      'stack: template (CloudFormation)\n\nopen to the internet: nothing',
    );
  });

  test('malformed resources are counted and do not throw a TypeError', () => {
    const resources = {
      A: { Type: 'toString' },
      B: { Type: 'AWS::S3::Bucket', Properties: null },
      C: null,
      D: { Type: 7 },
    };
    const types = [
      'AWS::EKS::Nodegroup',
      'AWS::Batch::ComputeEnvironment',
      'AWS::IAM::Policy',
      'AWS::StepFunctions::StateMachine',
    ];
    const odd = Object.fromEntries(
      types.map((Type, index) => [
        `Odd${index}`,
        { Type, Properties: { ScalingConfig: [], PolicyDocument: 'x', DefinitionString: 5 } },
      ]),
    );
    const [only] = architectureOf({ Resources: { ...resources, ...odd } }).stacks;
    expect(only!.other).toEqual({ '7': 1, 'AWS::IAM::Policy': 1, toString: 1 });
    expect(only!.storage).toHaveLength(1);
  });
});

describe('invalid input throws an error with a code', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['a list', []],
    ['an unrelated object', { name: 'x' }],
    ['a missing path', '/no/such/folder'],
    ['a folder without output', folder],
    ['invalid JSON', '{ "Resources": '],
    ['unrelated JSON', '{ "a": 1 }'],
    ['a construct that is not a stack', new Construct(new Stack(), 'Part')],
  ])('%s', (_, source) => {
    const error = errorOf(() => architectureOf(source as ArchitectureSource));
    expect(error.problems.map(({ code, prop }) => [code, prop])).toEqual([['ArchitectureSource', 'source']]);
  });

  test('reports how to get the stack of a construct', () => {
    expect(() => architectureOf(new Construct(new Stack(), 'Part'))).toThrow(/Pass the stack of the construct/);
  });

  test('reports all options with the wrong type', () => {
    const options = { cost: 'no', priceRegion: 7, prices: {} } as never;
    const error = errorOf(() => architectureOf({ Resources: {} }, options));
    expect(error.problems.map(({ prop }) => prop)).toEqual(['cost', 'priceRegion', 'prices']);
  });

  test('rejects an impossible price like the planner', () => {
    const Resources = { Box: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 'p5.48xlarge' } } };
    const run = () =>
      architectureOf(
        { Resources },
        { prices: Prices.of([{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: -1 }]) },
      );
    expect(run).toThrow(/\[PriceInvalid\]/);
    expect(AiInfraError.isAiInfraError(errorOf(run))).toBe(true);
  });
});

test('isArchitecture recognizes architectures from any copy of the package', () => {
  expect(Architecture.isArchitecture(architectureOf({ Resources: {} }))).toBe(true);
  expect(Architecture.isArchitecture({ stacks: [] })).toBe(false);
});
