import { TerraformVariable } from 'cdktf';
import fc from 'fast-check';
import { AiInfraError, Prices } from 'ai-infra-constructs';
import {
  Capacity,
  CostAllocation,
  GardenModel,
  GoogleMachine,
  InferenceEndpoint,
  type InferenceEndpointAttributes,
  type InferenceEndpointProps,
  VertexEndpointAccess,
} from 'ai-infra-constructs/google';
import { codesOf, newStack, problemsOf, refusalsOf, resourcesOf, theOnly } from '../support';
import { DEPLOYMENT, idsOf, loadOf, synthEndpoint } from './support';

const dedicated = (resource: { deploy_config: { dedicated_resources: object } }) =>
  resource.deploy_config.dedicated_resources as Record<string, unknown> & { machine_spec: Record<string, unknown> };

describe('a model', () => {
  test('is deployed to dedicated machines, behind a dedicated endpoint', () => {
    const { resource } = synthEndpoint();
    expect(resource).toMatchObject({
      location: 'us-central1',
      publisher_model_name: 'publishers/google/models/gemma3@gemma-3-12b-it',
      model_config: { accept_eula: true },
      endpoint_config: { dedicated_endpoint_enabled: true },
      deploy_config: {
        dedicated_resources: {
          min_replica_count: 1,
          max_replica_count: 1,
          machine_spec: { machine_type: 'g2-standard-48', accelerator_type: 'NVIDIA_L4', accelerator_count: 4 },
        },
      },
      timeouts: { create: '180m' },
      lifecycle: { create_before_destroy: true },
    });
    expect(resource.hugging_face_model_id).toBeUndefined();
  });

  test('can come from Hugging Face, with a token that is known only at deployment', () => {
    const stack = newStack();
    const token = new TerraformVariable(stack, 'Token', { sensitive: true });
    new InferenceEndpoint(stack, 'Chat', {
      region: 'us-central1',
      model: GardenModel.huggingFace('google/gemma-2-2b-it', { accessToken: token.stringValue, cached: true }),
      machine: GoogleMachine.G2_STANDARD_12,
    });
    expect(theOnly(stack, DEPLOYMENT)).toMatchObject({
      hugging_face_model_id: 'google/gemma-2-2b-it',
      model_config: { hugging_face_access_token: '${var.Token}', hugging_face_cache_enabled: true },
    });
  });

  test('can use your own container', () => {
    const { resource } = synthEndpoint({
      container: {
        image: 'us-docker.pkg.dev/my-project/serving/vllm:v0.27.1',
        args: ['--max-model-len', '8192'],
        env: { MODEL_ID: 'gemma' },
        port: 7080,
        predictRoute: '/generate',
        healthRoute: '/ping',
        sharedMemoryMiB: 16_384,
        deploymentTimeoutSeconds: 3600,
      },
    });
    expect(resource.model_config.container_spec).toEqual({
      image_uri: 'us-docker.pkg.dev/my-project/serving/vllm:v0.27.1',
      args: ['--max-model-len', '8192'],
      env: [{ name: 'MODEL_ID', value: 'gemma' }],
      ports: [{ container_port: 7080 }],
      predict_route: '/generate',
      health_route: '/ping',
      shared_memory_size_mb: '16384',
      deployment_timeout: '3600s',
    });
  });

  test.each([
    [GardenModel.publisher('gemma3'), 'model.publisher'],
    [GardenModel.publisher('publishers/google/models/gemma3'), 'model.publisher'],
    [GardenModel.huggingFace('https://huggingface.co/google/gemma'), 'model.huggingFace'],
  ])('is rejected if its name is malformed: %#', (model, prop) => {
    expect(problemsOf(() => synthEndpoint({ model }))).toMatchObject([{ code: 'ModelSourceInvalid', prop }]);
  });

  test('is rejected if its token is a plain string', () => {
    const model = GardenModel.huggingFace('google/gemma-2-2b-it', { accessToken: 'hf_abc' });
    const [problem] = problemsOf(() => synthEndpoint({ model }));
    expect(problem).toMatchObject({ code: 'SecretInCode', prop: 'model.accessToken' });
    expect(JSON.stringify(problem)).not.toContain('hf_abc');
  });
});

