import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  AwsMachine,
  EndpointKind,
  EndpointRouting,
  EndpointUpdate,
  type InferenceEndpointProps,
  ModelArtifact,
  ServingContainer,
  ServingImage,
} from 'ai-infra-constructs/aws';
import { errorOf, problemsOf, REGION } from '../support';
import { answersIn, artifactIn, chatLoad, DIGEST, endpointIn, IMAGE, modelIn, modelsIn } from './endpoint-support';

type Change = Partial<InferenceEndpointProps>;

/** What an endpoint is refused for; nothing of it may be there. */
function refused(change: Change | ((stack: Stack) => Change), region = REGION): string[] {
  const stack = new Stack(new App(), 'Test', region);
  const problems = problemsOf(errorOf(() => endpointIn(stack, change)));
  expect(stack.node.tryFindChild('Chat')?.node.children).toEqual([]);
  return problems;
}

const number = () => Token.asNumber(Lazy.any({ produce: () => 1 }));
const at = Schedule.cron({ hour: '7' });

describe('models', () => {
  test('are one at least, and one alone where the kind takes no more', () => {
    expect(refused({ models: {} })).toEqual(['ServedModels models']);
    expect(
      refused((stack) => ({
        kind: EndpointKind.asynchronous({ output: answersIn(stack) }),
        models: { a: modelIn(stack), b: modelIn(stack) },
      })),
    ).toEqual(['ServedModels models']);
  });

  test.each(['Chat', 'a--b', '-a', 'a_b', 'a'.repeat(21), ''])('are not named %p', (name) => {
    expect(refused((stack) => ({ models: { [name]: modelIn(stack) } }))).toEqual([`InferenceName models.${name}`]);
  });

  test.each(['Prod', 'a--b', 'a'.repeat(43), 'chat.prod'])('are on no endpoint named %p', (endpointName) => {
    expect(refused({ endpointName })).toEqual(['InferenceName endpointName']);
  });

  test('have no name that only the deployment knows', () => {
    expect(refused({ endpointName: Token.asString({ Ref: 'Name' }) })).toEqual(['ValueUnknown endpointName']);
  });

  test('larger than the accelerators of their machine are refused without a load, by their artefact', () => {
    expect(
      refused((stack) => ({ models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sizeGB: 140 }) }) } })),
    ).toEqual(['MemoryTooSmall models.chat.artifact.sizeGB']);
  });

  test('take no more accelerators, and no more memory of the host, than their machine has', () => {
    expect(
      refused((stack) => ({
        models: {
          a: modelIn(stack, { accelerators: 2 }),
          b: modelIn(stack, { memoryGiB: 33 }),
          c: modelIn(stack, { memoryGiB: 0.1 }),
        },
      })),
    ).toEqual([
      'ComponentTooLarge models.a.accelerators',
      'ComponentTooLarge models.b.memoryGiB',
      'ComponentTooLarge models.c.memoryGiB',
    ]);
  });

  test('share no instance but as components, and have no weight but as variants', () => {
    const change = (kind: EndpointKind) => (stack: Stack) => ({
      kind,
      machine: AwsMachine.G6E_12XLARGE,
      models: { chat: modelIn(stack, { accelerators: 2, memoryGiB: 8, weight: 2 }) },
    });
    expect(refused(change(EndpointKind.variants()))).toEqual([
      'EndpointOption models.chat.memoryGiB',
      'EndpointOption models.chat.accelerators',
    ]);
    expect(refused(change(EndpointKind.components()))).toEqual(['EndpointOption models.chat.weight']);
  });

  test('have no negative weight', () => {
    expect(
      refused((stack) => ({ kind: EndpointKind.variants(), models: { chat: modelIn(stack, { weight: -1 }) } })),
    ).toEqual(['EndpointOption models.chat.weight']);
  });
});

