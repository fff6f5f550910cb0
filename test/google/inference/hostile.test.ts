import { Token, TerraformVariable, type TerraformStack } from 'cdktf';
import { AiInfraError, Prices } from 'ai-infra-constructs';
import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  GardenModel,
  GoogleMachine,
  InferenceEndpoint,
  InferenceObservability,
  PrivateConnection,
  PrivateEndpoint,
  RealtimeInferencePlatform,
  RealtimeServing,
  ServingServer,
} from 'ai-infra-constructs/google';
import { newStack } from '../support';
import { loadOf, synthEndpoint } from './support';

/** Invalid values, and values that are known only at deployment. */
const VALUES: Readonly<Record<string, (stack: TerraformStack) => unknown>> = {
  null: () => null,
  number: () => 7,
  negative: () => -1,
  fraction: () => 1.5,
  NaN: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  'empty string': () => '',
  string: () => 'x y',
  boolean: () => true,
  list: () => [],
  'list of nulls': () => [undefined, null],
  'list of strings': () => ['x', ''],
  object: () => ({}),
  'object of nulls': () => ({ a: null }),
  function: () => () => undefined,
  date: () => new Date(),
  'bare object': () => Object.create(null) as object,
  'a string token': (stack) => new TerraformVariable(stack, 'Text', {}).stringValue,
  'a number token': (stack) => new TerraformVariable(stack, 'Number', {}).numberValue,
  'a list token': (stack) => new TerraformVariable(stack, 'List', {}).listValue,
  'an object token': () => Token.asAny({ resolve: () => ({}) }),
};

