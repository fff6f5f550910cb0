import { alternativesIn } from '../../endpoint-alternatives';
import fc from 'fast-check';
import { AiInfraError, Prices } from 'ai-infra-constructs';
import {
  CloudRunGpu,
  CloudRunInference,
  type CloudRunInferenceProps,
  CloudRunIngress,
  CloudRunModel,
  CostAllocation,
  DataBucket,
  EncryptionKey,
  MlNetwork,
  ServingServer,
} from 'ai-infra-constructs/google';
import { codesOf, newStack, problemsOf, refusalsOf, resourcesOf, theOnly } from '../support';
import { idsOf, loadOf as bf16LoadOf } from './support';

const SERVICE = 'google_cloud_run_v2_service';
const MODEL = CloudRunModel.bucket({ name: 'models' }, { prefix: 'llama-3.1-8b/v3/', sizeGiB: 7.5 });
/** In FP8 an L4 has memory for more than one request. */
const loadOf = (props: Parameters<typeof bf16LoadOf>[0] = {}) => bf16LoadOf({ weightPrecision: 'fp8', ...props });
const OWN_IMAGE = 'europe-west4-docker.pkg.dev/p/serving/llama:1';

function synth(props: Partial<CloudRunInferenceProps> = {}, stack = newStack()) {
  const service = new CloudRunInference(stack, 'Chat', {
    region: 'europe-west4',
    gpu: CloudRunGpu.L4,
    model: MODEL,
    ...props,
  });
  const resource = theOnly(stack, SERVICE);
  return { stack, service, resource, template: resource.template, container: resource.template.containers[0] };
}

