import { App, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
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

/** Problems of an endpoint. Nothing may be created. */
function rejected(change: Change | ((stack: Stack) => Change), region = REGION): string[] {
  const stack = new Stack(new App(), 'Test', region);
  const problems = problemsOf(errorOf(() => endpointIn(stack, change)));
  expect(stack.node.tryFindChild('Chat')?.node.children).toEqual([]);
  return problems;
}

const number = () => Token.asNumber(Lazy.any({ produce: () => 1 }));
const at = Schedule.cron({ hour: '7' });

describe('models', () => {
  test('need at least one model, and only one if the kind supports no more', () => {
    expect(rejected({ models: {} })).toEqual(['ServedModels models']);
    expect(
      rejected((stack) => ({
        kind: EndpointKind.asynchronous({ output: answersIn(stack) }),
        models: { a: modelIn(stack), b: modelIn(stack) },
      })),
    ).toEqual(['ServedModels models']);
  });

  test.each(['Chat', 'a--b', '-a', 'a_b', 'a'.repeat(21), ''])('reject the model name %p', (name) => {
    expect(rejected((stack) => ({ models: { [name]: modelIn(stack) } }))).toEqual([`InferenceName models.${name}`]);
  });

  test.each(['Prod', 'a--b', 'a'.repeat(43), 'chat.prod'])('reject the endpoint name %p', (endpointName) => {
    expect(rejected({ endpointName })).toEqual(['InferenceName endpointName']);
  });

  test('reject an endpoint name that is known only at deployment', () => {
    expect(rejected({ endpointName: Token.asString({ Ref: 'Name' }) })).toEqual(['ValueUnknown endpointName']);
  });

  test('reject an artifact larger than the accelerators of the machine, also without a load', () => {
    expect(
      rejected((stack) => ({ models: { chat: modelIn(stack, { artifact: artifactIn(stack, { sizeGB: 140 }) }) } })),
    ).toEqual(['MemoryTooSmall models.chat.artifact.sizeGB']);
  });

  test('reject more accelerators or host memory than the machine has', () => {
    expect(
      rejected((stack) => ({
        models: {
          a: modelIn(stack, { accelerators: 2 }),
          b: modelIn(stack, { memory: Size.gibibytes(33) }),
          c: modelIn(stack, { memory: Size.mebibytes(102.4) }),
        },
      })),
    ).toEqual([
      'ComponentTooLarge models.a.accelerators',
      'ComponentTooLarge models.b.memory',
      'ComponentTooLarge models.c.memory',
    ]);
  });

  test('reject a part of an instance for variants, and a weight for components', () => {
    const change = (kind: EndpointKind) => (stack: Stack) => ({
      kind,
      machine: AwsMachine.G6E_12XLARGE,
      models: { chat: modelIn(stack, { accelerators: 2, memory: Size.gibibytes(8), weight: 2 }) },
    });
    expect(rejected(change(EndpointKind.variants()))).toEqual([
      'EndpointOption models.chat.memory',
      'EndpointOption models.chat.accelerators',
    ]);
    expect(rejected(change(EndpointKind.components()))).toEqual(['EndpointOption models.chat.weight']);
  });

  test('reject a negative weight', () => {
    expect(
      rejected((stack) => ({ kind: EndpointKind.variants(), models: { chat: modelIn(stack, { weight: -1 }) } })),
    ).toEqual(['EndpointOption models.chat.weight']);
  });
});

describe('an artifact', () => {
  const files = (options: Partial<Parameters<typeof ModelArtifact.files>[0]>) => (stack: Stack) => ({
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, options) }) },
  });

  test.each([
    ['no slash at the end', { prefix: 'chat/v3' }],
    ['a slash at the start', { prefix: '/chat/v3/' }],
    ['another version', { prefix: 'chat/v30/' }],
    ['no version', { prefix: 'chat/' }],
  ])('rejects a prefix with %s', (_, options) => {
    expect(rejected(files(options))).toEqual(['ModelLocation models.chat.artifact.prefix']);
  });

  test('rejects a version that is not a valid tag value', () => {
    expect(rejected(files({ version: 'v 3', prefix: 'chat/v 3/' }))).toEqual([
      'ModelLocation models.chat.artifact.version',
    ]);
  });

  test.each(['abc', 'A'.repeat(64), 'g'.repeat(64)])('rejects the digest %s', (sha256) => {
    expect(rejected(files({ sha256 }))).toEqual(['ModelDigest models.chat.artifact.sha256']);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('rejects a size of %p gigabytes', (sizeGB) => {
    expect(rejected(files({ sizeGB }))).toContain('ModelLocation models.chat.artifact.sizeGB');
  });

  test('rejects an archive with another extension', () => {
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
    expect(rejected(archive('rank/v1.zip'))).toEqual(['ModelLocation models.rank.artifact.key']);
  });

  test('rejects models larger than the largest volume, if there are no local disks', () => {
    expect(
      rejected((stack) => ({
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

  test('requires a bucket, a version, a size and a prefix', () => {
    expect(problemsOf(errorOf(() => ModelArtifact.files({} as never)))).toEqual([
      'ValueMissing prefix',
      'ValueMissing bucket',
      'ValueMissing version',
      'ValueMissing sizeGB',
    ]);
  });
});

describe('a container', () => {
  const container = (one: ServingContainer) => (stack: Stack) => ({
    models: { chat: modelIn(stack, { container: one }) },
  });

  test('rejects settings that are not whole numbers, and a memory share above 1', () => {
    expect(
      rejected(
        container(ServingContainer.vllm({ image: IMAGE, maxModelLength: 0, maxSequences: 1.5, memoryShare: 90 })),
      ),
    ).toEqual([
      'ServingContainerInvalid models.chat.container.maxModelLength',
      'ServingContainerInvalid models.chat.container.maxSequences',
      'ServingContainerInvalid models.chat.container.memoryShare',
    ]);
    expect(
      rejected(container(ServingContainer.tensorFlowServing({ image: IMAGE, batchTimeout: Duration.millis(0.5) }))),
    ).toEqual(['ServingContainerInvalid models.chat.container.batchTimeout']);
  });

  test('rejects sizes and times that are tokens or not whole units of the server', () => {
    const token = Token.asNumber(Lazy.any({ produce: () => 1 }));
    const triton = { sharedMemory: Size.mebibytes(1.5), sharedMemoryGrowth: Size.mebibytes(token) };
    expect(rejected(container(ServingContainer.triton({ image: IMAGE, ...triton })))).toEqual([
      'ServingContainerInvalid models.chat.container.sharedMemory',
      'ServingContainerInvalid models.chat.container.sharedMemoryGrowth',
    ]);
    const torch = { batchDelay: Duration.millis(0.5), workers: 1 };
    expect(rejected(container(ServingContainer.torchServe({ image: IMAGE, ...torch })))).toEqual([
      'ServingContainerInvalid models.chat.container.batchDelay',
    ]);
    const startupTime = Duration.millis(1_500);
    expect(rejected(container(ServingContainer.of({ image: IMAGE, startupTime })))).toEqual([
      'ServingContainerInvalid models.chat.container.startupTime',
    ]);
  });

  test('rejects accelerators that the server does not support', () => {
    expect(rejected({ machine: AwsMachine.INF2_48XLARGE })).toEqual(['ServingContainerInvalid models.chat.container']);
  });

  test('rejects an AWS image in a region without one', () => {
    expect(rejected({}, { env: { account: '111122223333', region: 'us-iso-east-1' } })).toEqual([
      'ServingContainerInvalid models.chat.container.image',
    ]);
  });

  test('rejects an environment that SageMaker does not support', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`V${index}`, 'x']));
    expect(rejected(container(ServingContainer.of({ image: IMAGE, environment: many })))).toEqual([
      'ContainerEnvironment models.chat.container.environment',
    ]);
    expect(
      rejected(container(ServingContainer.of({ image: IMAGE, environment: { 'a-b': 'x', LONG: 'x'.repeat(1025) } }))),
    ).toEqual([
      'ContainerEnvironment models.chat.container.environment.a-b',
      'ContainerEnvironment models.chat.container.environment.LONG',
    ]);
  });

  test('requires an image', () => {
    expect(problemsOf(errorOf(() => ServingContainer.vllm({} as never)))).toEqual(['ValueMissing image']);
    expect(problemsOf(errorOf(() => ServingImage.ecr('repo' as never, '')))).toEqual([
      'PropType repository',
      'PropType tagOrDigest',
    ]);
  });
});

describe('a machine', () => {
  test('is required unless the endpoint is serverless', () => {
    expect(rejected({ machine: undefined })).toEqual(['ValueMissing machine']);
  });

  test.each([AwsMachine.G6F_LARGE, AwsMachine.TRN2U_48XLARGE])(
    'rejects %s, which SageMaker does not host',
    (machine) => {
      expect(rejected((stack) => ({ machine, models: { chat: own(stack) } }))).toContain('MachineNotHosted machine');
    },
  );

  test('rejects an AMI without its driver', () => {
    expect(rejected({ inferenceAmi: 'al2-ami-sagemaker-inference-neuron-2' })).toEqual(['EndpointOption inferenceAmi']);
    expect(rejected({ inferenceAmi: 'ubuntu' as never })).toEqual(['ChoiceUnknown inferenceAmi']);
  });

  test('rejects a key if it has local disks', () => {
    expect(rejected((stack) => ({ encryptionKey: new Key(stack, 'Key') }))).toEqual([
      'VolumeKeyRejected encryptionKey',
    ]);
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
      kind: EndpointKind.serverless({ memory: Size.mebibytes(2048), maxConcurrency: 5, ...options }),
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

  test('rejects a machine', () => {
    expect(rejected(serverless(() => ({ machine: AwsMachine.G5_XLARGE })))).toEqual(['ServerlessMachine machine']);
  });

  test('rejects sizes that SageMaker does not support', () => {
    expect(rejected(serverless(undefined, { memory: Size.mebibytes(3000), maxConcurrency: 201 }))).toEqual([
      'ServerlessSize kind.memory',
      'ServerlessSize kind.maxConcurrency',
    ]);
    expect(rejected(serverless(undefined, { provisionedConcurrency: 6 }))).toEqual([
      'ServerlessSize kind.provisionedConcurrency',
    ]);
  });

  test('rejects network, isolation, capture, scaling and load', () => {
    expect(
      rejected(
        serverless((stack) => ({
          vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] }),
          isolated: true,
          dataCapture: { bucket: modelsIn(stack) },
          scaling: { minReplicas: 0 },
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

  test('rejects files instead of an archive', () => {
    expect(rejected(serverless((stack) => ({ models: { rank: own(stack) } })))).toEqual([
      'EndpointOption models.rank.artifact',
    ]);
  });
});

describe('an asynchronous endpoint', () => {
  test('requires a bucket for its answers', () => {
    expect(problemsOf(errorOf(() => EndpointKind.asynchronous({} as never)))).toEqual(['ValueMissing output']);
  });

  test.each([0, 1001, 1.5, Number.NaN])('rejects %p concurrent requests per instance', (concurrencyPerInstance) => {
    expect(
      rejected((stack) => ({ kind: EndpointKind.asynchronous({ output: answersIn(stack), concurrencyPerInstance }) })),
    ).toEqual(['EndpointOption kind.concurrencyPerInstance']);
  });
});

describe('scaling', () => {
  test('rejects zero for variants', () => {
    expect(rejected({ kind: EndpointKind.variants(), scaling: { minReplicas: 0, maxReplicas: 2 } })).toEqual([
      'ScaleToZero scaling.minReplicas',
    ]);
    expect(
      rejected({ kind: EndpointKind.variants(), scaling: { schedule: [{ name: 'Night', at, minReplicas: 0 }] } }),
    ).toEqual(['ScaleToZero scaling.schedule[0].minReplicas']);
  });

  test('rejects limits out of order or range, fractions, tokens and a target of 0', () => {
    expect(rejected({ scaling: { minReplicas: 5, maxReplicas: 2 } })).toEqual(['ScalingLimits scaling.minReplicas']);
    expect(rejected({ scaling: { minReplicas: 1.5, maxReplicas: 0, targetConcurrency: 0 } })).toEqual([
      'ScalingLimits scaling.minReplicas',
      'ScalingLimits scaling.maxReplicas',
      'ScalingLimits scaling.targetConcurrency',
    ]);
    expect(rejected({ scaling: { minReplicas: number() } })).toEqual(['ValueUnknown scaling.minReplicas']);
  });

  test('rejects a schedule without a unique name or without a change', () => {
    const schedule = [
      { name: 'Day', at, minReplicas: 1 },
      { name: 'Day', at, minReplicas: 2 },
      { name: 'by night', at },
      { name: 'High', at, minReplicas: 9, maxReplicas: 3 },
    ];
    expect(rejected({ scaling: { schedule } })).toEqual([
      'ScalingSchedule scaling.schedule[1].name',
      'ScalingSchedule scaling.schedule[2].name',
      'ScalingSchedule scaling.schedule[2].minReplicas',
      'ScalingLimits scaling.schedule[3].minReplicas',
    ]);
  });
});

describe('timeouts', () => {
  test.each([Duration.seconds(59), Duration.minutes(61), Duration.millis(90_500)])('reject %s', (given) => {
    expect(
      rejected((stack) => ({ models: { chat: modelIn(stack, { downloadTimeout: given, startupTimeout: given }) } })),
    ).toEqual(['InferenceTimeout models.chat.downloadTimeout', 'InferenceTimeout models.chat.startupTimeout']);
  });

  test('reject a model that needs longer than the limit of SageMaker', () => {
    expect(
      rejected((stack) => ({
        machine: AwsMachine.P5EN_48XLARGE,
        models: {
          chat: modelIn(stack, {
            container: ServingContainer.of({ image: IMAGE, startupTime: Duration.seconds(3_700) }),
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
  ])('of components reject a step or strategy that SageMaker does not support', (update, problem) => {
    expect(rejected({ update })).toEqual([problem]);
  });

  test('of several variants reject a rolling update', () => {
    expect(
      rejected((stack) => ({
        kind: EndpointKind.variants(),
        models: { a: modelIn(stack), b: modelIn(stack) },
        update: EndpointUpdate.rolling(),
      })),
    ).toEqual(['UpdatePolicy update']);
    expect(rejected({ kind: EndpointKind.variants(), update: EndpointUpdate.linear({ percent: 5 }) })).toEqual([
      'UpdatePolicy update.percent',
    ]);
  });
});

test('routing rejects lengths and thresholds that SageMaker does not support', () => {
  expect(rejected({ routing: EndpointRouting.prefixAware({ prefixLength: 100, concurrencyThreshold: 2000 }) })).toEqual(
    ['RoutingPolicy routing.prefixLength', 'RoutingPolicy routing.concurrencyThreshold'],
  );
});

test.each([0, 101, 2.5])('data capture rejects %p percent', (percent) => {
  expect(
    rejected((stack) => ({ kind: EndpointKind.variants(), dataCapture: { bucket: modelsIn(stack), percent } })),
  ).toEqual(['CaptureInvalid dataCapture.percent']);
});

test('rejects subnets without a VPC, and a VPC without subnets', () => {
  expect(rejected({ subnets: { subnetType: SubnetType.PUBLIC } })).toEqual(['EndpointOption subnets']);
  expect(
    rejected((stack) => ({
      vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] }),
      subnets: { subnetGroupName: 'none' },
    })),
  ).toEqual(['SubnetsMissing subnets']);
});

test('reports all problems in one error', () => {
  const problems = rejected((stack) => ({
    endpointName: 'Prod',
    models: { chat: modelIn(stack, { artifact: artifactIn(stack, { prefix: 'chat/' }) }) },
    scaling: { minReplicas: 3, maxReplicas: 1 },
    routing: EndpointRouting.prefixAware({ prefixLength: 1 }),
    update: EndpointUpdate.canary({ percent: 60 }),
  }));
  expect(problems).toEqual([
    'InferenceName endpointName',
    'ModelLocation models.chat.artifact.prefix',
    'ScalingLimits scaling.minReplicas',
    'RoutingPolicy routing.prefixLength',
    'UpdatePolicy update.percent',
    'UpdatePolicy update',
  ]);
});
