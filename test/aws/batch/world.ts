import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  AwsMachine,
  type AwsBatchOptions,
  BatchCompute,
  BatchInference,
  type BatchInferenceProps,
  type TransformOptions,
} from 'ai-infra-constructs/aws';
import { StatesError } from '../../asl/errors';
import type { Json } from '../../asl/expressions';
import { execute, type Outcome, type Services } from '../../asl/interpreter';
import { Permissions } from '../../asl/permissions';
import { type Resources, resolved } from '../../asl/template';
import { type Scenario, FakeBatch } from './fake-batch';
import { FakeS3 } from './fake-s3';
import { FakeTransform } from './fake-transform';
import { importedVpc, REGION } from '../support';

export const DIGEST = `111122223333.dkr.ecr.us-east-1.amazonaws.com/worker@sha256:${'a'.repeat(64)}`;

/** Props of a workflow that a test can change. */
export interface WorldProps extends Partial<Omit<BatchInferenceProps, 'compute'>> {
  readonly batch?: Partial<AwsBatchOptions>;
  readonly transform?: Partial<TransformOptions>;
}

/** A workflow in a new stack. */
export function workflow({ batch, transform, ...props }: WorldProps = {}, stackProps: StackProps = REGION) {
  const stack = new Stack(new App(), 'Batch', stackProps);
  const vpc = importedVpc(stack);
  const modelRole = Role.fromRoleArn(stack, 'ModelRole', 'arn:aws:iam::111122223333:role/model');
  const compute = transform
    ? BatchCompute.transform({
        modelName: 'ranker',
        modelRole,
        machine: AwsMachine.G5_12XLARGE,
        usdPerHour: 7.09,
        ...transform,
      })
    : BatchCompute.awsBatch({ vpc, machine: AwsMachine.G6E_48XLARGE, maxMachines: 4, image: DIGEST, ...batch });
  const inference = new BatchInference(stack, 'Inference', {
    input: new Bucket(stack, 'Input'),
    inputPrefix: 'requests/',
    results: new Bucket(stack, 'Results'),
    compute,
    ...props,
  });
  return { stack, inference };
}

/** Behavior of the services of a world. */
export interface ServiceBehavior {
  readonly scenario?: Scenario;
  /** Whether a shard fails a transform. */
  readonly fails?: (shard: string) => boolean;
  /** Whether S3 rejects writes of a key. */
  readonly rejects?: (key: string) => boolean;
  /** Whether AWS Batch rejects all jobs. */
  readonly closed?: boolean;
  /** Other executions that are running. */
  readonly running?: readonly { readonly Name: string; readonly StartDate: string }[];
}

/** Resources of workflows, by props. They never change, so worlds with the same props share them. */
const DEPLOYED = new WeakMap<WorldProps, Resources>();

/** Props of a workflow without changes. */
const DEFAULTS: WorldProps = {};

function deployed(props: WorldProps): Resources {
  const known = DEPLOYED.get(props);
  if (known) return known;
  const resources = Template.fromStack(workflow(props).stack).toJSON().Resources as Resources;
  DEPLOYED.set(props, resources);
  return resources;
}

/** A deployed workflow with services in memory, which enforce the permissions of its role. */
export class World {
  readonly s3 = new FakeS3();
  readonly metrics: Json[] = [];
  readonly resources: Resources;
  readonly definition: Json;
  batch: FakeBatch;
  transform: FakeTransform;
  private readonly permissions: Permissions;
  private runs = 0;
  private listed = 0;

  constructor(
    props: WorldProps = DEFAULTS,
    private behavior: ServiceBehavior = {},
  ) {
    this.resources = deployed(props);
    const machine = this.propertiesOf('AWS::StepFunctions::StateMachine');
    this.definition = JSON.parse(resolved(machine.DefinitionString, this.resources) as string);
    this.permissions = Permissions.ofRole(machine.RoleArn['Fn::GetAtt'][0] as string, this.resources);
    this.batch = this.newBatch();
    this.transform = this.newTransform();
  }

  /** Deployed name of a bucket. */
  readonly bucketOf = (start: string): string =>
    Object.keys(this.resources)
      .find((id) => id.startsWith(start) && this.resources[id]!.Type === 'AWS::S3::Bucket')!
      .toLowerCase();

  /** Puts shards below the input prefix. */
  shards(...names: readonly string[]): this {
    for (const name of names) this.s3.put(this.bucketOf('Input'), `requests/${name}`, `prompt of ${name}`);
    return this;
  }

  /** Changes the behavior of the services, and resets AWS Batch and SageMaker. */
  now(behavior: ServiceBehavior): this {
    this.behavior = behavior;
    this.batch = this.newBatch();
    this.transform = this.newTransform();
    return this;
  }

  run(): Promise<Outcome> {
    this.runs += 1;
    return execute(this.definition, {
      name: `run-${this.runs}`,
      services: this.services(),
      startTime: Date.parse('2026-11-25T10:00:00Z'),
    });
  }