const MODEL = CloudRunModel.bucket({ name: 'models' }, { prefix: 'a/', sizeGiB: 7 });
const SERVICE = {
  region: 'europe-west4',
  gpu: CloudRunGpu.L4,
  model: MODEL,
  server: ServingServer.vllm(),
  load: loadOf({ weightPrecision: 'fp8' }),
  scaling: { minReplicas: 1, maxReplicas: 4 },
  concurrency: 64,
  timeoutSeconds: 600,
  vcpus: 8,
  memoryGiB: 32,
  zonalRedundancy: false,
  ingress: undefined,
  network: undefined,
  invokers: ['user:a@example.com'],
  serviceAccount: 'a@p.iam.gserviceaccount.com',
  encryptionKey: undefined,
  name: 'chat',
  deletionProtection: true,
  prices: Prices.asOf('2026-11-26'),
};
const CONTAINER = {
  image: 'us-docker.pkg.dev/p/r/i:1',
  command: ['a'],
  args: ['b'],
  env: { A: 'b' },
  port: 8080,
  predictRoute: '/a',
  healthRoute: '/b',
  sharedMemoryMiB: 64,
  deploymentTimeoutSeconds: 60,
};
const ENDPOINT = {
  region: 'us-central1',
  model: GardenModel.huggingFace('a/b'),
  machine: GoogleMachine.G2_STANDARD_48,
  container: CONTAINER,
  load: loadOf(),
  scaling: { minReplicas: 1, maxReplicas: 100, targetUtilizationPercent: 60 },
  machinesPerReplica: 1,
  capacity: undefined,
  reservationZone: undefined,
  access: undefined,
  displayName: 'Chat',
  invokers: ['user:a@example.com'],
  prices: Prices.asOf('2026-11-26'),
};
const PRIVATE = {
  region: 'us-central1',
  projects: ['p'],
  encryptionKey: undefined,
  requestLog: { table: 'bq://p', percent: 10 },
  displayName: 'Chat',
};
const PLATFORM = {
  serving: RealtimeServing.cloudRun({ region: 'europe-west4', gpu: CloudRunGpu.L4, model: MODEL }),
  load: undefined,
  prices: Prices.asOf('2026-11-26'),
  costAllocation: { project: 'a', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' },
  billingAccount: '012345-567890-ABCDEF',
  monthlyBudgetUsd: 100,
  alertEmails: [],
  alertChannels: [],
  dataClass: undefined,
};

type Make = (stack: TerraformStack, props: never) => unknown;

const CASES: readonly (readonly [string, object, Make])[] = [
  ['CloudRunInference', SERVICE, (stack, props) => new CloudRunInference(stack, 'Made', props)],
  ['InferenceEndpoint', ENDPOINT, (stack, props) => new InferenceEndpoint(stack, 'Made', props)],
  ['PrivateEndpoint', PRIVATE, (stack, props) => new PrivateEndpoint(stack, 'Made', props)],
  ['RealtimeInferencePlatform', PLATFORM, (stack, props) => new RealtimeInferencePlatform(stack, 'Made', props)],
  [
    'PrivateConnection',
    { network: undefined, serviceAttachment: 'a' },
    (stack, props) => new PrivateConnection(stack, 'Made', props),
  ],
  [
    'InferenceObservability',
    { endpoint: synthEndpoint().endpoint, load: undefined, alertEmails: [], alertChannels: [] },
    (stack, props) => new InferenceObservability(stack, 'Made', props),
  ],
  [
    'InferenceEndpoint.fromInferenceEndpointAttributes',
    { endpointId: '1', region: 'us-central1', access: undefined, limits: { minReplicas: 1, maxReplicas: 2 } },
    (stack, props) => InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Made', props),
  ],
  [
    'CloudRunModel.bucket',
    { prefix: 'a', sizeGiB: 1 },
    (stack, props) =>
      new CloudRunInference(stack, 'Made', { ...SERVICE, model: CloudRunModel.bucket({ name: 'b' }, props) }),
  ],
  [
    'CloudRunModel.image',
    { path: '/a', sizeGiB: 1 },
    (stack, props) => new CloudRunInference(stack, 'Made', { ...SERVICE, model: CloudRunModel.image(props) }),
  ],
  [
    'GardenModel.huggingFace',
    { acceptEula: true, accessToken: undefined, cached: true },
    (stack, props) =>
      new InferenceEndpoint(stack, 'Made', { ...ENDPOINT, model: GardenModel.huggingFace('a/b', props) }),
  ],
  [
    'GardenModel.publisher',
    { acceptEula: true },
    (stack, props) =>
      new InferenceEndpoint(stack, 'Made', {
        ...ENDPOINT,
        model: GardenModel.publisher('publishers/a/models/b@c', props),
      }),
  ],
  ['a container', CONTAINER, (stack, container) => new InferenceEndpoint(stack, 'Made', { ...ENDPOINT, container })],
  ['a scaling', ENDPOINT.scaling, (stack, scaling) => new InferenceEndpoint(stack, 'Made', { ...ENDPOINT, scaling })],
  ['a range', SERVICE.scaling, (stack, scaling) => new CloudRunInference(stack, 'Made', { ...SERVICE, scaling })],
  ['a log', PRIVATE.requestLog, (stack, requestLog) => new PrivateEndpoint(stack, 'Made', { ...PRIVATE, requestLog })],
];

describe.each(CASES)('%s', (_, valid, make) => {
  test.each(Object.keys(valid))('accepts or rejects every value of %s with a code', (prop) => {
    for (const [name, valueOf] of Object.entries(VALUES)) {
      const stack = newStack();
      let failed: unknown;
      try {
        make(stack, { ...valid, [prop]: valueOf(stack) } as never);
      } catch (error) {
        failed = error;
      }
      if (failed !== undefined && !AiInfraError.isAiInfraError(failed)) {
        throw new Error(`${prop}: ${name} gave ${(failed as Error).message}`, { cause: failed });
      }
    }
  });
});

test('accepts valid props', () => {
  for (const [name, valid, make] of CASES) {
    if (name === 'PrivateConnection') continue;
    if (name === 'CloudRunModel.image') continue;
    make(newStack(), valid as never);
  }
});
