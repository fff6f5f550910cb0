import { AiInfraError, Prices } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  DataBucket,
  EndpointModel,
  FunctionGpu,
  FunctionInference,
  InferenceEndpoint,
  InferenceObservability,
  RealtimeInferencePlatform,
  RealtimeServing,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import { Token, TerraformVariable, type TerraformStack } from 'cdktf';
import { loadOf, modelIn, networkIn, newStack } from './support';

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

const IMAGE = 'registry-vpc.cn-hangzhou.aliyuncs.com/atlas/vllm:1';
const COSTS = { project: 'a', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' };
const { ECS_GN8IS_2XLARGE: machine } = AlicloudMachine;

const endpointIn = (stack: TerraformStack) => ({
  network: networkIn(stack),
  models: { chat: { model: modelIn(stack) } },
  machine,
  fallbackMachines: [AlicloudMachine.ECS_GN8IS_4XLARGE],
  spot: { maxPricePerHour: 1, fallback: true, withoutProtectionPeriod: false },
  load: loadOf(),
  scaling: { minReplicas: 1, maxReplicas: 100, targetRequestsPerSecond: 2, scaleInCooldownMinutes: 10 },
  publicAccess: false,
  gatewayId: 'gw-m2vkz',
  workspaceId: '1',
  roleName: 'serving',
  requestLog: { project: 'a', logstore: 'b' },
  diskGiB: 40,
  stopped: false,
  endpointName: 'chat',
  prices: Prices.asOf('2026-11-26'),
});
const functionIn = (stack: TerraformStack) => ({
  gpu: FunctionGpu.ADA_1,
  model: modelIn(stack),
  server: ServingServer.vllm({ image: IMAGE }),
  load: loadOf(),
  scaling: { minReplicas: 0, maxReplicas: 100 },
  concurrency: 64,
  timeoutSeconds: 600,
  vcpus: 8,
  memoryGiB: 32,
  publicAccess: false,
  network: networkIn(stack),
  invokers: ['app'],
  roleName: 'serving',
  log: { project: 'a', logstore: 'b' },
  traffic: { version: '1', nextVersion: '2', nextPercent: 5 },
  name: 'chat',
  prices: Prices.asOf('2026-11-26'),
});
const platformIn = (stack: TerraformStack) => ({
  serving: RealtimeServing.eas({ machine, models: { chat: { model: modelIn(stack) } } }),
  zones: ['cn-hangzhou-i'],
  network: undefined,
  load: undefined,
  prices: Prices.asOf('2026-11-26'),
  costAllocation: COSTS,
  monthlyBudgetUsd: 100,
  alertContactGroups: ['oncall'],
  dataClass: undefined,
});
const servedIn = (stack: TerraformStack) => ({
  model: modelIn(stack),
  server: ServingServer.vllm(),
  machine,
  trafficPercent: 100,
  timeoutSeconds: 600,
  scaling: { minReplicas: 1, maxReplicas: 1 },
});

type ValidIn = (stack: TerraformStack) => object;
type Make = (stack: TerraformStack, props: never) => unknown;

const newEndpoint = (stack: TerraformStack, change: object) =>
  new InferenceEndpoint(stack, 'Made', { ...endpointIn(stack), ...change });
const newFunction = (stack: TerraformStack, change: object) =>
  new FunctionInference(stack, 'Made', { ...functionIn(stack), ...change });

const CASES: readonly (readonly [string, ValidIn, Make])[] = [
  ['InferenceEndpoint', endpointIn, (stack, props) => new InferenceEndpoint(stack, 'Made', props)],
  ['FunctionInference', functionIn, (stack, props) => new FunctionInference(stack, 'Made', props)],
  ['RealtimeInferencePlatform', platformIn, (stack, props) => new RealtimeInferencePlatform(stack, 'Made', props)],
  [
    'InferenceObservability',
    (stack) => ({
      endpoint: new FunctionInference(stack, 'Own', functionIn(stack)),
      load: undefined,
      alertContactGroups: ['oncall'],
    }),
    (stack, props) => new InferenceObservability(stack, 'Made', props),
  ],
  [
    'InferenceEndpoint.fromInferenceEndpointAttributes',
    () => ({ endpointName: 'chat', region: 'cn-hangzhou', publicAccess: false }),
    (stack, props) => InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Made', props),
  ],
  [
    'EndpointModel.bucket',
    () => ({ prefix: 'a', sizeGiB: 15 }),
    (stack, props) => {
      const model = EndpointModel.bucket(DataBucket.fromBucketName(stack, 'Files', 'models'), props);
      return newFunction(stack, { model });
    },
  ],
  [
    'EndpointModel.image',
    () => ({ path: '/a', sizeGiB: 15 }),
    (stack, props) => newFunction(stack, { model: EndpointModel.image(props) }),
  ],
  [
    'a served model',
    servedIn,
    (stack, chat) => newEndpoint(stack, { models: { chat }, fallbackMachines: undefined, load: undefined }),
  ],
  ['spot machines', (stack) => endpointIn(stack).spot, (stack, spot) => newEndpoint(stack, { spot })],
  ['a scaling', (stack) => endpointIn(stack).scaling, (stack, scaling) => newEndpoint(stack, { scaling })],
  ['a request log', (stack) => endpointIn(stack).requestLog, (stack, requestLog) => newEndpoint(stack, { requestLog })],
  ['a range', (stack) => functionIn(stack).scaling, (stack, scaling) => newFunction(stack, { scaling })],
  ['a log', (stack) => functionIn(stack).log, (stack, log) => newFunction(stack, { log })],
  ['a traffic', (stack) => functionIn(stack).traffic, (stack, traffic) => newFunction(stack, { traffic })],
];

describe.each(CASES)('%s', (_, validIn, make) => {
  test.each(Object.keys(validIn(newStack())))('accepts or rejects every value of %s with a code', (prop) => {
    for (const [name, valueOf] of Object.entries(VALUES)) {
      const stack = newStack();
      let failed: unknown;
      try {
        make(stack, { ...validIn(stack), [prop]: valueOf(stack) } as never);
      } catch (error) {
        failed = error;
      }
      if (failed !== undefined && !AiInfraError.isAiInfraError(failed))
        throw new Error(`${prop}: ${name} gave ${(failed as Error).message}`, { cause: failed });
    }
  });

  test('accepts valid props', () => {
    const stack = newStack();
    make(stack, validIn(stack) as never);
  });
});