describe('machines', () => {
  test('with TPUs have the topology of all their chips, and no accelerator type', () => {
    const { resource } = synthEndpoint({ machine: GoogleMachine.CT6E_STANDARD_4T });
    expect(dedicated(resource).machine_spec).toEqual({ machine_type: 'ct6e-standard-4t', tpu_topology: '2x2' });
  });

  test('can form a replica together', () => {
    const { resource } = synthEndpoint({ machine: GoogleMachine.A3_HIGHGPU_8G, machinesPerReplica: 2 });
    expect(dedicated(resource).machine_spec).toMatchObject({ multihost_gpu_node_count: 2, accelerator_count: 8 });
  });

  test('can be spot, or come from a reservation with its full name', () => {
    expect(dedicated(synthEndpoint({ capacity: Capacity.spot() }).resource).spot).toBe(true);
    const reserved = (capacity: Capacity) =>
      synthEndpoint({ machine: GoogleMachine.A3_HIGHGPU_8G, capacity, reservationZone: 'us-central1-b' }).resource;
    const own = reserved(Capacity.reservation('r', { project: 'p', block: 'b' }));
    expect(dedicated(own).machine_spec.reservation_affinity).toEqual({
      key: 'compute.googleapis.com/reservation-name',
      reservation_affinity_type: 'SPECIFIC_RESERVATION',
      values: ['projects/p/zones/us-central1-b/reservations/r/reservationBlocks/b'],
    });
    expect(own.lifecycle).toEqual({ create_before_destroy: false });
    expect(JSON.stringify(reserved(Capacity.reservation('r')))).toMatch(
      /projects\/\$\{data\.[^}]+\}\/zones\/us-central1-b\/reservations\/r"/,
    );
  });

  test.each([
    ['a TPU that Vertex AI does not support', { machine: GoogleMachine.CT5P_HIGHTPU_4T }, 'MachineNotHosted machine'],
    ['a slice of a GPU', { machine: GoogleMachine.G4_STANDARD_12 }, 'MachineNotHosted machine'],
    ['a GPU that Vertex AI does not support', { machine: GoogleMachine.A4X_HIGHGPU_4G }, 'MachineNotHosted machine'],
    [
      'several TPU machines',
      { machine: GoogleMachine.CT6E_STANDARD_8T, machinesPerReplica: 2 },
      'ReplicaLayout machinesPerReplica',
    ],
    ['several small machines', { machinesPerReplica: 2 }, 'ReplicaLayout machinesPerReplica'],
    ['no machines', { machinesPerReplica: 0 }, 'ReplicaLayout machinesPerReplica'],
    ['flex-start', { capacity: Capacity.flexStart() }, 'MarketUnsupported capacity'],
    [
      'a new reservation',
      { capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
      'MarketUnsupported capacity',
    ],
    [
      'a fallback',
      { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) },
      'CapacityFallback capacity.fallback',
    ],
    [
      'a market that does not offer the machine',
      { machine: GoogleMachine.A3_HIGHGPU_1G },
      'MarketUnsupported capacity',
    ],
    ['a reservation without a zone', { capacity: Capacity.reservation('r') }, 'EndpointOption reservationZone'],
    ['a zone without a reservation', { reservationZone: 'us-central1-b' }, 'EndpointOption reservationZone'],
    [
      'a reservation in another region',
      { capacity: Capacity.reservation('r'), reservationZone: 'us-east4-a' },
      'LocationInvalid reservationZone',
    ],
    ['a zone as region', { region: 'us-central1-b' }, 'LocationInvalid region'],
  ] as [string, Partial<InferenceEndpointProps>, string][])('rejects %s', (_, props, expected) => {
    expect(refusalsOf(() => synthEndpoint(props))).toContain(expected);
  });
});

test('reports the markets that Vertex AI supports for the machine', () => {
  const [problem] = problemsOf(() => synthEndpoint({ machine: GoogleMachine.A3_HIGHGPU_1G }));
  expect(problem).toMatchObject({ code: 'MarketUnsupported', allowed: 'spot for a3-highgpu-1g' });
});

