import { join } from 'node:path';
import { Testing } from 'cdktf';
import { ModelSpec } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  Capacity,
  ClusterSource,
  ControlPlane,
  DataBucket,
  DataPurpose,
  GoogleMachine,
  Installation,
  KubernetesInference,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/google';
import { at } from '../../kubernetes/at';
import { keepsAddresses } from '../../terraform/golden';
import { CLUSTER, newStack, resourcesOf, theOnly, waitsForSystemNodes, ZONE } from '../support';
import { type Changes, chat, hub, objectOf, objectsOf, SHA, synth } from './support';

const LARGE: Changes = {
  machine: GoogleMachine.A3_MEGAGPU_8G,
  model: hub(756),
  capacity: Capacity.reservation('h100'),
};
const pools = (changes: Changes) =>
  Object.values(resourcesOf(synth(changes).stack, 'google_container_node_pool')).filter(
    ({ name }) => name !== 'system',
  );

describe('node pools', () => {
  test('follow the replicas: the minimum fits minReplicas, and the maximum has space for one more replica during an update', () => {
    const [pool] = pools({ scaling: ServingScaling.fixed(3) });
    expect(pool).toMatchObject({
      name: 'chat',
      initial_node_count: 2,
      autoscaling: { total_min_node_count: 2, total_max_node_count: 2 },
      lifecycle: { ignore_changes: ['initial_node_count'] },
    });
    expect(pool.node_count).toBeUndefined();
  });

  test('scale to zero with spot capacity', () => {
    const [pool] = pools({ capacity: Capacity.spot() });
    expect(pool.autoscaling).toMatchObject({ total_min_node_count: 0 });
    expect(pool.node_config.spot).toBe(true);
  });

  test('keep all reserved machines, and an update stops a replica before it starts another', () => {
    const changes = { capacity: Capacity.reservation('l4'), scaling: ServingScaling.fixed(2) };
    expect(pools(changes)[0]).toMatchObject({ node_count: 1 });
    expect(at(objectOf(objectsOf(changes), 'Deployment'), 'spec.strategy.rollingUpdate')).toEqual({
      maxSurge: 0,
      maxUnavailable: 1,
    });
  });

  test('size the boot disk for images, and for the model of each pod on machines without local SSD', () => {
    expect(pools({})[0].node_config.disk_size_gb).toBe(200 + 2 * 19);
    expect(pools({ machine: GoogleMachine.A3_HIGHGPU_8G })[0].node_config.disk_size_gb).toBe(200);
  });

  test('use compact placement only if a replica spans machines', () => {
    expect(pools({ machine: GoogleMachine.A3_MEGAGPU_8G, capacity: Capacity.onDemand() })[0].placement_policy).toBe(
      undefined,
    );
    expect(pools({ ...LARGE, capacity: Capacity.onDemand() })[0].placement_policy).toMatchObject({ type: 'COMPACT' });
  });

  test('plan costs with the capacity of an existing node pool', () => {
    const stack = newStack();
    const of = { machine: GoogleMachine.G2_STANDARD_24, zone: ZONE };
    const capacity = Capacity.spot();
    const nodePool = new AcceleratorNodePool(stack, 'Pool', { ...of, cluster: CLUSTER, nodes: 4, capacity });
    const cluster = ClusterSource.fromCluster(CLUSTER);
    const { plan } = new KubernetesInference(stack, 'Chat', { ...of, cluster, nodePool, model: hub(), load: chat() });
    expect(plan!.costs.find(({ chosen }) => chosen)?.market).toBe('spot');
  });

  test('use an existing node pool, by the label of its group', () => {
    const stack = newStack();
    const nodePool = new AcceleratorNodePool(stack, 'Pool', {
      cluster: CLUSTER,
      machine: GoogleMachine.G2_STANDARD_24,
      zone: ZONE,
      nodes: 2,
      group: 'shared',
    });
    const cluster = ClusterSource.fromCluster(CLUSTER);
    const given = { cluster, nodePool, machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub() };
    const inference = new KubernetesInference(stack, 'Chat', given);
    expect(Object.keys(resourcesOf(stack, 'google_container_node_pool'))).toEqual([expect.stringMatching(/^Pool_/)]);
    expect(inference.nodePool).toBe(nodePool);
    // Only the account of the node pool: the model creates no nodes.
    expect(Object.keys(resourcesOf(stack, 'google_service_account'))).toEqual([expect.stringMatching(/^Pool_/)]);
    expect(JSON.stringify(objectOf(inference.bundle.manifests, 'Deployment'))).toContain('"values":["shared"]');
  });
});

