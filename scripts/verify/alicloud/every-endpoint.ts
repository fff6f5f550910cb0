/** Endpoints on every machine, with every option, which `verify:terraform` validates in addition to the examples. */
import { DataClass, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  CostAllocation,
  DataBucket,
  EndpointModel,
  FunctionGpu,
  FunctionInference,
  InferenceObservability,
  InferenceEndpoint,
  MlNetwork,
  RealtimeInferencePlatform,
  RealtimeServing,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const REQUESTS = {
  model: ModelSpec.LLAMA_3_1_8B,
  weightPrecision: 'fp8',
  inputTokens: 500,
  outputTokens: 100,
  requestsPerSecond: 1,
} as const;
const LOAD = ServingLoad.of(REQUESTS);

function newStack(id: string) {
  const stack = new TerraformStack(app, id);
  new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
  CostAllocation.apply(stack, {
    project: 'atlas',
    team: 'chat',
    environment: 'prod',
    costCenter: 'r-17',
    owner: 'ml-platform',
  });
  const network = new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
  const bucket = new DataBucket(stack, 'Models');
  return { stack, network, bucket };
}

const machines = newStack('eas-machines');
const model = EndpointModel.bucket(machines.bucket, { prefix: 'llama-3.1-8b/v3/', sizeGiB: 7.5 });
for (const machine of AlicloudMachine.all) {
  new InferenceEndpoint(machines.stack, machine.name, {
    network: machines.network,
    machine,
    models: { chat: { model } },
  });
}

const options = newStack('eas-options');
const { stack, network, bucket } = options;
const { ECS_GN8IS_2XLARGE: machine, ECS_GN8IS_4XLARGE: larger } = AlicloudMachine;
const own = EndpointModel.bucket(bucket, { prefix: 'llama-3.1-8b/v3', sizeGiB: 7.5 });
const all = new InferenceEndpoint(stack, 'Every', {
  network,
  machine,
  fallbackMachines: [larger],
  spot: { maxPricePerHour: 1.25, fallback: true, withoutProtectionPeriod: true },
  models: {
    chat: {
      model: own,
      server: ServingServer.vllm({ servedModelName: 'chat', args: ['--seed', "it's ${x} %{y}"], env: [] }),
      timeoutSeconds: 900,
      trafficPercent: 100,
    },
    next: { model: own, scaling: { minReplicas: 1, maxReplicas: 2, targetRequestsPerSecond: 0.5 } },
  },
  load: LOAD,
  scaling: { minReplicas: 2, maxReplicas: 8, targetRequestsPerSecond: 2.5, scaleInCooldownMinutes: 20 },
  publicAccess: true,
  workspaceId: '140500',
  roleName: 'serving',
  requestLog: { project: 'serving', logstore: 'requests' },
  diskGiB: 100,
  stopped: false,
  endpointName: 'every_option',
  prices: Prices.of([{ machine: machine.name, market: 'spot', usdPerHour: 1, date: '2026-11-25', source: 'contract' }]),
});
new InferenceEndpoint(stack, 'Split', {
  network,
  machine,
  models: {
    current: { model: own, trafficPercent: 75, machine },
    next: { model: own, trafficPercent: 25, machine: larger },
  },
  scaling: { maxReplicas: 40 },
  load: LOAD,
});
new InferenceEndpoint(stack, 'Image', {
  network: MlNetwork.fromMlNetworkAttributes(stack, 'Existing', {
    vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
    region: 'cn-hangzhou',
    securityGroupId: 'sg-bp1fg655nh68xyz90000',
    vswitches: [{ zone: 'cn-hangzhou-i', vswitchId: 'vsw-bp12mw1f8k3jgygk90000' }],
  }),
  machine: AlicloudMachine.ECS_GN8IS_8X_32XLARGE,
  gatewayId: 'gw-m2vkzbpixm7mo0000',
  models: {
    triton: {
      model: EndpointModel.image({ path: '/opt/models', sizeGiB: 20 }),
      server: ServingServer.triton({ image: 'registry-vpc.cn-hangzhou.aliyuncs.com/atlas/triton:1' }),
    },
  },
});
new TerraformOutput(stack, 'Url', { value: all.url });

const functions = newStack('functions');
const image = 'registry-vpc.cn-hangzhou.aliyuncs.com/atlas/vllm:0.27.1';
for (const gpu of Object.values(FunctionGpu)) {
  new FunctionInference(functions.stack, gpu, {
    gpu,
    model: EndpointModel.image({ path: '/opt/models', sizeGiB: 7 }),
    server: ServingServer.vllm({ image }),
  });
}
const every = new FunctionInference(functions.stack, 'Every', {
  gpu: FunctionGpu.ADA_1,
  model: EndpointModel.bucket(functions.bucket, { prefix: 'llama-3.1-8b/v3', sizeGiB: 7.5 }),
  server: ServingServer.vllm({ image, env: [{ name: 'A', value: '${x}' }] }),
  load: LOAD,
  scaling: { minReplicas: 2, maxReplicas: 8 },
  concurrency: 32,
  timeoutSeconds: 900,
  vcpus: 16,
  memoryGiB: 32,
  publicAccess: true,
  network: functions.network,
  invokers: ['chat-app'],
  roleName: 'serving',
  log: { project: 'serving', logstore: 'server' },
  traffic: { version: '3', nextVersion: '4', nextPercent: 20 },
  name: 'every_option',
  prices: Prices.of([
    { machine: FunctionGpu.ADA_1, market: 'on-demand', usdPerHour: 3, date: '2026-11-25', source: 'contract' },
  ]),
});
every.grantInvoke('Second', 'other-app');
new TerraformOutput(functions.stack, 'FunctionUrl', { value: every.url });
new InferenceObservability(functions.stack, 'FunctionAlarms', {
  endpoint: every,
  load: ServingLoad.of({ ...REQUESTS, ttftMs: 2000, tpotMs: 50 }),
  alertContactGroups: ['ml-oncall', 'serving'],
});
new InferenceObservability(stack, 'EasAlarms', { endpoint: all, alertContactGroups: ['ml-oncall'] });

const platforms = new TerraformStack(app, 'platforms');
new AlicloudProvider(platforms, 'Alicloud', { region: 'cn-hangzhou' });
const shared = {
  load: LOAD,
  costAllocation: { project: 'atlas', team: 'chat', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 1000,
  alertContactGroups: ['ml-oncall'],
  dataClass: DataClass.CONFIDENTIAL,
  prices: Prices.of([{ machine: machine.name, market: 'on-demand', usdPerHour: 1, source: 'contract' }]),
};
const models = DataBucket.fromBucketName(platforms, 'Bucket', 'atlas-models');
const files = EndpointModel.bucket(models, { prefix: 'llama-3.1-8b/v3', sizeGiB: 7.5 });
const eas = new RealtimeInferencePlatform(platforms, 'Eas', {
  ...shared,
  zones: ['cn-hangzhou-i', 'cn-hangzhou-j'],
  serving: RealtimeServing.eas({ machine, models: { chat: { model: files } } }),
});
new RealtimeInferencePlatform(platforms, 'Function', {
  ...shared,
  network: eas.network,
  serving: RealtimeServing.functionCompute({
    gpu: FunctionGpu.ADA_1,
    model: files,
    server: ServingServer.vllm({ image }),
  }),
});
new RealtimeInferencePlatform(platforms, 'Existing', {
  costAllocation: shared.costAllocation,
  monthlyBudgetUsd: 1000,
  alertContactGroups: ['ml-oncall'],
  serving: RealtimeServing.fromEndpoint(eas.endpoint),
});

app.synth();