describe('scaling', () => {
  test('follows GPU utilization if there is a range', () => {
    const { resource } = synthEndpoint({ scaling: { minReplicas: 2, maxReplicas: 5, targetUtilizationPercent: 70 } });
    expect(dedicated(resource)).toMatchObject({
      min_replica_count: 2,
      max_replica_count: 5,
      autoscaling_metric_specs: [
        { metric_name: 'aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle', target: 70 },
      ],
    });
    expect(dedicated(synthEndpoint().resource).autoscaling_metric_specs).toBeUndefined();
  });

  test('rejects zero, fractions and limits in the wrong order', () => {
    expect(codesOf(() => synthEndpoint({ scaling: { minReplicas: 0 } }))).toEqual(['ScaleToZero']);
    expect(codesOf(() => synthEndpoint({ scaling: { minReplicas: 3, maxReplicas: 2 } }))).toEqual(['ScalingLimits']);
    expect(codesOf(() => synthEndpoint({ scaling: { maxReplicas: 1.5, targetUtilizationPercent: 101 } }))).toEqual([
      'ScalingLimits',
      'ScalingLimits',
    ]);
  });
});

describe('a load', () => {
  test('sizes the limits', () => {
    const { endpoint, resource } = synthEndpoint({ load: loadOf({ requestsPerSecond: 40 }) });
    const count = endpoint.plan!.replicas.count;
    expect(count).toBeGreaterThan(1);
    expect(endpoint.limits).toEqual({ minReplicas: count, maxReplicas: 2 * count });
    expect(dedicated(resource)).toMatchObject({ min_replica_count: count, max_replica_count: 2 * count });
    expect(endpoint.plan!.cluster).toMatchObject({ cloud: 'google', machine: 'g2-standard-48', region: 'us-central1' });
  });

  test('that does not fit on the machine is reported at machine', () => {
    const machine = GoogleMachine.G2_STANDARD_4;
    const problems = problemsOf(() => synthEndpoint({ machine, load: loadOf({ inputTokens: 120_000 }) }));
    expect(problems[0]).toMatchObject({ code: 'MemoryTooSmall', prop: 'machine' });
  });

  test('that needs more replicas than the maximum is reported at load, and the default maximum stays within it', () => {
    for (const scaling of [undefined, { minReplicas: 1 }]) {
      expect(problemsOf(() => synthEndpoint({ load: loadOf({ requestsPerSecond: 1e7 }), scaling }))).toEqual([
        expect.objectContaining({ code: 'ScalingLimits', prop: 'load', allowed: expect.stringContaining('1000') }),
      ]);
    }
    const { limits } = synthEndpoint({ load: loadOf({ requestsPerSecond: 1000 }) }).endpoint;
    expect(limits.minReplicas).toBeGreaterThan(500);
    expect(limits.maxReplicas).toBe(1000);
  });

  test('with more concurrent requests than the maximum number of replicas can hold is rejected', () => {
    const load = loadOf({ requestsPerSecond: undefined, concurrency: 5000 });
    expect(problemsOf(() => synthEndpoint({ load, scaling: { maxReplicas: 1 } }))).toMatchObject([
      { code: 'ConcurrencyTooHigh', prop: 'scaling.maxReplicas' },
    ]);
  });

  test('with responses longer than the timeout is rejected, or gets a finding', () => {
    const slow = loadOf({ outputTokens: 12_000, requestsPerSecond: 0.01 });
    expect(problemsOf(() => synthEndpoint({ load: slow, access: VertexEndpointAccess.SHARED }))).toMatchObject([
      { code: 'InferenceTimeout', prop: 'access' },
    ]);
    const likely = loadOf({ outputTokens: 3_500, requestsPerSecond: 0.01 });
    const { endpoint } = synthEndpoint({ load: likely, access: VertexEndpointAccess.SHARED });
    expect(idsOf(endpoint)).toContain('serving/request-timeout');
    expect(idsOf(synthEndpoint({ load: likely }).endpoint)).not.toContain('serving/request-timeout');
  });

  test('has the Compute Engine price by default, with a finding', () => {
    expect(idsOf(synthEndpoint({ load: loadOf() }).endpoint)).toContain('cost/price');
    const prices = Prices.of([{ machine: 'g2-standard-48', market: 'on-demand', usdPerHour: 5 }]);
    const { endpoint } = synthEndpoint({ load: loadOf(), prices });
    expect(idsOf(endpoint)).not.toContain('cost/price');
    expect(endpoint.plan!.costs.find(({ chosen }) => chosen)?.price?.usdPerHour).toBe(5);
  });
});

