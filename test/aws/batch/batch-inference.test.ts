import { App, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import { findingsOf, Prices } from 'ai-infra-constructs';
import {
  type AwsBatchOptions,
  AwsMachine,
  BatchCompute,
  BatchInference,
  Capacity,
  TransformSplit,
} from 'ai-infra-constructs/aws';
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

const rejected = (props: WorldProps) => problemsOf(errorOf(() => workflow(props)));
const found = (props: WorldProps, stackProps = REGION) =>
  findingsOf(workflow(props, stackProps).stack).map(({ id }) => id);

describe('the machines of AWS Batch', () => {
  const { properties, template } = synth();

  test('have one queue for spot, and one for the on-demand fallback', () => {
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

  test('have 30 minutes to start on spot capacity, and a job that fits no machine is canceled after 10 minutes', () => {
    const limits = properties('AWS::Batch::JobQueue').map(({ JobStateTimeLimitActions }) =>
      (JobStateTimeLimitActions as Json[]).map(
        ({ Reason, MaxTimeSeconds }) => [Reason, MaxTimeSeconds] as [string, number],
      ),
    );
    expect(limits[0]).toContainEqual(['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 1800]);
    expect(limits[1]?.map(([reason]) => reason)).not.toContain('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    for (const queue of limits) expect(queue).toContainEqual(['MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', 600]);
  });

  test('have encrypted disks and IMDSv2 that containers cannot reach, and are in private subnets', () => {
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
        Subnets: ['subnet-0123456789abcde0c', 'subnet-0123456789abcde0d'],
      },
    });
    const groups = properties('AWS::EC2::SecurityGroup');
    expect(groups.flatMap(({ SecurityGroupIngress }) => (SecurityGroupIngress as Json[] | undefined) ?? [])).toEqual(
      [],
    );
  });

  test('are updated in place, and running jobs finish', () => {
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ReplaceComputeEnvironment: false,
      UpdatePolicy: { TerminateJobsOnUpdate: false },
      ComputeResources: { LaunchTemplate: { Version: { 'Fn::GetAtt': [Match.anyValue(), 'LatestVersionNumber'] } } },
    });
  });

  test('are in a new network by default', () => {
    const stack = new Stack(new App(), 'Batch');
    const compute = BatchCompute.awsBatch({ machine: AwsMachine.G5_12XLARGE, maxMachines: 1, image: DIGEST });
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

  test('uses a whole machine, except the memory that the system reserves', () => {
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
    'uses a share of %s so that all GPUs are usable',
    (_, machine) => {
      const { accelerators, memoryGiB, vcpus } = machine.spec;
      if (!Number.isInteger(accelerators)) return;
      for (let gpus = 1; gpus <= accelerators; gpus += 1) {
        const { GPU, VCPU, MEMORY } = needs(definitionOf({ batch: { machine, acceleratorsPerReplica: gpus } }));
        const fits = Math.floor(accelerators / gpus);
        expect(GPU).toBe(gpus);
        expect(VCPU! * fits).toBeLessThanOrEqual(vcpus);
        expect(MEMORY! * fits).toBeLessThanOrEqual(memoryGiB * 1024 * 0.925);
        expect(MEMORY! * (fits + 1)).toBeGreaterThan(memoryGiB * 1024 * 0.925 - 32 - fits);
      }
    },
    60_000,
  );

  test('is retried if its machine is reclaimed, but not if the program fails', () => {
    expect(definitionOf({ batch: { attempts: 3 } }).RetryStrategy).toEqual({
      Attempts: 3,
      EvaluateOnExit: [
        { OnStatusReason: 'Host EC2*', Action: 'RETRY' },
        { OnReason: '*', Action: 'EXIT' },
      ],
    });
  });

  test('has the given time limit, and never a longer one than the run', () => {
    expect(definitionOf({ batch: { taskTimeout: Duration.hours(2) } }).Timeout).toEqual({
      AttemptDurationSeconds: 7200,
    });
    expect(definitionOf({ timeout: Duration.hours(1) }).Timeout).toEqual({ AttemptDurationSeconds: 3600 });
  });

  test('can read shards and write results, but not the records of runs', () => {
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
    permissions.require('s3:GetObject', `${input}/requests/a`);
    permissions.require('s3:GetObject', `${results}/batch/runs/run-1/shards/x.json`);
    for (const below of ['output', 'done', 'checkpoints'])
      permissions.require('s3:PutObject', `${results}/batch/${below}/a`);
    expect(() => permissions.require('s3:PutObject', `${results}/batch/runs/run-1/run.json`)).toThrow('no policy');
    expect(() => permissions.require('s3:PutObject', `${input}/requests/a`)).toThrow('no policy');
    expect(() => permissions.require('s3:GetObject', `${input}/other/a`)).toThrow('no policy');
  });
});

test('a run that is active during a stack update continues with its revision of the job definition', () => {
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
  test('is created with the fields of the SageMaker API', () => {
    const { inference, stack } = synth({
      transform: { splitBy: TransformSplit.LINE, contentType: 'application/jsonlines' },
      shardsPerTask: 3,
    });
    const text = JSON.stringify(stack.resolve(inference.resource.definitionString));
    for (const part of ['ml.g5.12xlarge', 'MultiRecord', 'application/jsonlines', 'ManifestFile'])
      expect(text).toContain(part);
    expect(inference.queues).toBeUndefined();
  });

  test('grants the model role access to shards and results', () => {
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

  test('is the key of the results bucket by default', () => {
    const { definition } = transformed((stack) => ({
      results: new Bucket(stack, 'R', { encryptionKey: new Key(stack, 'Key') }),
    }));
    expect(definition).toMatch(/KmsKeyId.{0,60}Key961B73FD/);
  });

  test('is granted to the role of the model', () => {
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

  test('is not set if the bucket has no key', () => {
    expect(transformed((stack) => ({ results: new Bucket(stack, 'R') })).definition).not.toContain('KmsKeyId');
  });
});

test('grants permission to start runs only', () => {
  const { stack, inference } = workflow();
  const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  inference.grantStart(caller);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [{ Action: 'states:StartExecution', Resource: stack.resolve(inference.resource.attrArn) as unknown }],
    },
  });
});

test('logs states, but no data with names of shards', () => {
  const [machine] = synth().properties('AWS::StepFunctions::StateMachine') as [Json];
  expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
  expect(machine).toMatchObject({ StateMachineType: 'STANDARD', TracingConfiguration: { Enabled: true } });
});

describe('rejects', () => {
  test.each<[string, Partial<AwsBatchOptions>]>([
    ['Trainium', { machine: AwsMachine.TRN1_32XLARGE }],
    ['ARM', { machine: AwsMachine.P6E_GB200_36XLARGE, capacity: Capacity.onDemand() }],
  ])('a machine that AWS Batch does not support: %s', (_, batch) => {
    expect(rejected({ batch })).toContain('BatchMachine compute.machine');
  });

  test('a machine without accelerators, which is not in the catalog', () => {
    expect(errorOf(() => AwsMachine.fromName('m7i.large')).code).toBe('MachineUnknown');
    expect(rejected({ batch: { machine: 'm7i.large' as never } })).toEqual(['PropType machine']);
  });

  test('a slice of a GPU', () => {
    const { spec } = AwsMachine.G6_XLARGE;
    const machine = AwsMachine.of('g6f.tiny', { ...spec, accelerators: 0.5 });
    expect(rejected({ batch: { machine, capacity: Capacity.onDemand() } })).toEqual(['BatchMachine compute.machine']);
  });

  test.each([0, 9, 1.5, Number.NaN, TOKEN])('%p GPUs of eight for a shard', (acceleratorsPerReplica) => {
    expect(rejected({ batch: { acceleratorsPerReplica } })).toEqual(['BatchShare compute.acceleratorsPerReplica']);
  });

  test.each([0, 5000])('%p GiB of shared memory', (gib) => {
    expect(rejected({ batch: { sharedMemory: Size.gibibytes(gib) } })).toEqual(['BatchShare compute.sharedMemory']);
  });

  test.each([
    ['reservation', Capacity.reservation('cr-0123456789abcdef0')],
    ['capacity block', Capacity.capacityBlock('cr-0123456789abcdef0')],
  ])('capacity of a %s', (_, capacity) => {
    expect(rejected({ batch: { capacity } })).toEqual(['BatchCapacity compute.capacity']);
  });

  test('a fallback other than on-demand, and a market that does not sell the machine', () => {
    expect(rejected({ batch: { capacity: Capacity.spot({ fallback: Capacity.spot() }) } })).toEqual([
      'BatchCapacity compute.capacity.fallback',
    ]);
    const machine = AwsMachine.of('g6e.rare', { ...AwsMachine.G6E_48XLARGE.spec, markets: ['on-demand'] });
    expect(rejected({ batch: { machine } })).toEqual(['MarketUnsupported compute.capacity']);
  });

  test('spot capacity without a retry and without a fallback', () => {
    expect(rejected({ batch: { capacity: Capacity.spot(), attempts: 1 } })).toEqual(['SpotRetries compute.attempts']);
    expect(() => workflow({ batch: { attempts: 1 } })).not.toThrow();
  });

  test.each<[string, WorldProps]>([
    ['concurrency', { concurrency: 10_001 }],
    ['concurrency', { concurrency: 0 }],
    ['shardsPerTask', { shardsPerTask: 201 }],
    ['shardsPerTask', { shardsPerTask: 1.5 }],
    ['toleratedFailurePercent', { toleratedFailurePercent: 101 }],
    ['toleratedFailurePercent', { toleratedFailurePercent: -1 }],
    ['compute.attempts', { batch: { attempts: 11 } }],
    ['compute.maxMachines', { batch: { maxMachines: 0 } }],
    ['compute.instances', { transform: { instances: 2 } }],
    ['compute.instances', { transform: { instances: 101 }, shardsPerTask: 200 }],
  ])('%s outside its limits: %j', (prop, props) => {
    expect(rejected(props)).toEqual([`BatchLimit ${prop}`]);
  });

  test.each<[string, WorldProps]>([
    ['timeout', { timeout: Duration.days(366) }],
    ['timeout', { timeout: Duration.seconds(30) }],
    ['compute.taskTimeout', { batch: { taskTimeout: Duration.days(8) } }],
    ['compute.taskTimeout', { batch: { taskTimeout: Duration.seconds(59) } }],
    ['compute.spotPatience', { batch: { spotPatience: Duration.minutes(5) } }],
    ['compute.requestTimeout', { transform: { requestTimeout: Duration.hours(2) } }],
  ])('%s outside its limits', (prop, props) => {
    expect(rejected(props).at(-1)).toBe(`BatchTimeout ${prop}`);
  });

  test('two workflows with the same results prefix', () => {
    const stack = new Stack(new App(), 'Batch', REGION);
    const bucket = new Bucket(stack, 'Data');
    const compute = BatchCompute.awsBatch({ machine: AwsMachine.G5_12XLARGE, maxMachines: 1, image: DIGEST });
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
    expect(() => workflowOf('c')).toThrow(
      /resultsPrefix must be a prefix that no other workflow writes to, because Batch\/a would mix/,
    );
    expect(problemsOf(errorOf(() => workflowOf('d')))).toEqual(['ShardPrefix resultsPrefix']);
  });

  test('tokens that the workflow depends on', () => {
    const text = Token.asString({ Ref: 'AWS::Region' });
    expect(rejected({ concurrency: TOKEN, timeout: Duration.hours(TOKEN), inputPrefix: text })).toEqual([
      'ValueUnknown concurrency',
      'ValueUnknown timeout',
      'ValueUnknown inputPrefix',
    ]);
  });

  test.each(['/requests/', 'requests', 'requests//', "re'quests/", 'a b/', 'x'.repeat(256) + '/', '$/'])(
    'the prefix %s',
    (prefix) => {
      expect(rejected({ inputPrefix: prefix })).toEqual(['ShardPrefix inputPrefix']);
      expect(rejected({ resultsPrefix: prefix })).toEqual(['ShardPrefix resultsPrefix']);
    },
  );

  test('results that would become shards of the next run', () => {
    const oneBucket = (inputPrefix: string, resultsPrefix: string) => () => {
      const stack = new Stack(new App(), 'Batch', REGION);
      const bucket = Bucket.fromBucketName(stack, 'One', 'one');
      const again = Bucket.fromBucketName(stack, 'Again', 'one');
      const compute = BatchCompute.awsBatch({ machine: AwsMachine.G6E_48XLARGE, maxMachines: 1, image: DIGEST });
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
      expect(rejected({ batch: { image } })).toEqual(['BatchImage compute.image']);
    },
  );

  test.each(['AWS_BATCH_JOB_ID', 'SHARD', 'MARKER_URI', '1A', 'A-B', ''])('the variable %s', (name) => {
    expect(rejected({ batch: { environment: { [name]: 'x' } } })).toEqual([
      `BatchVariable compute.environment.${name}`,
    ]);
  });

  test('a transform on a machine that SageMaker does not support', () => {
    expect(rejected({ transform: { machine: AwsMachine.P5_48XLARGE } })).toEqual(['BatchMachine compute.machine']);
    expect(rejected({ transform: { machine: AwsMachine.G4DN_METAL } })).toEqual(['BatchMachine compute.machine']);
  });

  test.each([
    [50, 3],
    [0, 1],
    [1.5, 1],
    [101, 1],
  ])('requests of %p MiB, %p at once', (mib, concurrentRequests) => {
    const maxPayload = Size.kibibytes(mib * 1024);
    expect(rejected({ transform: { maxPayload, concurrentRequests } })).toEqual([
      'TransformPayload compute.maxPayload and concurrentRequests',
    ]);
  });

  test.each([0, -1, Number.NaN])('a price of %p', (usdPerHour) => {
    expect(rejected({ transform: { usdPerHour } })).toEqual(['PriceInvalid compute.usdPerHour']);
    const prices = Prices.of([{ machine: 'g6e.48xlarge', market: 'spot', usdPerHour }]);
    expect(rejected({ batch: { prices } })).toEqual(['PriceInvalid compute.prices.overrides[0].usdPerHour']);
  });

  test('a boot disk of a size that EBS does not support', () => {
    expect(rejected({ batch: { bootDisk: Size.gibibytes(1) } })).toEqual(['VolumeOutOfRange compute.bootDisk']);
  });

  test('an empty selection of subnets, and a selection without a VPC', () => {
    const stack = new Stack();
    const vpc = new Vpc(stack, 'V', { subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] });
    expect(rejected({ batch: { vpc } })).toEqual(['SubnetsMissing compute.subnets']);
    expect(rejected({ batch: { vpc: undefined, subnets: { subnetGroupName: 'Nodes' } } })).toEqual([
      'ValueMissing compute.vpc',
    ]);
  });

  test('several problems in one error', () => {
    expect(
      rejected({
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

describe('findings', () => {
  test('include only the age of prices by default', () => {
    expect(found({}).filter((id) => id !== 'cost/price')).toEqual([]);
  });

  test('include an image with a tag', () => {
    expect(found({ batch: { image: 'worker:latest' } })).toContain('image/mutable');
    expect(found({ batch: { image: Token.asString({ Ref: 'AWS::Region' }) } })).not.toContain('image/mutable');
  });

  test('include spot capacity without a fallback', () => {
    expect(found({ batch: { capacity: Capacity.spot() } })).toContain('spot/no-fallback');
  });

  test('include a market without a price', () => {
    expect(found({ batch: { machine: AwsMachine.G6E_12XLARGE } })).toContain('batch/unpriced-market');
    expect(found({ transform: { usdPerHour: undefined } })).toContain('batch/unpriced-market');
  });

  test('include a region that is known only at deployment, or that does not offer the machine', () => {
    expect(found({}, {})).toContain('cost/region');
    expect(
      found(
        { batch: { machine: AwsMachine.P6_B300_48XLARGE } },
        { env: { account: '111122223333', region: 'eu-west-3' } },
      ),
    ).toContain('machine/region');
  });

  test('include machines that the concurrency keeps idle', () => {
    expect(found({ concurrency: 3 })).toContain('batch/idle-machines');
    expect(found({ concurrency: 4 })).not.toContain('batch/idle-machines');
  });

  test('include transforms of several shards, which fail as a whole', () => {
    expect(found({ transform: {}, shardsPerTask: 2 })).toContain('batch/coarse-failures');
    expect(found({ transform: {} })).not.toContain('batch/coarse-failures');
  });
});

test('any numbers give either a valid template or a coded error', () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 20_000 }), fc.double(), fc.constant(undefined));
  const props = fc.record({
    concurrency: number,
    shardsPerTask: number,
    toleratedFailurePercent: number,
    batch: fc.record({
      maxMachines: fc.oneof(fc.integer({ min: -1, max: 12_000 })),
      attempts: number,
      acceleratorsPerReplica: number,
      sharedMemory: fc.option(
        fc.double({ min: 0, max: 5000, noNaN: true }).map((gib) => Size.gibibytes(gib)),
        { nil: undefined },
      ),
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
