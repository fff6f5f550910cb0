import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import { findingsOf } from 'ai-infra-constructs';
import { type AwsBatchOptions, AwsMachine, BatchCompute, BatchInference, Capacity } from 'ai-infra-constructs/aws';
import { Permissions } from '../../asl/permissions';
import type { Resources } from '../../asl/template';
import { errorOf, type Json, problemsOf, REGION } from '../support';
import { DIGEST, workflow, type WorldProps } from './world';

const TOKEN = Token.asNumber({ Ref: 'AWS::Region' });

function synth(props: WorldProps = {}) {
  const { stack, inference } = workflow(props);
  const template = Template.fromStack(stack);
  const properties = (type: string): Json[] =>
    Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  return { stack, inference, template, properties };
}

const refused = (props: WorldProps) => problemsOf(errorOf(() => workflow(props)));
const found = (props: WorldProps, stackProps = REGION) =>
  findingsOf(workflow(props, stackProps).stack).map(({ id }) => id);

describe('machines of AWS Batch', () => {
  const { properties, template } = synth();

  test('are bought as spot, and on demand where that fails, each by a queue of its own', () => {
    const environments = properties('AWS::Batch::ComputeEnvironment').map(({ ComputeResources }) => ComputeResources);
    expect(environments.map(({ Type, AllocationStrategy }) => [Type, AllocationStrategy])).toEqual([
      ['SPOT', 'SPOT_PRICE_CAPACITY_OPTIMIZED'],
      ['EC2', 'BEST_FIT_PROGRESSIVE'],
    ]);
    for (const environment of environments) {
      expect(environment).toMatchObject({ InstanceTypes: ['g6e.48xlarge'], MinvCpus: 0, MaxvCpus: 4 * 192 });
      expect(environment.Ec2Configuration).toEqual([{ ImageType: 'ECS_AL2023_NVIDIA' }]);
    }
    for (const { ComputeEnvironmentOrder } of properties('AWS::Batch::JobQueue'))
      expect(ComputeEnvironmentOrder).toHaveLength(1);
  });

  test('that spot capacity lacks are waited for half an hour; a job that fits no machine, ten minutes', () => {
    const limits = properties('AWS::Batch::JobQueue').map(({ JobStateTimeLimitActions }) =>
      (JobStateTimeLimitActions as Json[]).map(
        ({ Reason, MaxTimeSeconds }) => [Reason, MaxTimeSeconds] as [string, number],
      ),
    );
    expect(limits[0]).toContainEqual(['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 1800]);
    expect(limits[1]?.map(([reason]) => reason)).not.toContain('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    for (const queue of limits) expect(queue).toContainEqual(['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 600]);
  });

  test('have encrypted disks and IMDSv2 out of reach of containers, and stand in private subnets', () => {
    const [{ LaunchTemplateData: data }] = properties('AWS::EC2::LaunchTemplate') as [Json];
    expect(data.MetadataOptions).toEqual({
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
      HttpEndpoint: 'enabled',
    });
    expect(data.BlockDeviceMappings).toEqual([
      {
        DeviceName: '/dev/xvda',
        Ebs: { VolumeType: 'gp3', VolumeSize: 200, Encrypted: true, DeleteOnTermination: true },
      },
    ]);
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: {
        Subnets: [{ Ref: Match.stringLikeRegexp('Private') }, { Ref: Match.stringLikeRegexp('Private') }],
      },
    });
    const groups = properties('AWS::EC2::SecurityGroup');
    expect(groups.flatMap(({ SecurityGroupIngress }) => (SecurityGroupIngress as Json[] | undefined) ?? [])).toEqual(
      [],
    );
  });

  test('follow changes in place, and let jobs end', () => {
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ReplaceComputeEnvironment: false,
      UpdatePolicy: { TerminateJobsOnUpdate: false },
      ComputeResources: { LaunchTemplate: { Version: { 'Fn::GetAtt': [Match.anyValue(), 'LatestVersionNumber'] } } },
    });
  });

  test('get a network of their own where none was given', () => {
    const stack = new Stack(new App(), 'Batch');
    const compute = BatchCompute.awsBatch({ machine: AwsMachine.G5_12XLARGE, mostMachines: 1, image: DIGEST });
    new BatchInference(stack, 'Inference', {
      input: new Bucket(stack, 'I'),
      inputPrefix: '',
      results: new Bucket(stack, 'R'),
      compute,
    });
    const endpoints = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'));
    expect(JSON.stringify(endpoints)).toContain('.ecs-agent');
  });
});