describe('an artefact', () => {
  const files = (options: Partial<Parameters<typeof ModelArtifact.files>[0]>) => (stack: Stack) => ({
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, options) }) },
  });

  test.each([
    ['no end of a folder', { prefix: 'chat/v3' }],
    ['a slash first', { prefix: '/chat/v3/' }],
    ['another version', { prefix: 'chat/v30/' }],
    ['no version', { prefix: 'chat/' }],
  ])('has %s', (_, options) => {
    expect(refused(files(options))).toEqual(['ModelLocation models.chat.artifact.prefix']);
  });

  test('has a version that a tag takes', () => {
    expect(refused(files({ version: 'v 3', prefix: 'chat/v 3/' }))).toEqual([
      'ModelLocation models.chat.artifact.version',
    ]);
  });

  test.each(['abc', 'A'.repeat(64), 'g'.repeat(64)])('has no digest like %s', (sha256) => {
    expect(refused(files({ sha256 }))).toEqual(['ModelDigest models.chat.artifact.sha256']);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is not of %p gigabytes', (sizeGB) => {
    expect(refused(files({ sizeGB }))).toContain('ModelLocation models.chat.artifact.sizeGB');
  });

  test('is an archive by its name', () => {
    const archive = (key: string) => (stack: Stack) => {
      const artifact = ModelArtifact.archive({
        bucket: modelsIn(stack),
        key,
        version: 'v1',
        sha256: DIGEST,
        sizeGB: 1,
      });
      return { models: { rank: modelIn(stack, { artifact }) } };
    };
    expect(refused(archive('rank/v1.zip'))).toEqual(['ModelLocation models.rank.artifact.key']);
  });

  test('fits the largest volume where there are no local disks', () => {
    expect(
      refused((stack) => ({
        machine: AwsMachine.INF2_48XLARGE,
        models: Object.fromEntries(
          ['a', 'b', 'c'].map((name) => [
            name,
            modelIn(stack, {
              container: ServingContainer.lmi({ image: IMAGE }),
              artifact: artifactIn(stack, { sizeGB: 150 }),
            }),
          ]),
        ),
      })),
    ).toEqual(['VolumeTooSmall models']);
  });

  test('names its bucket, and is not made from text', () => {
    expect(problemsOf(errorOf(() => ModelArtifact.files({} as never)))).toEqual([
      'ValueMissing bucket',
      'ValueMissing version',
      'ValueMissing sizeGB',
      'ValueMissing prefix',
    ]);
  });
});

describe('a container', () => {
  const container = (one: ServingContainer) => (stack: Stack) => ({
    models: { chat: modelIn(stack, { container: one }) },
  });

  test('has settings in whole numbers, and a share of the memory', () => {
    expect(
      refused(
        container(ServingContainer.vllm({ image: IMAGE, maxModelLength: 0, maxSequences: 1.5, memoryShare: 90 })),
      ),
    ).toEqual([
      'ServingContainerInvalid models.chat.container.maxModelLength',
      'ServingContainerInvalid models.chat.container.maxSequences',
      'ServingContainerInvalid models.chat.container.memoryShare',
    ]);
    expect(refused(container(ServingContainer.tensorFlowServing({ image: IMAGE, batchTimeoutMicros: 500 })))).toEqual([
      'ServingContainerInvalid models.chat.container.batchTimeoutMicros',
    ]);
  });

  test('runs on the accelerators of the machine', () => {
    expect(refused({ machine: AwsMachine.INF2_48XLARGE })).toEqual(['ServingContainerInvalid models.chat.container']);
  });

  test('of AWS is in the region', () => {
    expect(refused({}, { env: { account: '111122223333', region: 'us-iso-east-1' } })).toEqual([
      'ServingContainerInvalid models.chat.container.image',
    ]);
  });

  test('has an environment that SageMaker takes', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`V${index}`, 'x']));
    expect(refused(container(ServingContainer.of({ image: IMAGE, environment: many })))).toEqual([
      'ContainerEnvironment models.chat.container.environment',
    ]);
    expect(
      refused(container(ServingContainer.of({ image: IMAGE, environment: { 'a-b': 'x', LONG: 'x'.repeat(1025) } }))),
    ).toEqual([
      'ContainerEnvironment models.chat.container.environment.a-b',
      'ContainerEnvironment models.chat.container.environment.LONG',
    ]);
  });

  test('has an image', () => {
    expect(problemsOf(errorOf(() => ServingContainer.vllm({} as never)))).toEqual(['ValueMissing image']);
    expect(problemsOf(errorOf(() => ServingImage.ecr('repo' as never, '')))).toEqual([
      'PropType repository',
      'PropType tagOrDigest',
    ]);
  });
});