describe('a service', () => {
  test('has one GPU for each instance, allocated CPU, and internal ingress', () => {
    const { resource, template, container } = synth();
    expect(resource).toMatchObject({
      location: 'europe-west4',
      ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      deletion_protection: true,
      lifecycle: { ignore_changes: ['scaling'] },
    });
    expect(resource.name).toMatch(/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/);
    expect(template).toMatchObject({
      execution_environment: 'EXECUTION_ENVIRONMENT_GEN2',
      node_selector: { accelerator: 'nvidia-l4' },
      gpu_zonal_redundancy_disabled: true,
      scaling: { min_instance_count: 0, max_instance_count: 1 },
      max_instance_request_concurrency: 16,
      timeout: '600s',
    });
    expect(container.resources).toEqual({
      cpu_idle: false,
      startup_cpu_boost: true,
      limits: { cpu: '8', memory: '32Gi', 'nvidia.com/gpu': '1' },
    });
  });

  test('mounts a bucket, which its service account can read before it starts', () => {
    const { stack, resource, template, container } = synth();
    expect(container.image).toBe('vllm/vllm-openai:v0.27.1');
    expect(container.command).toEqual(['vllm', 'serve']);
    expect(container.args).toEqual(expect.arrayContaining(['/models/llama-3.1-8b/v3', '--port', '8000']));
    expect(container.volume_mounts).toEqual([{ name: 'model', mount_path: '/models' }]);
    expect(template.volumes).toEqual([{ name: 'model', gcs: { bucket: 'models', read_only: true } }]);
    expect(theOnly(stack, 'google_storage_bucket_iam_member')).toMatchObject({
      bucket: 'models',
      role: 'roles/storage.objectViewer',
      member: expect.stringMatching(/^serviceAccount:\$\{google_service_account\..*\.email\}$/),
    });
    expect(template.service_account).toMatch(/^\$\{google_service_account\..*\.email\}$/);
    expect(resource.depends_on).toEqual([
      expect.stringMatching(/^google_kms_crypto_key_iam_member\./),
      expect.stringMatching(/^google_storage_bucket_iam_member\./),
    ]);
  });

  test('has a startup probe that allows the time to read the weights', () => {
    const { container } = synth();
    const { period_seconds: period, failure_threshold: failures, http_get: get } = container.startup_probe;
    expect(period * failures).toBe(630);
    expect(get).toEqual({ path: '/health', port: 8000 });
    expect(container.liveness_probe).toMatchObject({ period_seconds: 15, timeout_seconds: 10, failure_threshold: 4 });
  });

  test('allows more start time for weights that come through your network', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'europe-west4' });
    const { container, service } = synth({ network, load: loadOf() }, stack);
    // 7.5 GiB at 1 Gbit/s are 65 s, and the server has 600 s.
    expect(container.startup_probe.failure_threshold).toBe(67);
    expect(service.plan!.coldStart.readMBps).toBeCloseTo(125);
    const inImage = {
      model: CloudRunModel.image({ path: '/a', sizeGiB: 7.5 }),
      server: ServingServer.vllm({ image: OWN_IMAGE }),
    };
    const other = newStack();
    const within = new MlNetwork(other, 'Network', { region: 'europe-west4' });
    expect(synth({ network: within, ...inImage }, other).container.startup_probe.failure_threshold).toBe(63);
  });

  test('accepts every option', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'europe-west4' });
    const encryptionKey = new EncryptionKey(stack, 'Own', { region: 'europe-west4' });
    const { resource, template, container } = synth(
      {
        gpu: CloudRunGpu.RTX_PRO_6000,
        zonalRedundancy: true,
        network,
        encryptionKey,
        ingress: CloudRunIngress.LOAD_BALANCER,
        scaling: { minReplicas: 1, maxReplicas: 4 },
        concurrency: 32,
        timeoutSeconds: 3600,
        vcpus: 30,
        memoryGiB: 176,
        name: 'chat',
        serviceAccount: 'chat@p.iam.gserviceaccount.com',
        deletionProtection: false,
      },
      stack,
    );
    expect(resource).toMatchObject({
      name: 'chat',
      ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
      deletion_protection: false,
    });
    expect(template).toMatchObject({
      node_selector: { accelerator: 'nvidia-rtx-pro-6000' },
      gpu_zonal_redundancy_disabled: false,
      scaling: { min_instance_count: 1, max_instance_count: 4 },
      max_instance_request_concurrency: 32,
      timeout: '3600s',
      service_account: 'chat@p.iam.gserviceaccount.com',
      encryption_key: expect.stringMatching(/Own/),
      vpc_access: {
        egress: 'ALL_TRAFFIC',
        network_interfaces: [{ network: expect.anything(), subnetwork: expect.anything() }],
      },
    });
    expect(container.resources.limits).toMatchObject({ cpu: '30', memory: '176Gi' });
    expect(resourcesOf(stack, 'google_service_account')).toEqual({});
  });

  test('can have the model in its image', () => {
    const { stack, template, container } = synth({
      model: CloudRunModel.image({ path: '/opt/llama', sizeGiB: 15 }),
      server: ServingServer.vllm({ image: OWN_IMAGE, env: [{ name: 'VLLM_LOGGING_LEVEL', value: 'WARNING' }] }),
    });
    expect(container).toMatchObject({
      image: OWN_IMAGE,
      env: [{ name: 'VLLM_LOGGING_LEVEL', value: 'WARNING' }],
    });
    expect(container.args[0]).toBe('/opt/llama');
    expect(template.volumes).toBeUndefined();
    expect(resourcesOf(stack, 'google_storage_bucket_iam_member')).toEqual({});
  });

  test('accepts an existing key, whose owner can grant its use', () => {
    const stack = newStack();
    const keyId = 'projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k';
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Shared', keyId, { grants: false });
    const { template } = synth({ encryptionKey }, stack);
    expect(template.encryption_key).toBe(keyId);
    expect(resourcesOf(stack, 'google_kms_crypto_key')).toEqual({});
    expect(resourcesOf(stack, 'google_kms_crypto_key_iam_member')).toEqual({});
  });

  test('supports labels for cost allocation', () => {
    const { stack } = synth();
    CostAllocation.apply(stack, { project: 'Atlas', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' });
    expect(theOnly(stack, SERVICE).labels).toMatchObject({ project: 'atlas' });
  });

  test('accepts a DataBucket', () => {
    const stack = newStack();
    const bucket = new DataBucket(stack, 'Models', { region: 'europe-west4' });
    const { template } = synth({ model: CloudRunModel.bucket(bucket, { prefix: 'a', sizeGiB: 1 }) }, stack);
    expect(template.volumes[0].gcs.bucket).toMatch(/^\$\{google_storage_bucket\..*\.name\}$/);
  });
});