describe('the container of a shard', () => {
  const definitionOf = (props: WorldProps = {}): Json => synth(props).properties('AWS::Batch::JobDefinition')[0];
  const needs = ({ ContainerProperties: { ResourceRequirements: list } }: Json): Record<string, number> =>
    Object.fromEntries((list as { Type: string; Value: string }[]).map(({ Type, Value }) => [Type, Number(Value)]));

  test('takes a whole machine, but for what the system keeps', () => {
    const definition = definitionOf();
    expect(needs(definition)).toEqual({ GPU: 8, VCPU: 192, MEMORY: Math.floor(1536 * 1024 * 0.925 - 32) });
    expect(definition.ContainerProperties.LinuxParameters).toEqual({
      SharedMemorySize: 64 * 1024,
      InitProcessEnabled: true,
    });
  });

  test.each(
    AwsMachine.all
      .filter(({ name }) => /^(g4dn|g5|g6e?|p4d|p5)\.\d+xlarge$/.test(name))
      .map((machine) => [machine.name, machine] as const),
  )(
    'shares %s so that every GPU finds its job',
    (_, machine) => {
      const { accelerators, memoryGiB, vcpus } = machine.spec;
      if (!Number.isInteger(accelerators)) return;
      for (let gpus = 1; gpus <= accelerators; gpus += 1) {
        const { GPU, VCPU, MEMORY } = needs(definitionOf({ batch: { machine, gpusPerShard: gpus } }));
        const fits = Math.floor(accelerators / gpus);
        expect(GPU).toBe(gpus);
        expect(VCPU! * fits).toBeLessThanOrEqual(vcpus);
        expect(MEMORY! * fits).toBeLessThanOrEqual(memoryGiB * 1024 * 0.925);
        expect(MEMORY! * (fits + 1)).toBeGreaterThan(memoryGiB * 1024 * 0.925 - 32 - fits);
      }
    },
    60_000,
  );

  test('is tried again where its machine was taken away, and not for its own faults', () => {
    expect(definitionOf({ batch: { attempts: 3 } }).RetryStrategy).toEqual({
      Attempts: 3,
      EvaluateOnExit: [
        { OnStatusReason: 'Host EC2*', Action: 'RETRY' },
        { OnReason: '*', Action: 'EXIT' },
      ],
    });
  });

  test('has as long as was said, and never longer than the run', () => {
    expect(definitionOf({ batch: { shardTimeout: Duration.hours(2) } }).Timeout).toEqual({
      AttemptDurationSeconds: 7200,
    });
    expect(definitionOf({ timeout: Duration.hours(1) }).Timeout).toEqual({ AttemptDurationSeconds: 3600 });
  });

  test('reads shards, writes what becomes of them, and cannot touch the records of runs', () => {
    const { template, inference, stack } = synth();
    const { Resources: resources } = template.toJSON() as { Resources: Resources };
    const role = stack.getLogicalId(inference.job!.role.node.defaultChild as never);
    const permissions = Permissions.ofRole(role, resources);
    const [input, results] = ['Input', 'Results'].map(
      (start) =>
        `arn:aws:s3:::${Object.keys(resources)
          .find((id) => id.startsWith(start) && resources[id]!.Type === 'AWS::S3::Bucket')!
          .toLowerCase()}`,
    );
    permissions.demand('s3:GetObject', `${input}/requests/a`);
    permissions.demand('s3:GetObject', `${results}/batch/runs/run-1/shards/x.json`);
    for (const below of ['output', 'done', 'checkpoints'])
      permissions.demand('s3:PutObject', `${results}/batch/${below}/a`);
    expect(() => permissions.demand('s3:PutObject', `${results}/batch/runs/run-1/run.json`)).toThrow('no policy');
    expect(() => permissions.demand('s3:PutObject', `${input}/requests/a`)).toThrow('no policy');
    expect(() => permissions.demand('s3:GetObject', `${input}/other/a`)).toThrow('no policy');
  });
});

