import { ModelSpec, Prices } from 'ai-infra-constructs';
import {
  EndpointModel,
  FunctionGpu,
  FunctionInference,
  type FunctionInferenceProps,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import type { TerraformStack } from 'cdktf';
import { codesOf, idsOf, loadOf, modelIn, networkIn, newStack, problemsOf, resourcesOf, theOnly } from './support';

const FUNCTION = 'alicloud_fcv3_function';
const IMAGE = 'registry-vpc.cn-hangzhou.aliyuncs.com/atlas/vllm:0.27.1';

type Change = Partial<FunctionInferenceProps> | ((stack: TerraformStack) => Partial<FunctionInferenceProps>);

function synth(props: Change = {}) {
  const stack = newStack();
  const service = new FunctionInference(stack, 'Chat', {
    gpu: FunctionGpu.ADA_1,
    model: modelIn(stack),
    server: ServingServer.vllm({ image: IMAGE }),
    ...(typeof props === 'function' ? props(stack) : props),
  });
  return { stack, service, resource: theOnly(stack, FUNCTION) };
}
const codes = (props: Change) => codesOf(() => synth(props));
const findings = (props: Change = {}) => idsOf(synth(props).service);

describe('a function', () => {
  test('has one whole GPU, a server in a container, and no access to the internet', () => {
    const { resource } = synth();
    expect(resource).toMatchObject({
      runtime: 'custom-container',
      cpu: 8,
      memory_size: 32_768,
      disk_size: 10_240,
      gpu_config: { gpu_type: 'fc.gpu.ada.1', gpu_memory_size: 49_152 },
      instance_concurrency: 16,
      timeout: 600,
      internet_access: false,
    });
    expect(resource.function_name).toMatch(/^test-chat-[0-9a-f]{8}$/);
    const { image, port, entrypoint, command } = resource.custom_container_config;
    expect([image, port]).toEqual([IMAGE, 8000]);
    expect(entrypoint).toEqual(['vllm', 'serve']);
    expect(command.slice(0, 3)).toEqual(['/models', '--host', '0.0.0.0']);
  });

  test('has a health check that allows the time to read the weights', () => {
    const { health_check_config: check } = synth().resource.custom_container_config;
    expect(check).toMatchObject({ http_get_url: '/health', timeout_seconds: 3 });
    expect(check.period_seconds * check.failure_threshold).toBeGreaterThanOrEqual(660);
    const large = synth((stack) => ({
      model: EndpointModel.bucket(modelIn(stack).bucket!, { prefix: 'a/', sizeGiB: 40 }),
    }));
    const { period_seconds: period, failure_threshold: failures } =
      large.resource.custom_container_config.health_check_config;
    expect(period * failures).toBeGreaterThanOrEqual(760);
    expect(failures).toBeLessThanOrEqual(120);
  });

  test('mounts a bucket, which its role can read before it starts', () => {
    const { stack, resource } = synth();
    const [mount] = resource.oss_mount_config.mount_points;
    expect(mount).toMatchObject({
      bucket_name: 'my-models',
      bucket_path: '/llama-3.1-8b/v3',
      mount_dir: '/models',
      read_only: true,
    });
    expect(mount.endpoint).toMatch(/^http:\/\/oss-\$\{data\.alicloud_regions\..*\}-internal\.aliyuncs\.com$/);
    expect(theOnly(stack, 'alicloud_ram_role').assume_role_policy_document).toContain('fc.aliyuncs.com');
    const policies = Object.values(resourcesOf(stack, 'alicloud_ram_policy')).map(
      ({ policy_document: text }) => text as string,
    );
    expect(policies.some((text) => text.includes('oss:GetObject'))).toBe(true);
    expect(policies.some((text) => text.includes('log:PostLogStoreLogs'))).toBe(true);
    expect(resource.depends_on).toHaveLength(2);
  });

  test('writes the output of the server to a new logstore, or to yours', () => {
    const { stack, resource, service } = synth();
    expect(theOnly(stack, 'alicloud_log_store').retention_period).toBe(365);
    expect(theOnly(stack, 'alicloud_log_store_index').full_text.token).toContain(',');
    expect(resource.log_config).toMatchObject({ enable_request_metrics: true, enable_instance_metrics: true });
    expect(service.log.logstore).toBeDefined();
    const own = synth({ log: { project: 'serving', logstore: 'chat' } });
    expect(own.resource.log_config).toMatchObject({ project: 'serving', logstore: 'chat' });
    expect(resourcesOf(own.stack, 'alicloud_log_project')).toEqual({});
  });

  test('reaches a network, with the permissions for its interfaces', () => {
    const { stack, resource } = synth((one) => ({ network: networkIn(one) }));
    expect(resource.vpc_config).toEqual({
      vpc_id: 'vpc-bp1aevy8sofi8mh1q0000',
      vswitch_ids: ['vsw-bp12mw1f8k3jgygk9000', 'vsw-bp12mw1f8k3jgygk9001'],
      security_group_id: 'sg-bp1fg655nh68xyz90000',
    });
    expect(resource.oss_mount_config.mount_points[0].endpoint).toBe('http://oss-cn-hangzhou-internal.aliyuncs.com');
    expect(JSON.stringify(resourcesOf(stack, 'alicloud_ram_policy'))).toContain('ecs:CreateNetworkInterface');
  });

  test('accepts signed requests from the network of Alibaba Cloud, or from the internet', () => {
    const triggerOf = (publicAccess: boolean) => {
      const { stack, service } = synth({ publicAccess });
      const { trigger_config: config, qualifier } = theOnly(stack, 'alicloud_fcv3_trigger');
      expect(qualifier).toBe('LATEST');
      return [JSON.parse(config as string), service.url];
    };
    const [closed] = triggerOf(false);
    expect(closed).toEqual({ authType: 'function', disableURLInternet: true, methods: ['GET', 'POST'] });
    expect(triggerOf(true)[0]).toMatchObject({ authType: 'function', disableURLInternet: false });
  });

  test('lets roles invoke it', () => {
    const { stack, service } = synth({ invokers: ['chat-app'] });
    service.grantInvoke('Second', 'other');
    const attached = Object.values(resourcesOf(stack, 'alicloud_ram_role_policy_attachment'));
    expect(attached.map(({ role_name: name }) => name as string)).toEqual(
      expect.arrayContaining(['chat-app', 'other']),
    );
    expect(JSON.stringify(resourcesOf(stack, 'alicloud_ram_policy'))).toContain('fc:InvokeFunction');
    expect(codesOf(() => service.grantInvoke('Third', 'acs:ram::1:role/a'))).toEqual(['InvokerInvalid']);
  });

  test('keeps variables and arguments that look like templates of Terraform', () => {
    const server = ServingServer.vllm({ image: IMAGE, env: [{ name: 'A', value: '${x}' }], args: ['--b', '%{y}'] });
    const { resource } = synth({ server });
    expect(resource.environment_variables).toEqual({ A: '$${x}' });
    expect(resource.custom_container_config.command).toContain('%%{y}');
  });
});

describe('scaling', () => {
  test('has a maximum without idle instances by default', () => {
    const { stack } = synth();
    expect(theOnly(stack, 'alicloud_fcv3_concurrency_config').reserved_concurrency).toBe(1);
    expect(resourcesOf(stack, 'alicloud_fcv3_provision_config')).toEqual({});
  });

  test('follows from the load, and freezes idle GPUs', () => {
    const { stack, service } = synth({ load: loadOf({ requestsPerSecond: 30 }) });
    const { count } = service.plan!.replicas;
    expect(count).toBeGreaterThan(1);
    expect(theOnly(stack, 'alicloud_fcv3_provision_config')).toMatchObject({
      target: count,
      qualifier: 'LATEST',
      always_allocate_gpu: false,
      always_allocate_cpu: false,
    });
    expect(theOnly(stack, 'alicloud_fcv3_concurrency_config').reserved_concurrency).toBe(2 * count);
    expect(service.concurrency).toBeLessThanOrEqual(service.plan!.memory.maxConcurrency);
  });

  test('rejects a concurrency below the load', () => {
    const load = loadOf({ requestsPerSecond: 10 });
    expect(codes({ load, concurrency: 1, scaling: { maxReplicas: 30 } })).toContain('ConcurrencyTooHigh');
  });
});

describe('published versions', () => {
  test('receive requests by an alias, with a share for the next one', () => {
    const { stack } = synth({
      traffic: { version: '3', nextVersion: '4', nextPercent: 20 },
      scaling: { minReplicas: 1 },
    });
    expect(theOnly(stack, 'alicloud_fcv3_alias')).toMatchObject({
      alias_name: 'live',
      version_id: '3',
      additional_version_weight: { 4: 0.2 },
    });
    for (const type of ['alicloud_fcv3_trigger', 'alicloud_fcv3_provision_config'])
      expect(theOnly(stack, type).qualifier).toMatch(/alicloud_fcv3_alias\..*\.alias_name/);
    const share = { traffic: { version: '3', nextVersion: '4' } };
    expect(theOnly(synth(share).stack, 'alicloud_fcv3_alias').additional_version_weight).toEqual({ 4: 0.1 });
  });

  test.each<[string, FunctionInferenceProps['traffic']]>([
    ['a version by its name', { version: 'latest' }],
    ['a share without a second version', { version: '1', nextPercent: 5 }],
    ['the same version twice', { version: '1', nextVersion: '1' }],
    ['a share of 100 percent', { version: '1', nextVersion: '2', nextPercent: 100 }],
  ])('rejects %s', (_, traffic) => {
    expect(codes({ traffic })).toEqual(['TrafficSplit']);
  });
});

describe('a function that the service would reject', () => {
  test.each<[string, Change, string]>([
    ['a public image', { server: ServingServer.vllm() }, 'ServingContainerInvalid'],
    [
      'a variable of the platform',
      { server: ServingServer.vllm({ image: IMAGE, env: [{ name: 'FC_REGION', value: 'x' }] }) },
      'ServingContainerInvalid',
    ],
    ['a name with spaces', { name: 'my chat' }, 'InferenceName'],
    ['12 vCPUs', { vcpus: 12 }, 'InstanceSize'],
    ['memory above the limit of the provider', { memoryGiB: 64 }, 'InstanceSize'],
    ['a concurrency above 200', { concurrency: 201 }, 'ScalingLimits'],
    ['more than 300 instances', { scaling: { maxReplicas: 301 } }, 'ScalingLimits'],
    ['a timeout above a day', { timeoutSeconds: 90_000 }, 'InferenceTimeout'],
    ['a role by its ARN', { roleName: 'acs:ram::1:role/a' }, 'InvokerInvalid'],
  ])('rejects %s', (_, props, code) => {
    expect(codes(props)).toEqual([code]);
  });

  test('rejects a model that is larger than the GPU, with and without a load', () => {
    const model = (stack: TerraformStack) => ({
      model: EndpointModel.bucket(modelIn(stack).bucket!, { prefix: 'a/', sizeGiB: 100 }),
    });
    expect(codes(model)).toEqual(['MemoryTooSmall']);
    expect(codes((stack) => ({ ...model(stack), load: loadOf({ model: ModelSpec.LLAMA_3_1_70B }) }))).toEqual([
      'MemoryTooSmall',
    ]);
  });

  test('rejects a timeout below the minimum time of a response', () => {
    const [problem] = problemsOf(() => synth({ load: loadOf({ outputTokens: 4000 }), timeoutSeconds: 5 }));
    expect(problem).toMatchObject({ code: 'InferenceTimeout', prop: 'timeoutSeconds' });
  });
});

test('findings report a cold start, one instance, a tag, and the internet', () => {
  expect(findings()).toEqual(expect.arrayContaining(['serving/cold-start', 'serving/one-replica', 'image/mutable']));
  expect(findings()).not.toContain('network/public-endpoint');
  expect(findings({ publicAccess: true })).toContain('network/public-endpoint');
});

test('a price names the GPU as machine', () => {
  const prices = Prices.of([{ machine: 'fc.gpu.ada.1', market: 'on-demand', usdPerHour: 3, source: 'my contract' }]);
  const { service } = synth({ load: loadOf(), prices });
  expect(service.plan!.costs.find(({ chosen }) => chosen)?.price).toMatchObject({ usdPerHour: 3 });
});