describe('invokers', () => {
  test('can send requests to this service only', () => {
    const { stack, service } = synth({ invokers: ['serviceAccount:app@p.iam.gserviceaccount.com'] });
    expect(theOnly(stack, 'google_cloud_run_v2_service_iam_member')).toMatchObject({
      role: 'roles/run.invoker',
      location: 'europe-west4',
      name: expect.stringMatching(/\.name\}$/),
      member: 'serviceAccount:app@p.iam.gserviceaccount.com',
    });
    expect(service.url).toMatch(/\$\{/);
    expect(codesOf(() => service.grantInvoke('All', 'allUsers'))).toEqual(['InvokerInvalid']);
    expect(codesOf(() => service.grantInvoke('', 'user:a@b'))).toEqual(['PropType']);
  });
});

describe('rejects', () => {
  test.each([
    ['a vCPU count that no L4 has', { vcpus: 5 }, 'InstanceSize vcpus'],
    ['too few vCPUs', { gpu: CloudRunGpu.RTX_PRO_6000, vcpus: 8 }, 'InstanceSize vcpus'],
    ['too little memory', { memoryGiB: 8 }, 'InstanceSize memoryGiB'],
    ['too much memory', { memoryGiB: 64 }, 'InstanceSize memoryGiB'],
    ['a timeout above the limit of Cloud Run', { timeoutSeconds: 3601 }, 'InferenceTimeout timeoutSeconds'],
    ['a concurrency of 0', { concurrency: 0 }, 'ScalingLimits concurrency'],
    ['a concurrency above the limit of Cloud Run', { concurrency: 1001 }, 'ScalingLimits concurrency'],
    ['limits in the wrong order', { scaling: { minReplicas: 3, maxReplicas: 2 } }, 'ScalingLimits scaling.minReplicas'],
    ['a maximum of 0 instances', { scaling: { maxReplicas: 0 } }, 'ScalingLimits scaling.maxReplicas'],
    [
      'a model that does not fit on the GPU',
      { model: CloudRunModel.bucket({ name: 'b' }, { prefix: 'a', sizeGiB: 40 }) },
      'MemoryTooSmall model.sizeGiB',
    ],
    [
      'a model with size 0',
      { model: CloudRunModel.bucket({ name: 'b' }, { prefix: 'a', sizeGiB: 0 }) },
      'ModelSourceInvalid model.sizeGiB',
    ],
    [
      'a prefix above the bucket',
      { model: CloudRunModel.bucket({ name: 'b' }, { prefix: '../a', sizeGiB: 1 }) },
      'ModelSourceInvalid model.prefix',
    ],
    [
      'an absolute prefix',
      { model: CloudRunModel.bucket({ name: 'b' }, { prefix: '/a', sizeGiB: 1 }) },
      'ModelSourceInvalid model.prefix',
    ],
    [
      'a relative path in the image',
      { model: CloudRunModel.image({ path: 'a', sizeGiB: 1 }), server: ServingServer.vllm({ image: OWN_IMAGE }) },
      'ModelSourceInvalid model.path',
    ],
    [
      'a model in a public image',
      { model: CloudRunModel.image({ path: '/a', sizeGiB: 1 }) },
      'ServingContainerInvalid server.image',
    ],
    ['an image in another registry', { server: ServingServer.triton() }, 'ServingContainerInvalid server.image'],
    [
      'a variable that Cloud Run sets',
      { server: ServingServer.vllm({ env: [{ name: 'PORT', value: '1' }] }) },
      'ServingContainerInvalid server.env.PORT',
    ],
    [
      'an argument that the library sets',
      { server: ServingServer.vllm({ args: ['--port', '1'] }) },
      'ServingContainerInvalid server.args',
    ],
    ['a name in uppercase', { name: 'Chat' }, 'InferenceName name'],
    ['a name that is too long', { name: 'a'.repeat(50) }, 'InferenceName name'],
    ['a zone as region', { region: 'europe-west4-a' }, 'LocationInvalid region'],
    ['everyone as invoker', { invokers: ['allUsers'] }, 'InvokerInvalid invokers[0]'],
  ] as [string, Partial<CloudRunInferenceProps>, string][])('%s', (_, props, expected) => {
    expect(refusalsOf(() => synth(props))).toContain(expected);
  });

  test('a network in another region', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
    expect(problemsOf(() => synth({ network }, stack))).toMatchObject([{ code: 'LocationInvalid', prop: 'network' }]);
  });

  test('several invalid props in one error', () => {
    const codes = codesOf(() => synth({ vcpus: 5, timeoutSeconds: 0, name: 'X', invokers: ['allUsers'] }));
    expect(codes.sort()).toEqual(['InferenceName', 'InferenceTimeout', 'InstanceSize', 'InvokerInvalid']);
  });
});