describe('spot capacity with a fallback', () => {
  const changes = { capacity: Capacity.spot({ fallback: Capacity.onDemand() }), scaling: ServingScaling.fixed(4) };

  test('creates two node pools, and the fallback scales from zero', () => {
    const [spot, other] = pools(changes).sort((a, b) => String(a.name).localeCompare(String(b.name)));
    expect(spot).toMatchObject({ name: 'chat', node_config: { spot: true } });
    expect(other).toMatchObject({ name: 'chat-fallback', autoscaling: { total_min_node_count: 0 } });
    expect(other.node_config.spot).toBeUndefined();
    for (const { node_config: node } of [spot, other]) {
      expect(node.labels).toMatchObject({ 'ai-infra/pool': 'chat', 'cloud.google.com/compute-class': 'chat' });
      expect(node.taint).toEqual([{ key: 'cloud.google.com/compute-class', value: 'chat', effect: 'NO_SCHEDULE' }]);
    }
  });

  test('creates a ComputeClass that the pods select and tolerate', () => {
    const objects = objectsOf(changes);
    expect(at(objectOf(objects, 'ComputeClass'), 'spec.priorities')).toEqual([
      { nodepools: ['chat'] },
      { nodepools: ['chat-fallback'] },
    ]);
    const pod = at(objectOf(objects, 'Deployment'), 'spec.template.spec') as Record<string, unknown>;
    expect(pod.nodeSelector).toEqual({ 'cloud.google.com/compute-class': 'chat' });
    expect(pod.tolerations).toContainEqual({
      key: 'cloud.google.com/compute-class',
      operator: 'Equal',
      value: 'chat',
      effect: 'NoSchedule',
    });
  });
});

describe('a model in a bucket', () => {
  const inBucket = () => {
    const stack = newStack();
    const bucket = new DataBucket(stack, 'Models', { region: 'us-central1', purpose: DataPurpose.MODELS });
    const model = ServingModel.bucket(bucket, { prefix: 'chat/v3/', sha256: SHA, sizeGiB: 15 });
    const inference = new KubernetesInference(stack, 'Chat', {
      ...{ machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model },
    });
    return { stack, inference };
  };

  test('grants read access only to the service account of the servers', () => {
    const { stack } = inBucket();
    expect(theOnly(stack, 'google_storage_bucket_iam_member')).toMatchObject({
      role: 'roles/storage.objectViewer',
      member: expect.stringMatching(/^principal:\/\/.*\/subject\/ns\/chat\/sa\/chat$/),
    });
    const objects = Object.values(resourcesOf(stack, 'helm_release')).at(-1) as { depends_on: string[] };
    expect(objects.depends_on).toEqual(
      expect.arrayContaining([expect.stringMatching(/^google_storage_bucket_iam_member\./)]),
    );
  });

  test('creates its nodes after the system nodes, so that GKE adds the taints of accelerators', () => {
    expect(waitsForSystemNodes(inBucket().stack, 'chat')).toBe(true);
  });

  test('downloads with the gcloud CLI from an address that is a variable', () => {
    const { inference } = inBucket();
    const pod = JSON.stringify(objectOf(inference.bundle.manifests, 'Deployment'));
    expect(pod).toContain('gcloud storage cp');
    expect(pod).toContain('"name":"SOURCE","value":"${MODEL_ADDRESS}"');
    expect(pod).not.toContain('$(');
    expect(Object.keys(inference.bundle.variables ?? {})).toEqual(['MODEL_ADDRESS']);
  });

  test('allows egress to the metadata server, which gives pods their identity', () => {
    const egress = at(objectOf(inBucket().inference.bundle.manifests, 'NetworkPolicy'), 'spec.egress') as unknown[];
    expect(egress).toContainEqual({
      to: [{ ipBlock: { cidr: '169.254.169.254/32' } }],
      ports: [{ protocol: 'TCP', port: 80 }],
    });
    const ofHub = at(objectOf(objectsOf(), 'NetworkPolicy'), 'spec.egress') as unknown[];
    expect(JSON.stringify(ofHub)).not.toContain('169.254');
  });

  test('has an address without a trailing slash', () => {
    const model = ServingModel.bucket({ name: 'models' }, { prefix: 'a/b//', sha256: SHA, sizeGiB: 1 });
    expect(model.address).toBe('gs://models/a/b');
  });
});

