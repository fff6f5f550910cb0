/** Endpoints on every machine, with every option, which `verify:terraform` validates in addition to the examples. */
import { ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  CostAllocation,
  DataBucket,
  EndpointModel,
  InferenceEndpoint,
  MlNetwork,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const LOAD = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  weightPrecision: 'fp8',
  inputTokens: 500,
  outputTokens: 100,
  requestsPerSecond: 1,
});

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

app.synth();