describe('a load', () => {
  test('sizes the number of instances and their concurrency', () => {
    const { service, template } = synth({ load: loadOf() });
    const { plan, limits, concurrency } = service;
    expect(plan!.cluster).toMatchObject({ cloud: 'google', machine: 'cloud-run-nvidia-l4', region: 'europe-west4' });
    expect(limits).toEqual({ minReplicas: plan!.replicas.count, maxReplicas: 2 * plan!.replicas.count });
    expect(template.max_instance_request_concurrency).toBe(concurrency);
    expect(concurrency).toBeLessThanOrEqual(plan!.memory.maxConcurrency);
  });

  test('can scale to zero', () => {
    expect(synth({ load: loadOf(), scaling: { minReplicas: 0 } }).service.limits.minReplicas).toBe(0);
  });

  test('that does not fit on one GPU is reported at gpu', () => {
    const load = loadOf({ inputTokens: 120_000 });
    expect(problemsOf(() => synth({ load }))[0]).toMatchObject({ code: 'MemoryTooSmall', prop: 'gpu' });
  });

  test('that needs more instances than the maximum is reported at load', () => {
    expect(problemsOf(() => synth({ load: loadOf({ requestsPerSecond: 1e7 }) }))).toEqual([
      expect.objectContaining({ code: 'ScalingLimits', prop: 'load', allowed: expect.stringContaining('1000') }),
    ]);
  });

  test('with more concurrent requests than all instances can hold is rejected', () => {
    const load = loadOf({ requestsPerSecond: undefined, concurrency: 40 });
    expect(problemsOf(() => synth({ load, concurrency: 2, scaling: { maxReplicas: 8 } }))).toMatchObject([
      { code: 'ConcurrencyTooHigh', prop: 'concurrency', got: 2 },
    ]);
    const more = loadOf({ requestsPerSecond: undefined, concurrency: 500 });
    expect(problemsOf(() => synth({ load: more, scaling: { maxReplicas: 1 } }))).toMatchObject([
      { code: 'ConcurrencyTooHigh', prop: 'scaling.maxReplicas' },
    ]);
  });

  test('with responses longer than the timeout is rejected, or gets a finding', () => {
    const load = loadOf({ outputTokens: 1000, requestsPerSecond: 0.01 });
    expect(problemsOf(() => synth({ load, timeoutSeconds: 10 }))).toMatchObject([
      { code: 'InferenceTimeout', prop: 'timeoutSeconds' },
    ]);
    expect(idsOf(synth({ load, timeoutSeconds: 35 }).service)).toContain('serving/request-timeout');
    expect(idsOf(synth({ load }).service)).not.toContain('serving/request-timeout');
  });

  test('is priced by GPU, vCPUs and memory, or by your own prices', () => {
    const usdPerHour = (props: Partial<CloudRunInferenceProps>) =>
      synth({ load: loadOf(), ...props }).service.plan!.costs.find(({ chosen }) => chosen)?.price?.usdPerHour;
    expect(usdPerHour({})).toBeCloseTo(3600 * (0.0001867 + 8 * 0.000018 + 32 * 0.000002), 3);
    expect(usdPerHour({ vcpus: 4, memoryGiB: 16 })).toBeLessThan(usdPerHour({})!);
    expect(usdPerHour({ zonalRedundancy: true })).toBeUndefined();
    expect(usdPerHour({ region: 'asia-southeast1' })).toBeUndefined();
    const prices = Prices.of([{ machine: 'cloud-run-nvidia-l4', market: 'on-demand', usdPerHour: 2 }]);
    expect(usdPerHour({ prices })).toBe(2);
  });
});