test('a run that is at work when the stack is updated goes on with the revision that it began with', () => {
  const { properties } = synth();
  const [definition] = properties('AWS::Batch::JobDefinition') as [Json];
  expect(definition.ResourceRetentionPolicy).toEqual({ SkipDeregisterOnUpdate: true });
  const [submit] = properties('AWS::IAM::ManagedPolicy')
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[])
    .filter(({ Sid }) => Sid === 'SubmitJobs');
  const [revisions] = submit!.Resource as [{ 'Fn::Join': [string, unknown[]] }];
  expect(revisions['Fn::Join'][1].at(-1)).toBe(':*');
});

describe('a transform', () => {
  test('is asked for by the names of SageMaker', () => {
    const { inference, stack } = synth({
      transform: { splitBy: 'Line', contentType: 'application/jsonlines' },
      shardsPerJob: 3,
    });
    const text = JSON.stringify(stack.resolve(inference.resource.definitionString));
    for (const part of ['ml.g5.12xlarge', 'MultiRecord', 'application/jsonlines', 'ManifestFile'])
      expect(text).toContain(part);
    expect(inference.queues).toBeUndefined();
  });

  test('runs as a role that may read and write, where the role can be granted', () => {
    const stack = new Stack(new App(), 'Batch', REGION);
    const modelRole = new Role(stack, 'Model', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    const compute = BatchCompute.transform({ modelName: 'ranker', modelRole, machine: AwsMachine.G5_12XLARGE });
    const [input, results] = ['I', 'R'].map((id) => new Bucket(stack, id)) as [Bucket, Bucket];
    new BatchInference(stack, 'Inference', { input, inputPrefix: 'in/', results, compute });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) })]),
      },
    });
  });
});

describe('the key of a transform', () => {
  const transformed = (make: (stack: Stack) => { results: Bucket; outputKey?: Key }) => {
    const stack = new Stack(new App(), 'Batch', REGION);
    const modelRole = new Role(stack, 'Model', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    const { results, outputKey } = make(stack);
    const machine = AwsMachine.G5_12XLARGE;
    const compute = BatchCompute.transform({ modelName: 'ranker', modelRole, machine, outputKey });
    const input = new Bucket(stack, 'Input');
    const { resource } = new BatchInference(stack, 'Inference', { input, inputPrefix: 'in/', results, compute });
    return { stack, definition: JSON.stringify(stack.resolve(resource.definitionString)) };
  };

  test('is that of the results, which SageMaker would not take by itself', () => {
    const { definition } = transformed((stack) => ({
      results: new Bucket(stack, 'R', { encryptionKey: new Key(stack, 'Key') }),
    }));
    expect(definition).toMatch(/KmsKeyId.{0,60}Key961B73FD/);
  });

  test('is one that the role of the model may use', () => {
    const { stack, definition } = transformed((of) => ({
      results: new Bucket(of, 'R'),
      outputKey: new Key(of, 'Own'),
    }));
    expect(definition).toMatch(/KmsKeyId.{0,60}Own/);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt', 'kms:Encrypt']) })]),
      },
    });
  });

  test('is left to SageMaker where the bucket has none', () => {
    expect(transformed((stack) => ({ results: new Bucket(stack, 'R') })).definition).not.toContain('KmsKeyId');
  });
});

test('lets someone start runs, and no more', () => {
  const { stack, inference } = workflow();
  const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  inference.grantStart(caller);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [{ Action: 'states:StartExecution', Resource: stack.resolve(inference.resource.attrArn) as unknown }],
    },
  });
});

test('the log tells states, never the names of shards', () => {
  const [machine] = synth().properties('AWS::StepFunctions::StateMachine') as [Json];
  expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
  expect(machine).toMatchObject({ StateMachineType: 'STANDARD', TracingConfiguration: { Enabled: true } });
});