describe('a machine', () => {
  test('is named, but for a serverless endpoint', () => {
    expect(refused({ machine: undefined })).toEqual(['ValueMissing machine']);
  });

  test.each([AwsMachine.G6F_LARGE, AwsMachine.TRN2U_48XLARGE])(
    'is one that SageMaker hosts, which %s is not',
    (machine) => {
      expect(refused((stack) => ({ machine, models: { chat: own(stack) } }))).toContain('MachineNotHosted machine');
    },
  );

  test('runs a system with its driver', () => {
    expect(refused({ inferenceAmi: 'al2-ami-sagemaker-inference-neuron-2' })).toEqual(['EndpointOption inferenceAmi']);
    expect(refused({ inferenceAmi: 'ubuntu' as never })).toEqual(['ChoiceUnknown inferenceAmi']);
  });

  test('with local disks takes no key', () => {
    expect(refused((stack) => ({ encryptionKey: new Key(stack, 'Key') }))).toEqual(['VolumeKeyRejected encryptionKey']);
  });
});

function own(stack: Stack) {
  return modelIn(stack, {
    container: ServingContainer.of({ image: IMAGE }),
    artifact: artifactIn(stack, { sizeGB: 0.1 }),
  });
}

describe('a serverless endpoint', () => {
  const serverless =
    (change: (stack: Stack) => Change = () => ({}), options = {}) =>
    (stack: Stack) => ({
      kind: EndpointKind.serverless({ memoryMiB: 2048, maxConcurrency: 5, ...options }),
      machine: undefined,
      models: {
        rank: {
          container: ServingContainer.of({ image: IMAGE }),
          artifact: ModelArtifact.archive({
            bucket: modelsIn(stack),
            key: 'rank/v1.tar.gz',
            version: 'v1',
            sha256: DIGEST,
            sizeGB: 1,
          }),
        },
      },
      ...change(stack),
    });

  test('has no machine with accelerators', () => {
    expect(refused(serverless(() => ({ machine: AwsMachine.G5_XLARGE })))).toEqual(['ServerlessMachine machine']);
  });

  test('has sizes of the service', () => {
    expect(refused(serverless(undefined, { memoryMiB: 3000, maxConcurrency: 201 }))).toEqual([
      'ServerlessSize kind.memoryMiB',
      'ServerlessSize kind.maxConcurrency',
    ]);
    expect(refused(serverless(undefined, { provisionedConcurrency: 6 }))).toEqual([
      'ServerlessSize kind.provisionedConcurrency',
    ]);
  });

  test('has neither network nor isolation nor capture nor scaling of its own', () => {
    expect(
      refused(
        serverless((stack) => ({
          vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] }),
          isolated: true,
          dataCapture: { bucket: modelsIn(stack) },
          scaling: { minimum: 0 },
          update: EndpointUpdate.canary(),
          routing: EndpointRouting.random(),
          load: chatLoad(),
        })),
      ),
    ).toEqual(
      ['vpc', 'isolated', 'dataCapture', 'routing', 'update', 'scaling', 'load'].map(
        (prop) => `EndpointOption ${prop}`,
      ),
    );
  });

  test('takes an archive alone', () => {
    expect(refused(serverless((stack) => ({ models: { rank: own(stack) } })))).toEqual([
      'EndpointOption models.rank.artifact',
    ]);
  });
});

describe('an asynchronous endpoint', () => {
  test('has a bucket for its answers', () => {
    expect(refused({ kind: EndpointKind.asynchronous({} as never) })).toEqual(['OutputBucketMissing kind.output']);
  });

  test.each([0, 1001, 1.5, Number.NaN])(
    'has instances that work on no %p requests at once',
    (concurrencyPerInstance) => {
      expect(
        refused((stack) => ({ kind: EndpointKind.asynchronous({ output: answersIn(stack), concurrencyPerInstance }) })),
      ).toEqual(['EndpointOption kind.concurrencyPerInstance']);
    },
  );
});

describe('scaling', () => {
  test('to zero is for components and asynchronous endpoints', () => {
    expect(refused({ kind: EndpointKind.variants(), scaling: { minimum: 0, maximum: 2 } })).toEqual([
      'ScaleToZero scaling.minimum',
    ]);
    expect(
      refused({ kind: EndpointKind.variants(), scaling: { schedule: [{ name: 'Night', at, minimum: 0 }] } }),
    ).toEqual(['ScaleToZero scaling.schedule[0].minimum']);
  });

  test('has limits in order, in whole numbers, and a target', () => {
    expect(refused({ scaling: { minimum: 5, maximum: 2 } })).toEqual(['ScalingLimits scaling.minimum']);
    expect(refused({ scaling: { minimum: 1.5, maximum: 0, target: 0 } })).toEqual([
      'ScalingLimits scaling.minimum',
      'ScalingLimits scaling.maximum',
      'ScalingLimits scaling.target',
    ]);
    expect(refused({ scaling: { minimum: number() } })).toEqual(['ValueUnknown scaling.minimum']);
  });

  test('by the clock changes something, under a name of its own', () => {
    const schedule = [
      { name: 'Day', at, minimum: 1 },
      { name: 'Day', at, minimum: 2 },
      { name: 'by night', at },
      { name: 'High', at, minimum: 9, maximum: 3 },
    ];
    expect(refused({ scaling: { schedule } })).toEqual([
      'ScalingSchedule scaling.schedule[1].name',
      'ScalingSchedule scaling.schedule[2].name',
      'ScalingSchedule scaling.schedule[2].minimum',
      'ScalingLimits scaling.schedule[3].minimum',
    ]);
  });
});