describe('invokers', () => {
  test('can only send requests', () => {
    const { stack } = synthEndpoint({ invokers: ['serviceAccount:app@p.iam.gserviceaccount.com'] });
    expect(theOnly(stack, 'google_project_iam_custom_role')).toMatchObject({
      role_id: expect.stringMatching(/^[A-Za-z0-9_.]{3,64}$/),
      permissions: ['aiplatform.endpoints.predict'],
    });
    expect(theOnly(stack, 'google_project_iam_member')).toMatchObject({
      role: expect.stringMatching(/^\$\{google_project_iam_custom_role\..*\.name\}$/),
      member: 'serviceAccount:app@p.iam.gserviceaccount.com',
    });
  });

  test('share one role in each stack', () => {
    const { stack, endpoint } = synthEndpoint();
    endpoint.grantInvoke('A', 'user:ada@example.com');
    endpoint.grantInvoke('B', 'group:apps@example.com');
    const [role] = Object.keys(resourcesOf(stack, 'google_project_iam_custom_role'));
    const granted = Object.values(resourcesOf(stack, 'google_project_iam_member'));
    expect(granted.map(({ member }) => member as string).sort()).toEqual([
      'group:apps@example.com',
      'user:ada@example.com',
    ]);
    for (const { role: used } of granted) expect(used).toBe(`\${google_project_iam_custom_role.${role}.name}`);
  });

  test.each(['allUsers', 'allAuthenticatedUsers', 'ada@example.com'])('cannot be %s', (member) => {
    expect(problemsOf(() => synthEndpoint({ invokers: [member] }))).toMatchObject([
      { code: 'InvokerInvalid', prop: 'invokers[0]' },
    ]);
    expect(problemsOf(() => synthEndpoint().endpoint.grantInvoke('A', member))).toMatchObject([{ prop: 'member' }]);
  });

  test('use the URL of the dedicated endpoint, or of the shared one', () => {
    const { endpoint } = synthEndpoint({ access: VertexEndpointAccess.SHARED });
    expect(endpoint.url).toBe('https://us-central1-aiplatform.googleapis.com');
    expect(synthEndpoint().endpoint.url).toMatch(
      /^https:\/\/\$\{.*\}\.us-central1-\$\{.*\}\.prediction\.vertexai\.goog$/,
    );
  });
});

describe('a container', () => {
  const image = 'us-docker.pkg.dev/p/r/i:1';

  test.each([
    [{ image: 'vllm/vllm-openai:v0.27.1' }, 'container.image'],
    [{ image, env: { AIP_HTTP_PORT: '1' } }, 'container.env.AIP_HTTP_PORT'],
    [{ image, predictRoute: 'predict' }, 'container.predictRoute'],
    [{ image, port: 0 }, 'container.port'],
    [{ image, deploymentTimeoutSeconds: 7201 }, 'container.deploymentTimeoutSeconds'],
  ])('is rejected: %j', (container, prop) => {
    expect(problemsOf(() => synthEndpoint({ container }))).toMatchObject([{ code: 'ServingContainerInvalid', prop }]);
  });

  test('gets a finding without a digest', () => {
    expect(idsOf(synthEndpoint({ container: { image } }).endpoint)).toContain('image/mutable');
    const digest = `us-docker.pkg.dev/p/r/i@sha256:${'0'.repeat(64)}`;
    expect(idsOf(synthEndpoint({ container: { image: digest } }).endpoint)).not.toContain('image/mutable');
  });
});

describe('findings', () => {
  test('report the limits of Model Garden deployments', () => {
    const { endpoint } = synthEndpoint();
    expect(idsOf(endpoint)).toEqual(
      expect.arrayContaining(['model/no-digest', 'network/public-endpoint', 'serving/one-replica', 'cost/unlabelled']),
    );
  });

  test('report that the network between machines is not published', () => {
    const machine = GoogleMachine.A3_HIGHGPU_8G;
    expect(idsOf(synthEndpoint({ machine, machinesPerReplica: 2 }).endpoint)).toContain('fabric/rdma');
    expect(idsOf(synthEndpoint({ machine }).endpoint)).not.toContain('fabric/rdma');
  });

  test('report spot capacity without a fallback, and a region without the machine', () => {
    expect(idsOf(synthEndpoint({ capacity: Capacity.spot() }).endpoint)).toContain('spot/no-fallback');
    expect(idsOf(synthEndpoint({ region: 'africa-south1' }).endpoint)).toContain('machine/region');
    expect(idsOf(synthEndpoint().endpoint)).not.toContain('machine/region');
  });
});

