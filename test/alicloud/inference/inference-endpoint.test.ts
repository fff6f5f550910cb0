import { ModelSpec, Prices } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  EndpointModel,
  InferenceEndpoint,
  type InferenceEndpointProps,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import {
  bodyOf,
  codesOf,
  idsOf,
  loadOf,
  modelIn,
  networkIn,
  newStack,
  problemsOf,
  resourcesOf,
  SERVICE,
  synthEndpoint,
  theOnly,
} from './support';
import { evaluated, written } from '../../terraform/support';

type Props = Parameters<typeof synthEndpoint>[0];
const codes = (props: Props) => codesOf(() => synthEndpoint(props));
const problems = (props: Props) => problemsOf(() => synthEndpoint(props));
const findings = (props: Props = {}) => idsOf(synthEndpoint(props).endpoint);

describe('a service', () => {
  test('runs vLLM on a machine in the network, with a private address', () => {
    const { bodies, services, endpoint } = synthEndpoint();
    const [body] = bodies;
    expect(body.metadata).toMatchObject({
      name: endpoint.endpointName,
      instance: 1,
      disk: '30Gi',
      rolling_strategy: { max_surge: 1, max_unavailable: 0 },
    });
    expect(body.metadata.name).toMatch(/^test_chat_[0-9a-f]{8}$/);
    expect(body.networking).toEqual({ disable_internet_endpoint: true });
    expect(body.cloud).toEqual({
      computing: { instances: [{ type: 'ecs.gn8is.2xlarge' }], disable_spot_protection_period: false },
      networking: {
        vpc_id: 'vpc-bp1aevy8sofi8mh1q0000',
        vswitch_id: 'vsw-bp12mw1f8k3jgygk9000,vsw-bp12mw1f8k3jgygk9001',
        security_group_id: 'sg-bp1fg655nh68xyz90000',
      },
    });
    expect(body.scheduling).toEqual({ spread: { policy: 'zone' } });
    expect(body.autoscaler).toBeUndefined();
    expect(services[0].tags).toEqual({ ServiceEngineType: 'vllm' });
    expect(services[0].status).toBeUndefined();
  });

  test('has the start time of the model, in its probes and in the timeout of Terraform', () => {
    const { bodies, services } = synthEndpoint();
    const [{ image, port, script, startup_check: startup }] = bodies[0].containers;
    expect(image).toBe('vllm/vllm-openai:v0.27.1');
    expect(port).toBe(8000);
    expect(script).toMatch(/^exec vllm serve \/models --host 0\.0\.0\.0 --port 8000 --tensor-parallel-size 1 /);
    expect(startup).toEqual({
      http_get: { path: '/health', port: 8000 },
      period_seconds: 10,
      timeout_seconds: 5,
      failure_threshold: 66,
    });
    expect(services[0].timeouts).toEqual({ create: '71m', update: '71m', delete: '15m' });
  });

  test('mounts the model read-only, which its role can read before it starts', () => {
    const { stack, bodies, services } = synthEndpoint();
    expect(bodies[0].storage).toEqual([
      { mount_path: '/models', oss: { path: 'oss://my-models/llama-3.1-8b/v3/', readOnly: true } },
    ]);
    expect(theOnly(stack, 'alicloud_ram_role').assume_role_policy_document).toContain('eas.pai.aliyuncs.com');
    expect(bodies[0].credential.role_arn).toMatch(/alicloud_ram_role\..*\.arn/);
    expect(services[0].depends_on).toEqual([expect.stringMatching(/^alicloud_ram_role_policy_attachment\./)]);
    expect(theOnly(stack, 'alicloud_ram_policy').policy_document).toContain('oss:GetObject');
  });

  test('uses an existing role, whose ARN has the account of the stack', () => {
    const { stack, bodies, endpoint } = synthEndpoint({ roleName: 'serving' });
    expect(resourcesOf(stack, 'alicloud_ram_role')).toEqual({});
    expect(bodies[0].credential.role_arn).toMatch(/role\/serving/);
    expect(endpoint.roleName).toBe('serving');
  });

  test('quotes arguments for the shell, and keeps text that looks like a template of Terraform', () => {
    const server = ServingServer.vllm({ args: ['--override', `{"a": "it's \${x}"}`] });
    const { bodies } = synthEndpoint((stack) => ({ models: { chat: { model: modelIn(stack), server } } }));
    const { script } = bodies[0].containers[0];
    expect(script).toMatch(/--override '\{"a": "it'\\''s \$\{x\}"\}'$/);
  });

  test('splits the model over all GPUs of the machine', () => {
    const { bodies } = synthEndpoint({ machine: AlicloudMachine.ECS_GN8IS_8X_32XLARGE });
    expect(bodies[0].containers[0].script).toContain('--tensor-parallel-size 8');
    expect(bodies[0].metadata.shm_size).toBe(64);
  });

  test('has spot machines first, and regular machines after them', () => {
    const spot = { maxPricePerHour: 1.5, withoutProtectionPeriod: true };
    const fallbackMachines = [AlicloudMachine.ECS_GN8IS_4XLARGE];
    expect(synthEndpoint({ spot, fallbackMachines }).bodies[0].cloud.computing).toEqual({
      instances: [
        { type: 'ecs.gn8is.2xlarge', spot_price_limit: 1.5 },
        { type: 'ecs.gn8is.4xlarge', spot_price_limit: 1.5 },
        { type: 'ecs.gn8is.2xlarge' },
        { type: 'ecs.gn8is.4xlarge' },
      ],
      disable_spot_protection_period: true,
    });
    const only = { spot: { maxPricePerHour: 1.5, fallback: false } };
    expect(synthEndpoint(only).bodies[0].cloud.computing.instances).toHaveLength(1);
    expect(findings(only)).toContain('spot/no-fallback');
  });

  test('stops and starts with a status', () => {
    expect(synthEndpoint({ stopped: true }).services[0].status).toBe('Stopped');
    expect(synthEndpoint({ stopped: false }).services[0].status).toBe('Running');
  });

  test('has a gateway, a workspace, a log of requests, and a disk of its own', () => {
    const { bodies, services, endpoint } = synthEndpoint({
      gatewayId: 'gw-m2vkzbpixm7mo0000',
      workspaceId: '140500',
      requestLog: { project: 'serving', logstore: 'requests' },
      diskGiB: 200,
      endpointName: 'chat_prod',
    });
    const [body] = bodies;
    expect(body.networking.gateway).toBe('gw-m2vkzbpixm7mo0000');
    expect(body.metadata).toMatchObject({ name: 'chat_prod', workspace_id: '140500', disk: '200Gi' });
    expect(services[0].workspace_id).toBe('140500');
    expect(body.sinker).toEqual({ type: 'sls', config: { sls: { project: 'serving', logstore: 'requests' } } });
    expect(endpoint.url).toBeUndefined();
  });

  test('has a disk for a model in the image', () => {
    const model = EndpointModel.image({ path: '/opt/model', sizeGiB: 20 });
    const models = {
      chat: { model, server: ServingServer.vllm({ image: 'registry.cn-hangzhou.aliyuncs.com/a/b:1' }) },
    };
    const { bodies, stack } = synthEndpoint({ models });
    expect(bodies[0].metadata.disk).toBe('52Gi');
    expect(bodies[0].storage).toBeUndefined();
    expect(resourcesOf(stack, 'alicloud_ram_policy')).toEqual({});
  });

  test('is replaced if a change cannot happen in place: its name, workspace, group, or a key that disappears', () => {
    const { stack, services } = synthEndpoint();
    const [address] = Object.keys(resourcesOf(stack, 'terraform_data'));
    expect(services[0].lifecycle.replace_triggered_by).toEqual([`terraform_data.${address}`]);
    const inputOf = (props: Props) => theOnly(synthEndpoint(props).stack, 'terraform_data').input as object;
    expect(inputOf({ diskGiB: 40 })).toEqual(inputOf({}));
    const range = { scaling: { maxReplicas: 3, targetRequestsPerSecond: 2 } };
    for (const change of [range, { workspaceId: '1' }, { endpointName: 'other' }, { gatewayId: 'gw-m2vkz' }])
      expect(inputOf(change)).not.toEqual(inputOf({}));
  });

  test('has an address on the network of Alibaba Cloud, or on the internet', () => {
    const address = (publicAccess: boolean) => {
      const { stack, endpoint, bodies } = synthEndpoint({ publicAccess });
      expect(bodies[0].networking.disable_internet_endpoint).toBe(!publicAccess);
      return evaluated(written(stack, endpoint.url!)).replace(/<data[^>]*>/, '<account>');
    };
    expect(address(false)).toMatch(
      /^http:\/\/<account>\.vpc\.cn-hangzhou\.pai-eas\.aliyuncs\.com\/api\/predict\/test_chat_/,
    );
    expect(address(true)).toMatch(/^http:\/\/<account>\.cn-hangzhou\.pai-eas\.aliyuncs\.com\/api\/predict\/test_chat_/);
  });
});

describe('scaling', () => {
  test('follows from the load: twice the instances that it needs, and its requests per second', () => {
    const { bodies, endpoint } = synthEndpoint({ load: loadOf({ requestsPerSecond: 40 }) });
    const { count } = endpoint.plan!.replicas;
    expect(count).toBeGreaterThan(1);
    expect(bodies[0].metadata.instance).toBe(count);
    expect(bodies[0].autoscaler).toEqual({
      min: count,
      max: 2 * count,
      scaleStrategies: [{ metricName: 'qps', threshold: Number((40 / count).toPrecision(2)) }],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0 },
        scaleDown: { stabilizationWindowSeconds: 600 },
      },
    });
  });

  test('has the limits and the target of the user', () => {
    const scaling = { minReplicas: 2, maxReplicas: 6, targetRequestsPerSecond: 0.5, scaleInCooldownMinutes: 30 };
    expect(synthEndpoint({ scaling }).bodies[0].autoscaler).toMatchObject({
      min: 2,
      max: 6,
      scaleStrategies: [{ metricName: 'qps', threshold: 0.5 }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 1800 } },
    });
  });

  test.each<[string, InferenceEndpointProps['scaling'], string]>([
    ['a minimum of zero', { minReplicas: 0 }, 'ScaleToZero'],
    ['a minimum above the maximum', { minReplicas: 3, maxReplicas: 2 }, 'ScalingLimits'],
    ['a target of zero', { targetRequestsPerSecond: 0 }, 'ScalingLimits'],
    ['a cooldown of two hours', { scaleInCooldownMinutes: 120 }, 'ScalingLimits'],
    ['a range without a load and a target', { maxReplicas: 4 }, 'ValueMissing'],
  ])('rejects %s', (_, scaling, code) => {
    expect(codes({ scaling })).toEqual([code]);
  });
});