describe('an inference gateway', () => {
  const gateway = ServingIngress.inferenceGateway({ certificate: 'chat', hostnames: ['chat.example.com'] });

  test('has a reserved private address and a proxy-only subnet', () => {
    const { stack, inference } = synth({ ingress: gateway });
    const proxies = Object.values(resourcesOf(stack, 'google_compute_subnetwork')).find(({ purpose }) => purpose);
    expect(proxies).toMatchObject({ purpose: 'REGIONAL_MANAGED_PROXY', role: 'ACTIVE', ip_cidr_range: '10.8.16.0/23' });
    expect(theOnly(stack, 'google_compute_address')).toMatchObject({ address_type: 'INTERNAL' });
    expect(inference.url).toMatch(/^https:\/\//);
    expect(at(objectOf(inference.bundle.manifests, 'Gateway'), 'spec.addresses')).toEqual([
      { type: 'NamedAddress', value: theOnly(stack, 'google_compute_address').name },
    ]);
  });

  test('routes to the inference pool of the servers through its own endpoint picker', () => {
    const objects = objectsOf({ ingress: gateway });
    const pool = objectOf(objects, 'InferencePool');
    const serving = at(objectOf(objects, 'Deployment', 'chat'), 'spec.template.metadata.labels') as object;
    expect(serving).toMatchObject(at(pool, 'spec.selector.matchLabels') as object);
    const picker = at(pool, 'spec.endpointPickerRef') as { name: string; port: { number: number } };
    const service = objectOf(objects, 'Service', picker.name);
    expect(at(service, 'spec.ports')).toEqual([
      expect.objectContaining({ port: picker.port.number, appProtocol: 'http2' }),
    ]);
    const pod = at(objectOf(objects, 'Deployment', picker.name), 'spec.template.spec') as Record<string, unknown>;
    expect(at(objectOf(objects, 'Deployment', picker.name), 'spec.template.metadata.labels')).toEqual(
      at(service, 'spec.selector'),
    );
    expect(pod.nodeSelector).toEqual({ 'ai-infra/role': 'system' });
    expect(objectOf(objects, 'RoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: pod.serviceAccountName, namespace: 'chat' },
    ]);
    expect(at(objectOf(objects, 'HTTPRoute'), 'spec.parentRefs')).toEqual([{ name: 'chat', namespace: 'chat' }]);
  });

  test('uses the readiness path for health checks, and pods accept only health checks and proxies', () => {
    const objects = objectsOf({ ingress: gateway });
    expect(at(objectOf(objects, 'HealthCheckPolicy'), 'spec.default.config.httpHealthCheck')).toEqual({
      requestPath: '/health',
      port: 8000,
    });
    const [, clients] = at(objectOf(objects, 'NetworkPolicy'), 'spec.ingress') as { from: object[] }[];
    expect(clients!.from.slice(1)).toEqual(
      ['10.8.16.0/23', '35.191.0.0/16', '130.211.0.0/22'].map((cidr) => ({ ipBlock: { cidr } })),
    );
  });

  test('shares its proxies and the picker CRDs with a second model', () => {
    const stack = newStack();
    const props = {
      machine: GoogleMachine.G2_STANDARD_24,
      zone: ZONE,
      model: hub(),
      ingress: ServingIngress.inferenceGateway(),
    };
    const first = new KubernetesInference(stack, 'First', props);
    const second = new KubernetesInference(stack, 'Second', {
      ...props,
      cluster: ClusterSource.fromCluster(first.cluster, {
        systemLabels: { 'ai-infra/role': 'system' },
        existingCharts: ['picker-kinds'],
      }),
      after: [first.software.objects!.release],
    });
    expect(second.loadBalancer!.proxies).toBe(first.loadBalancer!.proxies);
    expect(second.bundle.manifests.map(({ kind }) => kind)).not.toContain('CustomResourceDefinition');
    const release = Object.entries(resourcesOf(stack, 'helm_release')).find(([name]) => name.startsWith('Second'))![1];
    expect(release.depends_on).toContainEqual(expect.stringMatching(/^helm_release\.First_Software_Objects/));
  });
});

describe('a load balancer', () => {
  const changes = { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/18'] }) };

  test('has a reserved private address, and accepts only the clients', () => {
    const { stack, inference } = synth(changes);
    const service = objectOf(inference.bundle.manifests, 'Service', 'chat-internal');
    expect(service.metadata.annotations).toEqual({
      'networking.gke.io/load-balancer-type': 'Internal',
      'networking.gke.io/load-balancer-ip-addresses': theOnly(stack, 'google_compute_address').name,
    });
    expect(service.spec).toMatchObject({ externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['10.0.0.0/18'] });
    expect(inference.url).toMatch(/^http:\/\/.*:8000$/);
    const policy = JSON.stringify(objectOf(inference.bundle.manifests, 'NetworkPolicy'));
    expect(policy).toContain('{"ipBlock":{"cidr":"10.0.0.0/18"}}');
  });
});

describe('a replica on several machines', () => {
  const objects = () => objectsOf(LARGE);

  test('is a LeaderWorkerSet with network interfaces, node libraries and the fabric daemon', () => {
    const group = objectOf(objects(), 'LeaderWorkerSet');
    expect(at(group, 'spec.leaderWorkerTemplate.size')).toBe(2);
    for (const part of ['leaderTemplate', 'workerTemplate']) {
      const { metadata, spec } = at(group, `spec.leaderWorkerTemplate.${part}`) as {
        metadata: { annotations: Record<string, string> };
        spec: { containers: Record<string, unknown>[]; initContainers: Record<string, unknown>[]; volumes: object[] };
      };
      expect(JSON.parse(metadata.annotations['networking.gke.io/interfaces']!)).toHaveLength(9);
      expect(spec.initContainers.map(({ name }) => name)).toEqual(['fetch-model', 'tcpxo-daemon']);
      expect(spec.initContainers[1]).toMatchObject({ restartPolicy: 'Always', securityContext: { runAsUser: 0 } });
      const [server] = spec.containers;
      expect(server!.command).toEqual(expect.arrayContaining(['bash', '-c', 'vllm', 'serve', '--nnodes']));
      expect(server!.args).toBeUndefined();
      expect(server!.volumeMounts).toContainEqual({ name: 'libraries', mountPath: '/usr/local/nvidia/lib64' });
      expect(spec.volumes).toContainEqual(expect.objectContaining({ name: 'libraries', hostPath: expect.anything() }));
    }
  });

  test('adds the objects of its networks and the installers of its fabric', () => {
    const kinds = objects().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'GKENetworkParamSet')).toHaveLength(8);
    expect(kinds).toContain('DaemonSet');
    expect(objectsOf({ ...LARGE, model: hub(100) }).map(({ kind }) => kind)).not.toContain('DaemonSet');
  });

  test('uses a privileged namespace', () => {
    expect(objectOf(objects(), 'Namespace').metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'privileged',
    });
    expect(objectOf(objectsOf(), 'Namespace').metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });
});

