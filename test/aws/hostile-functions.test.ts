import { App, Size, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { AiInfraError, costTags, type ErrorCode, findingsOf } from 'ai-infra-constructs';
import {
  acceptRules,
  acknowledge,
  AwsMachine,
  Capacity,
  ClusterSource,
  CostAllocation,
  DataBucket,
  EndpointKind,
  EndpointRouting,
  EndpointUpdate,
  GatewayAuthorization,
  GatewayExposure,
  InferenceEndpoint,
  InferenceGateway,
  InferenceTarget,
  Installation,
  Interconnect,
  LustreFileSystem,
  LustreMetadata,
  MlVpc,
  ModelArtifact,
  networkLayout,
  PromptScreening,
  ResponseMode,
  ServingContainer,
  ServingImage,
  TrainingCluster,
  TrainingStorage,
} from 'ai-infra-constructs/aws';
import type * as capacities from '../../lib/aws/capacity/capacity';
import type * as interconnects from '../../lib/aws/network/interconnect';
import type * as machines from '../../lib/aws/machine/machine';
import { HOSTILE, place } from './hostile';
import { errorOf, problemsOf } from './support';

/** A function without types, as in plain JavaScript. */
type Untyped = (...given: unknown[]) => unknown;
const untyped = (run: unknown) => run as Untyped;

const { stack, vpc } = place();
const cluster = new TrainingCluster(stack, 'Training', {
  vpc,
  machine: AwsMachine.P5_48XLARGE,
  nodes: 2,
  installation: Installation.gitOps(),
});
const bucket = new DataBucket(stack, 'Bucket');
const lustre = new LustreFileSystem(stack, 'Lustre', {
  vpc,
  subnet: vpc.privateSubnets[0]!,
  size: Size.gibibytes(1200),
});
const gateway = new InferenceGateway(stack, 'Gateway', {
  endpoint: InferenceTarget.fromEndpointName(stack, 'chat'),
  exposure: GatewayExposure.public(),
  authorization: GatewayAuthorization.iam(),
});
const IMAGE = ServingImage.deepLearningContainer('vllm', '0.20.0-gpu-py312-cu130-ubuntu22.04-sagemaker');
const FILES = { bucket, prefix: 'chat/v3/', version: 'v3', sizeGB: 16 };
const endpoint = new InferenceEndpoint(stack, 'Endpoint', {
  models: { chat: { container: ServingContainer.vllm({ image: IMAGE }), artifact: ModelArtifact.files(FILES) } },
  machine: AwsMachine.G6E_XLARGE,
});
const ROW = AwsMachine.P5_48XLARGE.spec;
const ALLOCATION = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml' };

const FUNCTIONS: Readonly<Record<string, Untyped>> = {
  'AwsMachine.fromName(x)': untyped((x: string) => AwsMachine.fromName(x)),
  'AwsMachine.of(x, row)': untyped((x: string) => AwsMachine.of(x, ROW)),
  'AwsMachine.of(name, x)': untyped((x: typeof ROW) => AwsMachine.of('p9.48xlarge', x)),
  ...Object.fromEntries(
    Object.keys(ROW).map((key) => [
      `AwsMachine.of(name, { ${key}: x })`,
      untyped((x: unknown) => AwsMachine.of('p9.48xlarge', { ...ROW, [key]: x })),
    ]),
  ),
  'Capacity.spot(x)': untyped((x: object) => Capacity.spot(x)),
  'Capacity.spot({ fallback: x })': untyped((fallback: Capacity) => Capacity.spot({ fallback })),
  'Capacity.newReservation(x)': untyped((x: never) => Capacity.newReservation(x)),
  'Capacity.newReservation({ confirm: x })': untyped((confirm: never) => Capacity.newReservation({ confirm })),
  'Capacity.newReservation({ until: x })': untyped((until: Date) =>
    Capacity.newReservation({ confirm: 'costs until deleted', until }),
  ),
  'Capacity.reservation(id, x)': untyped((x: object) => Capacity.reservation('cr-0123456789abcdef0', x)),
  'Capacity.reservation(id, { machine: x })': untyped((machine: AwsMachine) =>
    Capacity.reservation('cr-0123456789abcdef0', { machine }),
  ),
  'Capacity.capacityBlock(id, { desiredNodes: x })': untyped((desiredNodes: number) =>
    Capacity.capacityBlock('cr-0123456789abcdef0', { desiredNodes }),
  ),
  'Interconnect.efaOnCards(x)': untyped((x: number[]) => Interconnect.efaOnCards(x)),
  'Installation.byDeployment(x)': untyped((x: object) => Installation.byDeployment(x)),
  'Installation.byDeployment({ kubectlLayer: x })': untyped((kubectlLayer: never) =>
    Installation.byDeployment({ kubectlLayer }),
  ),
  'TrainingStorage.lustre(x)': untyped((x: object) => TrainingStorage.lustre(x)),
  'TrainingStorage.lustre({ size: x })': untyped((size: Size) => TrainingStorage.lustre({ size })),
  'TrainingStorage.lustre({ subnet: x })': untyped((subnet: never) => TrainingStorage.lustre({ subnet })),
  'TrainingStorage.fromFileSystem(x)': untyped((x: never) => TrainingStorage.fromFileSystem(x)),
  'ClusterSource.create(x)': untyped((x: never) => ClusterSource.create(x)),
  'ClusterSource.fromCluster(x, options)': untyped((x: never) =>
    ClusterSource.fromCluster(x, { systemLabels: { role: 'system' } }),
  ),
  'DataBucket.fromDataBucketAttributes(scope, id, x)': untyped((x: never) =>
    DataBucket.fromDataBucketAttributes(stack, 'Imported', x),
  ),
  'LustreMetadata.provisioned(x)': untyped((x: number) => LustreMetadata.provisioned(x)),
  'networkLayout(x)': untyped((x: AwsMachine) => networkLayout(x)),
  'networkLayout(machine, x)': untyped((x: number[]) => networkLayout(AwsMachine.P5_48XLARGE, x)),
  'CostAllocation.apply(x, props)': untyped((x: Stack) => CostAllocation.apply(x, ALLOCATION)),
  'CostAllocation.apply(scope, x)': untyped((x: never) => CostAllocation.apply(stack, x)),
  'costTags(x)': untyped((x: never) => costTags(x)),
  'costTags({ additionalTags: x })': untyped((additionalTags: never) => costTags({ ...ALLOCATION, additionalTags })),
  'acknowledge(x, id, reason)': untyped((x: never) => {
    acknowledge(x, 'fabric/no-efa', 'a proof of concept');
  }),
  'acknowledge(scope, x, reason)': untyped((x: never) => {
    acknowledge(stack, x, 'a proof of concept');
  }),
  'acknowledge(scope, id, x)': untyped((x: never) => {
    acknowledge(stack, 'fabric/no-efa', x);
  }),
  'acceptRules(x)': untyped((x: never) => {
    acceptRules(x);
  }),
  'findingsOf(x)': untyped((x: never) => findingsOf(x)),
  'cluster.trainJob(x)': untyped((x: never) => cluster.trainJob(x)),
  ...Object.fromEntries(
    ['name', 'group', 'nodes', 'command', 'image', 'priority'].map((key) => [
      `cluster.trainJob({ ${key}: x })`,
      untyped((x: unknown) => cluster.trainJob({ name: 'pretrain', [key]: x })),
    ]),
  ),
  'bucket.grantRead(x)': untyped((x: never) => bucket.grantRead(x)),
  'bucket.grantWrite(x)': untyped((x: never) => bucket.grantWrite(x)),
  'bucket.grantReadWrite(x)': untyped((x: never) => bucket.grantReadWrite(x)),
  'InferenceTarget.fromEndpointName(x, name)': untyped((x: never) => InferenceTarget.fromEndpointName(x, 'chat')),
  'InferenceTarget.fromEndpointName(scope, x)': untyped((x: never) => InferenceTarget.fromEndpointName(stack, x)),
  'InferenceTarget.fromEndpointName(scope, name, x)': untyped((x: never) =>
    InferenceTarget.fromEndpointName(stack, 'chat', x),
  ),
  'InferenceTarget.component(x, name)': untyped((x: never) => InferenceTarget.component(x, 'llama')),
  'GatewayAuthorization.cognito(x)': untyped((x: never) => GatewayAuthorization.cognito(x)),
  'GatewayAuthorization.cognito([], x)': untyped((x: never) => GatewayAuthorization.cognito([], x)),
  'GatewayAuthorization.authorizer(x)': untyped((x: never) => GatewayAuthorization.authorizer(x)),
  'GatewayExposure.private(x)': untyped((x: never) => GatewayExposure.private(x)),
  'GatewayExposure.private({ vpcEndpoints: x })': untyped((vpcEndpoints: never) =>
    GatewayExposure.private({ vpcEndpoints }),
  ),
  'ResponseMode.buffered(x)': untyped((x: never) => ResponseMode.buffered(x)),
  'ResponseMode.streamed(x)': untyped((x: never) => ResponseMode.streamed(x)),
  'ResponseMode.streamed({ timeout: x })': untyped((timeout: never) => ResponseMode.streamed({ timeout })),
  'PromptScreening.guardrail(x)': untyped((x: never) => PromptScreening.guardrail(x)),
  'PromptScreening.guardrail({ pii: x })': untyped((pii: never) => PromptScreening.guardrail({ pii })),
  'PromptScreening.guardrail({ deniedTopics: x })': untyped((deniedTopics: never) =>
    PromptScreening.guardrail({ deniedTopics }),
  ),
  'PromptScreening.fromGuardrail(x)': untyped((x: never) => PromptScreening.fromGuardrail(x)),
  'gateway.grantInvoke(x)': untyped((x: never) => gateway.grantInvoke(x)),
  'gateway.metricLatency(x)': untyped((x: never) => gateway.metricLatency(x)),
  'ServingImage.ecr(x, tag)': untyped((x: never) => ServingImage.ecr(x, 'latest')),
  'ServingImage.deepLearningContainer(x, tag)': untyped((x: never) => ServingImage.deepLearningContainer(x, 'latest')),
  'ServingImage.deepLearningContainer(name, x)': untyped((x: never) => ServingImage.deepLearningContainer('vllm', x)),
  ...Object.fromEntries(
    (['vllm', 'lmi', 'triton', 'tensorFlowServing', 'torchServe', 'of'] as const).flatMap((server) => [
      [`ServingContainer.${server}(x)`, untyped((x: never) => ServingContainer[server](x))],
      [`ServingContainer.${server}({ image: x })`, untyped((x: never) => ServingContainer[server]({ image: x }))],
      [
        `ServingContainer.${server}({ environment: x })`,
        untyped((x: never) => ServingContainer[server]({ image: IMAGE, environment: x })),
      ],
    ]),
  ),
  'ModelArtifact.files(x)': untyped((x: never) => ModelArtifact.files(x)),
  'ModelArtifact.archive(x)': untyped((x: never) => ModelArtifact.archive(x)),
  ...Object.fromEntries(
    Object.keys(FILES).map((key) => [
      `ModelArtifact.files({ ${key}: x })`,
      untyped((x: unknown) => ModelArtifact.files({ ...FILES, [key]: x })),
    ]),
  ),
  'artifact.grantRead(x)': untyped((x: never) => {
    ModelArtifact.files(FILES).grantRead(x);
  }),
  'EndpointKind.components(x)': untyped((x: never) => EndpointKind.components(x)),
  'EndpointKind.asynchronous(x)': untyped((x: never) => EndpointKind.asynchronous(x)),
  'EndpointKind.serverless(x)': untyped((x: never) => EndpointKind.serverless(x)),
  'EndpointKind.serverless({ memory: x })': untyped((memory: never) =>
    EndpointKind.serverless({ memory, maxConcurrency: 1 }),
  ),
  ...Object.fromEntries(
    (['rolling', 'canary', 'linear', 'allAtOnce'] as const).flatMap((way) => [
      [`EndpointUpdate.${way}(x)`, untyped((x: never) => EndpointUpdate[way](x))],
      [`EndpointUpdate.${way}({ watch: x })`, untyped((watch: never) => EndpointUpdate[way]({ watch }))],
    ]),
  ),
  'EndpointRouting.prefixAware(x)': untyped((x: never) => EndpointRouting.prefixAware(x)),
  'EndpointRouting.prefixAware({ prefixLength: x })': untyped((prefixLength: never) =>
    EndpointRouting.prefixAware({ prefixLength }),
  ),
  'endpoint.grantInvoke(x)': untyped((x: never) => endpoint.grantInvoke(x)),
  'endpoint.metricInvocations(x)': untyped((x: never) => endpoint.metricInvocations(x)),
  'endpoint.metricLatency(x)': untyped((x: never) => endpoint.metricLatency(x)),
  'fileSystem.allowClients(x)': untyped((x: never) => {
    lustre.allowClients(x);
  }),
};

/** Fails unless a call returns, or throws a coded error with a fix. */
function returnsOrRejects(run: Untyped, value: unknown): void {
  try {
    run(value);
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const { prop, allowed, fix } of error.problems) expect([prop, allowed, fix]).not.toContain('');
  }
}