describe('several models', () => {
  const split = (chat: number, next: number) => (stack: Parameters<typeof modelIn>[0]) => ({
    endpointName: 'chat',
    models: {
      chat: { model: modelIn(stack), trafficPercent: chat },
      next: { model: modelIn(stack, 'llama-3.1-8b/v4/'), trafficPercent: next },
    },
  });

  test('are services of one group, with instances in the ratio of their traffic', () => {
    const { bodies, endpoint, stack } = synthEndpoint(split(75, 25));
    expect(bodies.map(({ metadata }) => [metadata.name, metadata.group, metadata.instance])).toEqual([
      ['chat_chat', 'chat', 3],
      ['chat_next', 'chat', 1],
    ]);
    expect(bodies.map(({ networking }) => networking.traffic_state)).toEqual(['grouping', 'grouping']);
    expect(bodies.every(({ autoscaler }) => autoscaler === undefined)).toBe(true);
    expect(bodies[1].containers[0].script).toContain('--served-model-name chat');
    expect(endpoint.url).toMatch(/\/api\/predict\/chat$/);
    expect(Object.values(resourcesOf(stack, 'alicloud_ram_policy'))).toHaveLength(1);
  });

  test('have enough instances for their shares of the load', () => {
    const load = loadOf({ requestsPerSecond: 60 });
    const { bodies, endpoint } = synthEndpoint((stack) => ({ ...split(50, 50)(stack), load }));
    const instances = bodies.map(({ metadata }) => metadata.instance as number);
    expect(instances[0]).toBe(instances[1]);
    expect(instances[0]! + instances[1]!).toBeGreaterThanOrEqual(endpoint.plan!.replicas.count);
    expect(endpoint.plan!.load.requestsPerSecond).toBe(60);
  });

  test('can wait for requests with an address of their own', () => {
    const { bodies } = synthEndpoint(split(100, 0));
    expect(bodies.map(({ networking }) => networking.traffic_state)).toEqual(['grouping', 'standalone']);
    expect(bodies.map(({ metadata }) => metadata.instance)).toEqual([1, 1]);
  });

  test('cannot have a split that needs more instances than the maximum', () => {
    const [problem] = problems((stack) => ({ ...split(99, 1)(stack), scaling: { maxReplicas: 20 } }));
    expect(problem).toMatchObject({ code: 'TrafficSplit', got: '99, 1 percent, which needs 100 instances' });
  });

  test('cannot scale with requests while they share traffic', () => {
    expect(codes((stack) => ({ ...split(50, 50)(stack), scaling: { minReplicas: 2 } }))).toEqual(['TrafficSplit']);
    const models = (stack: Parameters<typeof modelIn>[0]) => {
      const { models: both } = split(50, 50)(stack);
      return { models: { ...both, next: { ...both.next, scaling: { minReplicas: 2 } } } };
    };
    expect(codes(models)).toEqual(['TrafficSplit']);
  });

  test('must share 100 percent, in whole percentages', () => {
    expect(codes(split(50, 40))).toEqual(['TrafficSplit']);
    expect(codes(split(99.5, 0.5))).toEqual(['TrafficSplit', 'TrafficSplit']);
  });

  test('must have one to 20 valid names', () => {
    expect(codes({ models: {} })).toEqual(['ServedModels']);
    expect(codes((stack) => ({ models: { 'Chat-1': { model: modelIn(stack) } } }))).toEqual(['InferenceName']);
  });
});