describe('findings', () => {
  test('report cold starts, one replica, the open container, the image tag and the driver', () => {
    expect(idsOf(synth().service)).toEqual(
      expect.arrayContaining([
        'serving/cold-start',
        'serving/one-replica',
        'network/open-container',
        'image/mutable',
        'image/driver',
      ]),
    );
  });

  test('are absent if they do not apply', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'europe-west4' });
    const server = ServingServer.vllm({ image: `${OWN_IMAGE.replace(':1', '')}@sha256:${'0'.repeat(64)}` });
    expect(idsOf(synth({ network, server, scaling: { minReplicas: 2, maxReplicas: 4 } }, stack).service)).toEqual([]);
    expect(idsOf(synth({ gpu: CloudRunGpu.RTX_PRO_6000 }).service)).not.toContain('image/driver');
  });

  test.each([
    ['us-central1', 'invited'],
    ['africa-south1', 'No source'],
  ])('report a region without general access to the GPU: %s', (region, word) => {
    const { service } = synth({ region });
    expect(idsOf(service)).toContain('machine/region');
    const entry = service.node.metadata.find(({ data }) => (data as { id?: string }).id === 'machine/region');
    expect((entry?.data as { message: string }).message).toContain(word);
  });

  test('report public ingress, and files of another size than the weights', () => {
    expect(idsOf(synth({ ingress: CloudRunIngress.ALL }).service)).toContain('network/public-endpoint');
    const model = CloudRunModel.bucket({ name: 'b' }, { prefix: 'a', sizeGiB: 15 });
    expect(idsOf(synth({ model, load: loadOf() }).service)).toContain('model/size');
    expect(idsOf(synth({ load: loadOf() }).service)).not.toContain('model/size');
  });
});

test('accepted sizes are available on Cloud Run, and rejected sizes have a code', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(CloudRunGpu)),
      fc.integer({ min: -1, max: 40 }),
      fc.integer({ min: -1, max: 200 }),
      (gpu, vcpus, memoryGiB) => {
        try {
          const { limits } = synth({ gpu, vcpus, memoryGiB }).container.resources;
          expect(limits).toEqual({ cpu: String(vcpus), memory: `${memoryGiB}Gi`, 'nvidia.com/gpu': '1' });
          expect(vcpus).toBeGreaterThanOrEqual(gpu === CloudRunGpu.L4 ? 4 : 20);
          expect(memoryGiB).toBeGreaterThanOrEqual(gpu === CloudRunGpu.L4 ? 16 : 80);
        } catch (error) {
          if (!AiInfraError.isAiInfraError(error)) throw error;
          expect(error.problems.every(({ code }) => code === 'InstanceSize')).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test.each([undefined, null, 7, 'service', [], { region: {}, gpu: 'h100', model: null, server: 'vllm' }])(
  'rejects the props %j with a code',
  (props) => {
    expect(codesOf(() => new CloudRunInference(newStack(), 'Chat', props as never)).length).toBeGreaterThan(0);
  },
);

test('the alternatives in the report are GPUs of Cloud Run', () => {
  const load = loadOf();
  const large = synth({ gpu: CloudRunGpu.RTX_PRO_6000, load }).service;
  const [alternative, ...others] = alternativesIn(large);

  expect(alternative).toMatchObject({ machine: 'cloud-run-nvidia-l4', region: 'europe-west4', market: 'on-demand' });
  expect(others).toEqual([]);
  expect(alternativesIn(synth({ load }).service)).toEqual([]);
});