describe('refuses', () => {
  test.each<[string, Partial<AwsBatchOptions>]>([
    ['Trainium', { machine: AwsMachine.TRN1_32XLARGE }],
    ['ARM', { machine: AwsMachine.P6E_GB200_36XLARGE, capacity: Capacity.onDemand() }],
  ])('a machine that AWS Batch does not run: %s', (_, batch) => {
    expect(refused({ batch })).toContain('BatchMachine compute.machine');
  });

  test('a machine without accelerators, which the table does not have', () => {
    expect(errorOf(() => AwsMachine.fromName('m7i.large')).code).toBe('MachineUnknown');
    expect(refused({ batch: { machine: 'm7i.large' as never } })).toEqual(['PropType machine']);
  });

  test('a slice of a GPU', () => {
    const { spec } = AwsMachine.G6_XLARGE;
    const machine = AwsMachine.of('g6f.tiny', { ...spec, accelerators: 0.5 });
    expect(refused({ batch: { machine, capacity: Capacity.onDemand() } })).toEqual(['BatchMachine compute.machine']);
  });

  test.each([0, 9, 1.5, Number.NaN, TOKEN])('%p GPUs of eight for a shard', (gpusPerShard) => {
    expect(refused({ batch: { gpusPerShard } })).toEqual(['BatchShare compute.gpusPerShard']);
  });

  test.each([0, -1, 5000])('%p GiB of shared memory', (sharedMemoryGiB) => {
    expect(refused({ batch: { sharedMemoryGiB } })).toEqual(['BatchShare compute.sharedMemoryGiB']);
  });

  test.each([
    ['reservation', Capacity.reservation('cr-0123456789abcdef0')],
    ['capacity block', Capacity.capacityBlock('cr-0123456789abcdef0')],
  ])('capacity of a %s', (_, capacity) => {
    expect(refused({ batch: { capacity } })).toEqual(['BatchCapacity compute.capacity']);
  });

  test('another fallback than on-demand, and a market in which the machine is not sold', () => {
    expect(refused({ batch: { capacity: Capacity.spot({ fallback: Capacity.spot() }) } })).toEqual([
      'BatchCapacity compute.capacity.fallback',
    ]);
    const machine = AwsMachine.of('g6e.rare', { ...AwsMachine.G6E_48XLARGE.spec, markets: ['on-demand'] });
    expect(refused({ batch: { machine } })).toEqual(['MarketUnsupported compute.capacity']);
  });

  test('spot capacity that nothing tries again', () => {
    expect(refused({ batch: { capacity: Capacity.spot(), attempts: 1 } })).toEqual(['SpotRetries compute.attempts']);
    expect(() => workflow({ batch: { attempts: 1 } })).not.toThrow();
  });

  test.each<[string, WorldProps]>([
    ['concurrency', { concurrency: 10_001 }],
    ['concurrency', { concurrency: 0 }],
    ['shardsPerJob', { shardsPerJob: 201 }],
    ['shardsPerJob', { shardsPerJob: 1.5 }],
    ['toleratedFailurePercent', { toleratedFailurePercent: 101 }],
    ['toleratedFailurePercent', { toleratedFailurePercent: -1 }],
    ['compute.attempts', { batch: { attempts: 11 } }],
    ['compute.mostMachines', { batch: { mostMachines: 0 } }],
    ['compute.instances', { transform: { instances: 2 } }],
    ['compute.instances', { transform: { instances: 101 }, shardsPerJob: 200 }],
  ])('%s outside its limits: %j', (prop, props) => {
    expect(refused(props)).toEqual([`BatchLimit ${prop}`]);
  });

  test.each<[string, WorldProps]>([
    ['timeout', { timeout: Duration.days(366) }],
    ['timeout', { timeout: Duration.seconds(30) }],
    ['compute.shardTimeout', { batch: { shardTimeout: Duration.days(8) } }],
    ['compute.shardTimeout', { batch: { shardTimeout: Duration.seconds(59) } }],
    ['compute.spotPatience', { batch: { spotPatience: Duration.minutes(5) } }],
    ['compute.requestTimeout', { transform: { requestTimeout: Duration.hours(2) } }],
  ])('%s outside its limits', (prop, props) => {
    expect(refused(props).at(-1)).toBe(`BatchTimeout ${prop}`);
  });

  test('two workflows that write to one place, whose shards may share a name', () => {
    const stack = new Stack(new App(), 'Batch', REGION);
    const bucket = new Bucket(stack, 'Data');
    const compute = BatchCompute.awsBatch({ machine: AwsMachine.G5_12XLARGE, mostMachines: 1, image: DIGEST });
    const workflowOf = (id: string, resultsPrefix?: string) =>
      new BatchInference(stack, id, {
        input: bucket,
        inputPrefix: `${id}/`,
        results: Bucket.fromBucketName(stack, `${id}R`, 'results'),
        resultsPrefix,
        compute,
      });
    workflowOf('a');
    expect(() => workflowOf('b', 'other/')).not.toThrow();
    expect(() => workflowOf('c')).toThrow(/resultsPrefix must be one of its own .* not that of Batch\/a/);
    expect(problemsOf(errorOf(() => workflowOf('d')))).toEqual(['ShardPrefix resultsPrefix']);
  });

  test('tokens that decide the workflow', () => {
    const text = Token.asString({ Ref: 'AWS::Region' });
    expect(refused({ concurrency: TOKEN, timeout: Duration.seconds(TOKEN), inputPrefix: text })).toEqual([
      'ValueUnknown concurrency',
      'ValueUnknown timeout',
      'ValueUnknown inputPrefix',
    ]);
  });

  test.each(['/requests/', 'requests', 'requests//', "re'quests/", 'a b/', 'x'.repeat(256) + '/', '$/'])(
    'the prefix %s',
    (prefix) => {
      expect(refused({ inputPrefix: prefix })).toEqual(['ShardPrefix inputPrefix']);
      expect(refused({ resultsPrefix: prefix })).toEqual(['ShardPrefix resultsPrefix']);
    },
  );

  test('results that would be the shards of the next run', () => {
    const oneBucket = (inputPrefix: string, resultsPrefix: string) => () => {
      const stack = new Stack(new App(), 'Batch', REGION);
      const bucket = Bucket.fromBucketName(stack, 'One', 'one');
      const again = Bucket.fromBucketName(stack, 'Again', 'one');
      const compute = BatchCompute.awsBatch({ machine: AwsMachine.G6E_48XLARGE, mostMachines: 1, image: DIGEST });
      return new BatchInference(stack, 'Inference', {
        input: bucket,
        results: again,
        inputPrefix,
        resultsPrefix,
        compute,
      });
    };
    expect(problemsOf(errorOf(oneBucket('in/', 'in/out/')))).toEqual(['ShardPrefix resultsPrefix']);
    expect(problemsOf(errorOf(oneBucket('in/', 'in/')))).toEqual(['ShardPrefix resultsPrefix']);
    expect(problemsOf(errorOf(oneBucket('', 'out/')))).toEqual(['ShardPrefix resultsPrefix']);
    expect(problemsOf(errorOf(oneBucket('out/output/', 'out/')))).toEqual(['ShardPrefix inputPrefix']);
    expect(oneBucket('in/', 'out/')).not.toThrow();
    expect(oneBucket('out/in/', 'out/')).not.toThrow();
  });

  test.each(['https://registry/worker', 'UPPER/case', 'worker:', 'worker@sha256:12', 'a b'])(
    'the image %s',
    (image) => {
      expect(refused({ batch: { image } })).toEqual(['BatchImage compute.image']);
    },
  );

  test.each(['AWS_BATCH_JOB_ID', 'SHARD', 'MARKER_URI', '1A', 'A-B', ''])('the variable %s', (name) => {
    expect(refused({ batch: { environment: { [name]: 'x' } } })).toEqual([`BatchVariable compute.environment.${name}`]);
  });

  test('a transform on a machine that SageMaker does not offer', () => {
    expect(refused({ transform: { machine: AwsMachine.P5_48XLARGE } })).toEqual(['BatchMachine compute.machine']);
    expect(refused({ transform: { machine: AwsMachine.G4DN_METAL } })).toEqual(['BatchMachine compute.machine']);
  });

  test.each([
    [50, 3],
    [0, 1],
    [1.5, 1],
    [101, 1],
  ])('%p MB a request, %p at once', (payloadMB, concurrentRequests) => {
    expect(refused({ transform: { payloadMB, concurrentRequests } })).toEqual([
      'TransformPayload compute.payloadMB and concurrentRequests',
    ]);
  });

  test.each([0, -1, Number.NaN])('a price of %p', (usdPerHour) => {
    expect(refused({ transform: { usdPerHour } })).toEqual(['PriceInvalid compute.usdPerHour']);
    const prices = [{ machine: 'g6e.48xlarge', market: 'spot' as const, usdPerHour }];
    expect(refused({ batch: { prices } })).toEqual(['PriceInvalid compute.prices[0].usdPerHour']);
  });

  test('a day that is none, and a volume of no size that EBS takes', () => {
    expect(refused({ batch: { pricesAsOf: 'today', rootVolumeGiB: 1 } })).toEqual([
      'VolumeOutOfRange compute.rootVolumeGiB',
      'PriceQuery compute.pricesAsOf',
    ]);
  });

  test('a selection of subnets that finds none, or that is of no VPC', () => {
    const stack = new Stack();
    const vpc = new Vpc(stack, 'V', { subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] });
    expect(refused({ batch: { vpc } })).toEqual(['SubnetsMissing compute.subnets']);
    expect(refused({ batch: { vpc: undefined, subnets: { subnetGroupName: 'Nodes' } } })).toEqual([
      'ValueMissing compute.vpc',
    ]);
  });

  test('everything at once', () => {
    expect(
      refused({
        concurrency: 0,
        resultsPrefix: '/',
        batch: { machine: AwsMachine.TRN1_32XLARGE, attempts: 0, image: '?' },
      }),
    ).toEqual([
      'BatchLimit concurrency',
      'ShardPrefix resultsPrefix',
      'BatchMachine compute.machine',
      'BatchLimit compute.attempts',
      'BatchImage compute.image',
    ]);
  });
});