test('requests TPUs by the GKE labels and resource name', () => {
  const objects = objectsOf({
    machine: GoogleMachine.CT6E_STANDARD_8T,
    server: ServingServer.vllm({ image: 'example.com/vllm-tpu:1' }),
  });
  const pod = at(objectOf(objects, 'Deployment'), 'spec.template.spec') as Record<string, never>;
  expect(pod.nodeSelector).toEqual({
    'ai-infra/pool': 'chat',
    'cloud.google.com/gke-tpu-accelerator': 'tpu-v6e-slice',
    'cloud.google.com/gke-tpu-topology': '2x4',
  });
  expect(at(pod, 'containers.0.resources.limits')).toMatchObject({ 'google.com/tpu': '8' });
});

describe('scaling', () => {
  test('with the Kubernetes autoscaler uses the gauge names of the Google metrics adapter', () => {
    const scaler = objectOf(
      objectsOf({ scaling: ServingScaling.hpa({ maxReplicas: 4, targetConcurrency: 16 }) }),
      'HorizontalPodAutoscaler',
    );
    expect((at(scaler, 'spec.metrics') as object[]).map((metric) => at(metric, 'pods.metric.name'))).toEqual([
      'prometheus.googleapis.com|vllm:num_requests_running|gauge',
      'prometheus.googleapis.com|vllm:num_requests_waiting|gauge',
    ]);
  });

  test('with KEDA installs KEDA and a Prometheus that can scrape the servers', () => {
    const { inference } = synth({ scaling: ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 16 }) });
    expect(inference.bundle.releases.map(({ chart }) => chart)).toEqual(['keda', 'kube-prometheus-stack']);
    expect(JSON.stringify(objectOf(inference.bundle.manifests, 'NetworkPolicy'))).toContain('"monitoring"');
    const existing = synth({
      cluster: ClusterSource.fromCluster(CLUSTER, { existingCharts: ['keda', 'kube-prometheus-stack'] }),
      scaling: ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 16 }),
    });
    expect(existing.inference.bundle.releases).toEqual([]);
  });

  test('collects metrics with Managed Service for Prometheus only in a new cluster', () => {
    expect(at(objectOf(objectsOf(), 'PodMonitoring'), 'spec.endpoints')).toEqual([
      { port: 'http', path: '/metrics', interval: '15s' },
    ]);
    expect(objectsOf({ cluster: ClusterSource.fromCluster(CLUSTER) }).map(({ kind }) => kind)).not.toContain(
      'PodMonitoring',
    );
  });
});