describe.each(Object.entries(FUNCTIONS))('%s', (_, run) => {
  test.each(HOSTILE)('returns or throws a coded error for %s', (_name, value) => {
    returnsOrRejects(run, value);
  });

  test('returns or throws a coded error for any value', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    fc.assert(
      fc.property(anything, (value) => {
        returnsOrRejects(run, value);
      }),
      { numRuns: 50 },
    );
  });
});

describe('common mistakes in plain JavaScript', () => {
  const group = (props: object) => () =>
    new TrainingCluster(new Stack(new App(), 'Test'), 'Training', {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      installation: Installation.gitOps(),
      ...props,
    });

  test.each<[string, () => unknown, ErrorCode, string, string]>([
    [
      'a machine by its name',
      group({ machine: 'p5.48xlarge' }),
      'PropType',
      'machine',
      "AwsMachine.fromName('p5.48xlarge')",
    ],
    ['nodes as a string', group({ nodes: '4' }), 'PropType', 'nodes', 'as a number, not a string'],
    ['a market by its name', group({ capacity: 'spot' }), 'PropType', 'capacity', 'Capacity.onDemand()'],
    [
      'a version by its number',
      () => ClusterSource.create({ kubernetesVersion: '1.36' as never }),
      'PropType',
      'kubernetesVersion',
      "KubernetesVersion.of('1.36')",
    ],
    ['a bucket by its name', group({ datasets: 'my-bucket' }), 'PropType', 'datasets', 'Pass the bucket itself'],
    [
      'null for a default',
      group({ nodeOptions: { scratch: null } }),
      'PropType',
      'nodeOptions.scratch',
      'Use undefined to get the default',
    ],
    [
      'a string for a boolean',
      group({ nodeOptions: { scratch: 'yes' } }),
      'PropType',
      'nodeOptions.scratch',
      'without quotes',
    ],
    [
      'a group without a machine',
      group({ groups: { a: { nodes: 2 } } }),
      'ValueMissing',
      'groups.a.machine',
      'Set machine.',
    ],
    ['a group that is null', group({ groups: { a: null } }), 'ValueMissing', 'groups.a', 'Set groups.a.'],
    ['an empty image', group({ images: { acceptance: '' } }), 'PropType', 'images.acceptance', 'Write a string.'],
    [
      'a date as a string',
      () => Capacity.newReservation({ confirm: 'costs until deleted', until: '2030-01-01' as never }),
      'PropType',
      'until',
      'new Date(',
    ],
    [
      'days as a number',
      () => new DataBucket(new Stack(), 'B', { expiration: 30 as never }),
      'PropType',
      'expiration',
      'Duration.days(30)',
    ],
    [
      'an enum in capitals',
      () => new DataBucket(new Stack(), 'B', { dataClass: 'RESTRICTED' as never }),
      'ChoiceUnknown',
      'dataClass',
      'Use one of these values.',
    ],
    [
      'an unknown finding',
      () => {
        acknowledge(stack, 'fabric/noefa' as never, 'why');
      },
      'FindingUnknown',
      'id',
      'Did you mean fabric/no-efa?',
    ],
    [
      'an unknown card',
      () => networkLayout(AwsMachine.P5_48XLARGE, [99]),
      'NetworkCardUnknown',
      'efaCards',
      'Remove 99',
    ],
    [
      'a zone that is not a string',
      () => new MlVpc(new Stack(), 'V').nodeSubnet(5 as never),
      'PropType',
      'zone',
      'Write a string.',
    ],
  ])('%s', (_, run, code, prop, fix) => {
    const error = errorOf(run);
    expect(problemsOf(error)).toEqual([`${code} ${prop}`]);
    expect(error.problems[0]?.fix).toContain(fix);
  });

  test('reports all problems in one error', () => {
    const error = errorOf(
      group({ machine: 'p5', capacity: {}, nodeOptions: { commands: 'echo', ignoredXids: 13 }, storage: null }),
    );
    expect(error.problems.map(({ prop }) => prop).sort()).toEqual([
      'capacity',
      'machine',
      'nodeOptions.commands',
      'nodeOptions.ignoredXids',
      'storage',
    ]);
  });
});

describe('two copies of the package', () => {
  test('accept machines, capacities, and interconnects of each other', () => {
    jest.isolateModules(() => {
      const other = {
        ...jest.requireActual<typeof machines>('../../lib/aws/machine/machine'),
        ...jest.requireActual<typeof capacities>('../../lib/aws/capacity/capacity'),
        ...jest.requireActual<typeof interconnects>('../../lib/aws/network/interconnect'),
      };
      expect(other.Capacity).not.toBe(Capacity);
      const { nodeGroup } = new TrainingCluster(new Stack(new App(), 'Test'), 'Training', {
        machine: other.AwsMachine.P5_48XLARGE,
        nodes: 2,
        capacity: other.Capacity.onDemand(),
        interconnect: other.Interconnect.efaOnCards([0]),
        installation: Installation.gitOps(),
      });
      expect(nodeGroup.efaInterfacesPerNode).toBe(1);
    });
  });
});