describe('doubts', () => {
  test('nothing of what is the default, but for the age of prices', () => {
    expect(found({}).filter((id) => id !== 'cost/price')).toEqual([]);
  });

  test('an image that is named by a tag', () => {
    expect(found({ batch: { image: 'worker:latest' } })).toContain('image/mutable');
    expect(found({ batch: { image: Token.asString({ Ref: 'AWS::Region' }) } })).not.toContain('image/mutable');
  });

  test('spot capacity without a fallback', () => {
    expect(found({ batch: { capacity: Capacity.spot() } })).toContain('spot/no-fallback');
  });

  test('a market without a price', () => {
    expect(found({ batch: { machine: AwsMachine.G6E_12XLARGE } })).toContain('batch/unpriced-market');
    expect(found({ transform: { usdPerHour: undefined } })).toContain('batch/unpriced-market');
  });

  test('a region that is known only at deployment, or that does not list the machine', () => {
    expect(found({}, {})).toContain('cost/region');
    expect(
      found(
        { batch: { machine: AwsMachine.P6_B300_48XLARGE } },
        { env: { account: '111122223333', region: 'eu-west-3' } },
      ),
    ).toContain('machine/region');
  });

  test('more machines than shards that are started at once', () => {
    expect(found({ concurrency: 3 })).toContain('batch/idle-machines');
    expect(found({ concurrency: 4 })).not.toContain('batch/idle-machines');
  });

  test('transforms of several shards, which fail as a whole', () => {
    expect(found({ transform: {}, shardsPerJob: 2 })).toContain('batch/coarse-failures');
    expect(found({ transform: {} })).not.toContain('batch/coarse-failures');
  });
});

test('whatever numbers are given, either the service takes them or a coded error says no', () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 20_000 }), fc.double(), fc.constant(undefined));
  const props = fc.record({
    concurrency: number,
    shardsPerJob: number,
    toleratedFailurePercent: number,
    batch: fc.record({
      mostMachines: fc.oneof(fc.integer({ min: -1, max: 12_000 })),
      attempts: number,
      gpusPerShard: number,
      sharedMemoryGiB: number,
    }),
  });
  fc.assert(
    fc.property(props, (given) => {
      let built: ReturnType<typeof synth>;
      try {
        built = synth(given);
      } catch {
        expect(problemsOf(errorOf(() => workflow(given as WorldProps)))).not.toEqual([]);
        return;
      }
      const [definition] = built.properties('AWS::Batch::JobDefinition') as [Json];
      expect(definition.RetryStrategy.Attempts).toBeGreaterThanOrEqual(1);
      expect(definition.RetryStrategy.Attempts).toBeLessThanOrEqual(10);
      expect(built.inference.concurrency).toBeGreaterThanOrEqual(1);
      expect(built.inference.concurrency).toBeLessThanOrEqual(10_000);
    }),
    { numRuns: 60 },
  );
}, 120_000);