test('gets no labels, because it supports none', () => {
  const { stack } = synthEndpoint();
  CostAllocation.apply(stack, { project: 'a', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' });
  expect(theOnly(stack, DEPLOYMENT).labels).toBeUndefined();
});

test('rejects a display name that is too long', () => {
  expect(codesOf(() => synthEndpoint({ displayName: 'x'.repeat(129) }))).toEqual(['InferenceName']);
});

test('accepted limits give a valid range, and rejected limits have a code', () => {
  fc.assert(
    fc.property(
      fc.record(
        { minReplicas: fc.integer({ min: -2, max: 1100 }), maxReplicas: fc.integer({ min: -2, max: 1100 }) },
        { requiredKeys: [] },
      ),
      (scaling) => {
        try {
          const { min_replica_count: minReplicas, max_replica_count: maxReplicas } = dedicated(
            synthEndpoint({ scaling }).resource,
          );
          expect(minReplicas).toBeGreaterThanOrEqual(1);
          expect(maxReplicas).toBeGreaterThanOrEqual(minReplicas as number);
        } catch (error) {
          if (!AiInfraError.isAiInfraError(error)) throw error;
          expect(['ScalingLimits', 'ScaleToZero']).toContain(error.code);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test.each([undefined, null, 7, 'endpoint', [], { region: null, model: 'gemma', machine: 'g2-standard-4' }])(
  'rejects the props %j with a code',
  (props) => {
    expect(codesOf(() => new InferenceEndpoint(newStack(), 'Chat', props as never)).length).toBeGreaterThan(0);
  },
);

describe('an existing endpoint', () => {
  const ATTRIBUTES = { endpointId: '1234567890', region: 'us-central1' };
  const existing = (attributes: Partial<InferenceEndpointAttributes> = {}) =>
    InferenceEndpoint.fromInferenceEndpointAttributes(newStack(), 'Chat', { ...ATTRIBUTES, ...attributes });

  test('creates no resources, and has a URL and metrics', () => {
    const stack = newStack();
    const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', ATTRIBUTES);
    expect(resourcesOf(stack, DEPLOYMENT)).toEqual({});
    expect(endpoint.url).toMatch(/^https:\/\/1234567890\.us-central1-\$\{.*\}\.prediction\.vertexai\.goog$/);
    expect(endpoint.metrics.requests.filter).toContain('endpoint_id="1234567890"');
    expect(existing({ access: VertexEndpointAccess.SHARED }).url).toBe('https://us-central1-aiplatform.googleapis.com');
  });

  test('grants the right to send requests', () => {
    const stack = newStack();
    const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Chat', ATTRIBUTES);
    endpoint.grantInvoke('App', 'serviceAccount:app@p.iam.gserviceaccount.com');
    expect(theOnly(stack, 'google_project_iam_member').member).toBe('serviceAccount:app@p.iam.gserviceaccount.com');
    expect(codesOf(() => endpoint.grantInvoke('All', 'allUsers'))).toEqual(['InvokerInvalid']);
  });

  test.each<[Partial<InferenceEndpointAttributes>, string]>([
    [{ endpointId: 'projects/p/locations/us-central1/endpoints/1' }, 'ResourceIdInvalid endpointId'],
    [{ region: 'us-central1-b' }, 'LocationInvalid region'],
    [{ limits: { minReplicas: 3, maxReplicas: 2 } }, 'ScalingLimits limits.minReplicas'],
    [{ access: 'private' as never }, 'ChoiceUnknown access'],
    [{ endpointId: undefined }, 'ValueMissing endpointId'],
  ])('rejects %j', (attributes, expected) => {
    expect(refusalsOf(() => existing(attributes))).toEqual([expected]);
  });
});