describe('an endpoint that EAS would reject', () => {
  test.each<[string, Props, string]>([
    ['a name with hyphens', { endpointName: 'chat-prod' }, 'InferenceName'],
    ['a gateway by its name', { gatewayId: 'prod' }, 'ResourceIdInvalid'],
    ['a workspace by its name', { workspaceId: 'prod' }, 'ResourceIdInvalid'],
    ['a role by its ARN', { roleName: 'acs:ram::1:role/a' }, 'ResourceIdInvalid'],
    ['a disk above 2,000 GiB', { diskGiB: 4000 }, 'EndpointOption'],
    ['a spot price of zero', { spot: { maxPricePerHour: 0 } }, 'EndpointOption'],
    ['a fallback with other GPUs', { fallbackMachines: [AlicloudMachine.ECS_GN8IS_8X_32XLARGE] }, 'EndpointOption'],
    ['a fallback with less memory', { fallbackMachines: [AlicloudMachine.ECS_GN7I_C8G1_2XLARGE] }, 'EndpointOption'],
  ])('rejects %s', (_, props, code) => {
    expect(codes(props)).toEqual([code]);
  });

  test('rejects a model in a public image, a timeout of two hours, and a network without vSwitches', () => {
    const model = EndpointModel.image({ path: '/opt/model', sizeGiB: 20 });
    expect(codes({ models: { chat: { model } } })).toEqual(['ServingContainerInvalid']);
    expect(codes((stack) => ({ models: { chat: { model: modelIn(stack), timeoutSeconds: 7200 } } }))).toEqual([
      'InferenceTimeout',
    ]);
  });

  test('rejects a prefix that leaves the folder', () => {
    expect(codes((stack) => ({ models: { chat: { model: modelIn(stack, '../a/') } } }))).toEqual([
      'ModelSourceInvalid',
    ]);
  });

  test('rejects a load that does not fit on the machine', () => {
    const load = loadOf({ model: ModelSpec.LLAMA_3_1_70B });
    const [problem] = problems({ machine: AlicloudMachine.ECS_GN7I_C8G1_2XLARGE, load });
    expect(problem).toMatchObject({ code: 'MemoryTooSmall' });
  });

  test('rejects a timeout below the minimum time of a response', () => {
    const load = loadOf({ outputTokens: 4000 });
    const [problem] = problems((stack) => ({ load, models: { chat: { model: modelIn(stack), timeoutSeconds: 5 } } }));
    expect(problem).toMatchObject({ code: 'InferenceTimeout', prop: 'models.chat.timeoutSeconds', got: '5 s' });
  });

  test('rejects a machine of its own for a model with fallback machines', () => {
    const fallbackMachines = [AlicloudMachine.ECS_GN8IS_4XLARGE];
    const machine = AlicloudMachine.ECS_GN8IS_2XLARGE;
    expect(codes((stack) => ({ fallbackMachines, models: { chat: { model: modelIn(stack), machine } } }))).toEqual([
      'EndpointOption',
    ]);
  });
});