describe('a load', () => {
  const changes = { machine: GoogleMachine.A3_HIGHGPU_8G, load: chat(ModelSpec.LLAMA_3_1_70B), model: hub(131) };

  test('sizes the replica and the number of replicas for the machine and region', () => {
    const { inference } = synth(changes);
    const { plan } = inference;
    expect(plan!.cluster).toMatchObject({ cloud: 'google', machine: 'a3-highgpu-8g', region: 'us-central1' });
    expect(inference.acceleratorsPerReplica).toBe(plan!.replica.accelerators);
    expect(at(objectOf(inference.bundle.manifests, 'Deployment'), 'spec.replicas')).toBe(plan!.replicas.count);
  });

  test('is optional', () => {
    expect(synth().inference.plan).toBeUndefined();
    expect(synth().inference.acceleratorsPerReplica).toBe(1);
  });
});

describe('a cluster', () => {
  test('uses one service account for its first nodes and all node pools', () => {
    const { stack } = synth();
    const pools = Object.values(resourcesOf(stack, 'google_container_node_pool'));
    const { node_config: first } = theOnly(stack, 'google_container_cluster');
    expect(pools.map((pool) => pool.node_config.service_account)).toEqual(pools.map(() => first.service_account));
  });

  test('gets no system nodes if it exists already', () => {
    const { stack, inference } = synth({
      cluster: ClusterSource.fromCluster(CLUSTER, { systemLabels: { role: 'system' } }),
    });
    expect(resourcesOf(stack, 'google_container_cluster')).toEqual({});
    expect(inference.controlPlane).toBeUndefined();
    expect(inference.systemNodes).toBeUndefined();
  });

  test('provides its network if it is a ControlPlane', () => {
    const stack = newStack();
    const cluster = new ControlPlane(stack, 'Cluster', { region: 'us-central1' });
    const ingress = ServingIngress.inferenceGateway();
    const source = ClusterSource.fromCluster(cluster);
    const props = { cluster: source, machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub(), ingress };
    expect(new KubernetesInference(stack, 'Chat', props).loadBalancer!.proxies!.node.scope).toBe(cluster.network);
  });
});

test('GitOps installs nothing, and outputs the value of each variable', () => {
  const model = ServingModel.bucket({ name: 'models' }, { prefix: 'v3', sha256: SHA, sizeGiB: 15 });
  const { stack } = synth({ installation: Installation.gitOps(), model });
  expect(resourcesOf(stack, 'helm_release')).toEqual({});
  const { output } = JSON.parse(Testing.synth(stack)) as { output: Record<string, { value: string }> };
  expect(Object.values(output).map(({ value }) => value)).toEqual(['gs://models/v3']);
});

test('a cache on the node needs a privileged namespace', () => {
  expect(objectOf(objectsOf({ cache: ServingCache.node('/mnt/disks/models') }), 'Namespace').metadata.labels).toEqual({
    'pod-security.kubernetes.io/enforce': 'privileged',
  });
});

const STATEFUL = [
  'google_container_cluster',
  'google_container_node_pool',
  'google_kms_key_ring',
  'google_kms_crypto_key',
  'google_compute_network',
  'google_compute_subnetwork',
  'google_compute_address',
  'google_service_account',
];

describe('a model behind its own gateway, with spot capacity', () => {
  const { stack } = synth({
    ingress: ServingIngress.inferenceGateway(),
    capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
  });

  keepsAddresses(stack, STATEFUL, join(__dirname, 'kubernetes-inference.golden.json'));
});