describe('timeouts', () => {
  test.each([Duration.seconds(59), Duration.minutes(61), Duration.millis(90_500)])('are not %s', (given) => {
    expect(
      refused((stack) => ({ models: { chat: modelIn(stack, { downloadTimeout: given, startupTimeout: given }) } })),
    ).toEqual(['InferenceTimeout models.chat.downloadTimeout', 'InferenceTimeout models.chat.startupTimeout']);
  });

  test('that a model needs are within what SageMaker waits', () => {
    expect(
      refused((stack) => ({
        machine: AwsMachine.P5EN_48XLARGE,
        models: {
          chat: modelIn(stack, {
            container: ServingContainer.of({ image: IMAGE, startupSeconds: 3_700 }),
            artifact: artifactIn(stack, { sizeGB: 1_000 }),
          }),
        },
      })),
    ).toEqual(['InferenceTimeout models.chat.startupTimeout']);
  });
});

describe('updates', () => {
  test.each([
    [EndpointUpdate.rolling({ percent: 51 }), 'UpdatePolicy update.percent'],
    [EndpointUpdate.rolling({ percent: 4 }), 'UpdatePolicy update.percent'],
    [EndpointUpdate.rolling({ watch: Duration.hours(2) }), 'UpdatePolicy update.watch'],
    [EndpointUpdate.canary(), 'UpdatePolicy update'],
    [EndpointUpdate.allAtOnce(), 'UpdatePolicy update'],
  ])('of components are in batches that SageMaker takes', (update, problem) => {
    expect(refused({ update })).toEqual([problem]);
  });

  test('of several variants need a new fleet', () => {
    expect(
      refused((stack) => ({
        kind: EndpointKind.variants(),
        models: { a: modelIn(stack), b: modelIn(stack) },
        update: EndpointUpdate.rolling(),
      })),
    ).toEqual(['UpdatePolicy update']);
    expect(refused({ kind: EndpointKind.variants(), update: EndpointUpdate.linear({ percent: 5 }) })).toEqual([
      'UpdatePolicy update.percent',
    ]);
  });
});

test('routing reads as much of a prompt as SageMaker does', () => {
  expect(refused({ routing: EndpointRouting.prefixAware({ prefixLength: 100, concurrencyThreshold: 2000 }) })).toEqual([
    'RoutingPolicy routing.prefixLength',
    'RoutingPolicy routing.concurrencyThreshold',
  ]);
});

test.each([0, 101, 2.5])('captures no %p percent', (percent) => {
  expect(
    refused((stack) => ({ kind: EndpointKind.variants(), dataCapture: { bucket: modelsIn(stack), percent } })),
  ).toEqual(['CaptureInvalid dataCapture.percent']);
});

test('a network has subnets, and subnets have a network', () => {
  expect(refused({ subnets: { subnetType: SubnetType.PUBLIC } })).toEqual(['EndpointOption subnets']);
  expect(
    refused((stack) => ({
      vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] }),
      subnets: { subnetGroupName: 'none' },
    })),
  ).toEqual(['SubnetsMissing subnets']);
});

test('all that is wrong is told at once', () => {
  const problems = refused((stack) => ({
    endpointName: 'Prod',
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, { prefix: 'chat/' }) }) },
    scaling: { minimum: 3, maximum: 1 },
    routing: EndpointRouting.prefixAware({ prefixLength: 1 }),
    update: EndpointUpdate.canary({ percent: 60 }),
  }));
  expect(problems).toEqual([
    'InferenceName endpointName',
    'ModelLocation models.chat.artifact.prefix',
    'ScalingLimits scaling.minimum',
    'RoutingPolicy routing.prefixLength',
    'UpdatePolicy update.percent',
    'UpdatePolicy update',
  ]);
});