describe('findings', () => {
  test('report one instance, a tag of an image, and the address without encryption', () => {
    expect(findings()).toEqual(
      expect.arrayContaining(['serving/one-replica', 'image/mutable', 'network/plain-requests']),
    );
    expect(findings({ gatewayId: 'gw-m2vkz' })).not.toContain('network/plain-requests');
  });

  test('report the internet, one zone, and bare metal machines', () => {
    expect(findings({ publicAccess: true })).toContain('network/public-endpoint');
    expect(findings()).not.toContain('serving/one-zone');
    const stack = newStack();
    const endpoint = new InferenceEndpoint(stack, 'Chat', {
      network: networkIn(stack, ['cn-hangzhou-i']),
      machine: AlicloudMachine.ECS_EBMGN8IS_32XLARGE,
      models: { chat: { model: modelIn(stack) } },
    });
    expect(idsOf(endpoint)).toEqual(expect.arrayContaining(['serving/one-zone', 'machine/region']));
    expect(bodyOf(theOnly(stack, SERVICE).service_config as string).scheduling.spread.policy).toBe('host');
  });

  test('report a load above the limit of the shared gateway', () => {
    const load = loadOf({ requestsPerSecond: 1200, inputTokens: 10, outputTokens: 1 });
    expect(findings({ load })).toContain('quota/endpoint-rate');
    expect(findings({ load, gatewayId: 'gw-m2vkz' })).not.toContain('quota/endpoint-rate');
  });
});

test('an endpoint has a cost with your prices', () => {
  const prices = Prices.of([
    { machine: 'ecs.gn8is.2xlarge', market: 'on-demand', usdPerHour: 2, source: 'my contract' },
  ]);
  const { endpoint } = synthEndpoint({ load: loadOf(), prices });
  expect(endpoint.plan!.costs.find(({ chosen }) => chosen)?.price).toMatchObject({ usdPerHour: 2 });
});

test('an existing endpoint has an address, and a valid name', () => {
  const stack = newStack();
  const existing = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', {
    endpointName: 'chat',
    region: 'ap-southeast-1',
  });
  expect(existing.url).toMatch(/\.vpc\.ap-southeast-1\.pai-eas\.aliyuncs\.com\/api\/predict\/chat$/);
  const wrong = { endpointName: 'http://x', region: 'Hangzhou' };
  expect(codesOf(() => InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Wrong', wrong))).toEqual([
    'LocationInvalid',
    'ResourceIdInvalid',
  ]);
});