  /** The record of a run, by default of the newest run. */
  record(run = this.runs): Json {
    return this.json(`batch/runs/run-${run}/run.json`);
  }

  json(key: string): Json {
    return JSON.parse(this.s3.get(this.bucketOf('Results'), key) ?? 'null');
  }

  /** Shards with a marker in the results bucket. */
  markers(): string[] {
    return this.s3
      .keys(this.bucketOf('Results'), 'batch/done/')
      .map((key) => key.slice('batch/done/'.length).replace(/\.[0-9a-f]{32}$/, ''));
  }

  private propertiesOf(type: string): Json {
    const found = Object.values(this.resources).filter(({ Type }) => Type === type);
    if (found.length > 1) throw new Error(`several ${type}`);
    return found[0]?.Properties;
  }

  private newBatch(): FakeBatch {
    const { scenario = () => 'done' } = this.behavior;
    return new FakeBatch({
      s3: this.s3,
      scenario,
      definition: resolved(this.propertiesOf('AWS::Batch::JobDefinition') ?? {}, this.resources),
    });
  }

  private newTransform(): FakeTransform {
    return new FakeTransform(this.s3, this.behavior.fails ?? (() => false));
  }

  private services(): Services {
    return {
      call: (action, args) => this.call(action, args),
      read: (action, args) => {
        if (action !== 's3:listObjectsV2') throw new Error(`no reader ${action}`);
        this.permissions.require('s3:ListBucket', `arn:aws:s3:::${args.Bucket as string}`);
        const items = this.s3.items(args);
        if (args.Bucket === this.bucketOf('Input')) this.listed = items.length;
        return items;
      },
      write: (action, args, results) => {
        const key = `${args.Prefix as string}/0/SUCCEEDED_0.json`;
        this.permissions.require(
          action.replace('s3:putObject', 's3:PutObject'),
          `arn:aws:s3:::${args.Bucket as string}/${key}`,
        );
        this.s3.put(args.Bucket as string, key, JSON.stringify(results));
      },
    };
  }

  private call(action: string, args: Json): Json {
    const [service, name = ''] = action.replace('aws-sdk:', '').split(':');
    const object = `arn:aws:s3:::${String(args.Bucket)}`;
    switch (action) {
      case 'aws-sdk:s3:listObjectsV2':
        this.permissions.require('s3:ListBucket', object);
        return this.s3.call(name, args);
      case 'aws-sdk:s3:getObject':
      case 'aws-sdk:s3:putObject':
        this.permissions.require(`s3:${name[0]!.toUpperCase()}${name.slice(1)}`, `${object}/${String(args.Key)}`);
        if (name === 'putObject' && this.behavior.rejects?.(String(args.Key)))
          throw new StatesError('S3.S3Exception', 'SlowDown');
        return this.s3.call(name, args);
      case 'aws-sdk:sfn:listExecutions':
        this.permissions.require('states:ListExecutions', args.StateMachineArn as string);
        return {
          Executions: [
            ...(this.behavior.running ?? []),
            { Name: `run-${this.runs}`, StartDate: '2026-11-25T10:00:00.000Z' },
          ],
        };
      case 'aws-sdk:sfn:describeMapRun':
        this.permissions.require('states:DescribeMapRun', args.MapRunArn as string);
        return { ItemCounts: { Total: this.listed } };
      case 'batch:submitJob.sync':
        for (const arn of [args.JobQueue, args.JobDefinition])
          this.permissions.require('batch:SubmitJob', arn as string);
        if (this.behavior.closed) throw new StatesError('Batch.ClientException', 'the queue is disabled');
        return this.batch.submit(args);
      case 'aws-sdk:batch:describeJobs':
        this.permissions.require('batch:DescribeJobs', '*');
        return this.batch.describe(args as { Jobs: string[] });
      case 'sagemaker:createTransformJob.sync':
        // Step Functions tags the jobs that it waits for.
        for (const action of ['sagemaker:CreateTransformJob', 'sagemaker:AddTags'])
          this.permissions.require(
            action,
            `arn:aws:sagemaker:us-east-1:111122223333:transform-job/${String(args.TransformJobName)}`,
          );
        return this.transform.create(args);
      case 'aws-sdk:sagemaker:describeTransformJob':
        this.permissions.require(
          'sagemaker:DescribeTransformJob',
          `arn:aws:sagemaker:us-east-1:111122223333:transform-job/${String(args.TransformJobName)}`,
        );
        return this.transform.describe(args as { TransformJobName: string });
      case 'aws-sdk:cloudwatch:putMetricData':
        this.permissions.require('cloudwatch:PutMetricData', '*');
        this.metrics.push(...(args.MetricData as Json[]));
        return {};
      default:
        throw new Error(`${service ?? ''} has no ${name} here`);
    }
  }
}
