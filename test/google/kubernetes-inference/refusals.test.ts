import type { ErrorCode } from 'ai-infra-constructs';
import { ModelSpec } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  Capacity,
  ClusterSource,
  GoogleMachine,
  KubernetesInference,
  MlNetwork,
  ProxySubnet,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/google';
import { CLUSTER, codesOf, newStack, problemsOf, refusalsOf, ZONE } from '../support';
import { type Changes, chat, hub, REVISION, synth } from './support';

const unsized = GoogleMachine.of('a9-highgpu-8g', {
  ...GoogleMachine.G2_STANDARD_24.spec,
  vcpus: undefined,
  memoryGB: undefined,
});
const gateway = ServingIngress.inferenceGateway();
const TPU = { machine: GoogleMachine.CT6E_STANDARD_8T, server: ServingServer.vllm({ image: 'example.com/tpu:1' }) };

const existing = ClusterSource.fromCluster(CLUSTER);

/** Invalid props, with the code and the path of the problem. */
const INVALID: readonly (readonly [what: string, code: ErrorCode, prop: string, changes: Changes])[] = [
  ['a region as zone', 'LocationInvalid', 'zone', { zone: 'us-central1' }],
  ['a machine of unknown size', 'MachineSize', 'machine', { machine: unsized }],
  ['a name in uppercase', 'KubernetesName', 'name', { name: 'Chat' }],
  ['a name that is too long', 'KubernetesName', 'name', { name: 'a'.repeat(30) }],
  ['a system namespace', 'KubernetesName', 'namespace', { namespace: 'kube-system' }],
  [
    'a malformed digest',
    'ModelSourceInvalid',
    'model.sha256',
    { model: ServingModel.bucket({ name: 'b' }, { prefix: 'v1', sha256: 'abc', sizeGiB: 1 }) },
  ],
  [
    'a branch as revision',
    'ModelSourceInvalid',
    'model.revision',
    { model: ServingModel.huggingFace('a/b', { revision: 'main', sizeGiB: 1 }) },
  ],
  [
    'a model without a size',
    'ModelSourceInvalid',
    'model.sizeGiB',
    { model: ServingModel.volume('claim', { sizeGiB: 0 }) },
  ],
  ['a model from the hub with Triton', 'ModelSourceInvalid', 'model.source', { server: ServingServer.triton() }],
  ['a cache with a relative path', 'ModelSourceInvalid', 'model.cache.path', { cache: ServingCache.node('models') }],
  [
    'a memory share of 0',
    'ServingContainerInvalid',
    'server.memoryShare',
    { server: ServingServer.vllm({ memoryShare: 0 }) },
  ],
  [
    'weights that do not fit',
    'MemoryTooSmall',
    'acceleratorsPerReplica',
    { model: hub(40), acceleratorsPerReplica: 1 },
  ],
  [
    'a number of accelerators that does not divide the attention heads',
    'ReplicaLayout',
    'acceleratorsPerReplica',
    { load: chat(), machine: GoogleMachine.G2_STANDARD_48, acceleratorsPerReplica: 3 },
  ],
  ['a replica on parts of two machines', 'ReplicaLayout', 'acceleratorsPerReplica', { acceleratorsPerReplica: 3 }],
  [
    'a replica over NVLink between machines',
    'ReplicaLayout',
    'acceleratorsPerReplica',
    { machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: Capacity.reservation('r'), acceleratorsPerReplica: 8 },
  ],
  ['the public image on TPUs', 'ImageMissing', 'server.image', { machine: GoogleMachine.CT6E_STANDARD_8T }],
  [
    'a part of the TPU chips of a machine',
    'ReplicaLayout',
    'acceleratorsPerReplica',
    { ...TPU, acceleratorsPerReplica: 4 },
  ],
  [
    'a TPU slice of several machines',
    'TpuTopology',
    'topology',
    { ...TPU, machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' },
  ],
  ['queued capacity', 'MarketUnsupported', 'capacity', { capacity: Capacity.flexStart({ queued: true }) }],
  [
    'a boot disk that is too small',
    'VolumeOutOfRange',
    'nodeOptions.bootDiskGiB',
    { nodeOptions: { bootDiskGiB: 10 } },
  ],
  [
    'a GKE version that is too old for the machine',
    'GkeVersion',
    'cluster.kubernetesVersion',
    {
      machine: GoogleMachine.A4_HIGHGPU_8G,
      capacity: Capacity.spot(),
      cluster: ClusterSource.create({ kubernetesVersion: '1.31' }),
    },
  ],
  [
    'a GKE version that is too old for the gateway',
    'GkeVersion',
    'cluster.kubernetesVersion',
    { ingress: gateway, cluster: ClusterSource.create({ kubernetesVersion: '1.33' }) },
  ],
  [
    'an existing cluster that is too old for the gateway',
    'GkeVersion',
    'cluster.kubernetesVersion',
    { ingress: gateway, cluster: ClusterSource.fromCluster({ ...CLUSTER, kubernetesVersion: '1.33' }) },
  ],
  [
    'an existing cluster that is too old for the ComputeClass of a fallback',
    'GkeVersion',
    'cluster.kubernetesVersion',
    {
      capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
      cluster: ClusterSource.fromCluster({ ...CLUSTER, kubernetesVersion: '1.30.2-gke.1587000' }),
    },
  ],
  ['a gateway without a network', 'ValueMissing', 'network', { ingress: gateway, cluster: existing }],
  [
    'a gateway with Triton',
    'IngressInvalid',
    'ingress',
    { ingress: gateway, server: ServingServer.triton(), model: ServingModel.volume('claim', { sizeGiB: 1 }) },
  ],
  [
    'no clients',
    'IngressInvalid',
    'ingress.clientCidrs',
    { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: [] }) },
  ],
  [
    'a client CIDR block with host bits',
    'CidrInvalid',
    'ingress.clientCidrs[0]',
    { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.1/8'] }) },
  ],
  [
    'an endpoint picker with port 0',
    'IngressInvalid',
    'ingress.endpointPicker.port',
    {
      ingress: ServingIngress.gateway({
        gateway: { name: 'a', namespace: 'b' },
        endpointPicker: { name: 'c', port: 0 },
      }),
    },
  ],
  [
    'system labels that accelerator nodes also have',
    'ClusterOption',
    'cluster.systemLabels',
    {
      cluster: ClusterSource.fromCluster(CLUSTER, {
        systemLabels: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' },
      }),
    },
  ],
  [
    'a cluster in another region',
    'LocationInvalid',
    'zone',
    { cluster: ClusterSource.fromCluster({ name: 'x', location: 'europe-west4' }) },
  ],
  ['no replicas', 'ScalingInvalid', 'scaling.replicas', { scaling: ServingScaling.fixed(0) }],
  [
    'zero replicas without an activation query',
    'ScaleToZero',
    'scaling.minReplicas',
    { scaling: ServingScaling.keda({ minReplicas: 0, maxReplicas: 2, targetConcurrency: 8 }) },
  ],
  [
    'a range without targetConcurrency',
    'ValueMissing',
    'scaling.targetConcurrency',
    { scaling: ServingScaling.keda({ maxReplicas: 2 }) },
  ],
  [
    'a Prometheus in an invalid namespace',
    'KubernetesName',
    'scaling.prometheus.namespace',
    {
      scaling: ServingScaling.keda({
        maxReplicas: 2,
        targetConcurrency: 8,
        prometheus: { address: 'http://prometheus:9090', namespace: 'Observability' },
      }),
    },
  ],
  [
    'a load that does not fit',
    'MemoryTooSmall',
    'acceleratorsPerReplica',
    { load: chat(ModelSpec.LLAMA_3_1_70B), acceleratorsPerReplica: 2 },
  ],
];

test.each(INVALID)('rejects %s with %s', (_what, code, prop, changes) => {
  expect(refusalsOf(() => synth(changes))).toContain(`${code} ${prop}`);
});

test('reports an invalid zone once', () => {
  expect(refusalsOf(() => synth({ zone: 'us-central1' }))).toEqual(['LocationInvalid zone']);
});

test('rejects a fallback other than on-demand, and any fallback for one node pool', () => {
  expect(codesOf(() => Capacity.spot({ fallback: Capacity.flexStart() }))).toEqual(['CapacityFallback']);
  const capacity = Capacity.spot({ fallback: Capacity.onDemand() });
  const props = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.G2_STANDARD_24, nodes: 1, capacity };
  expect(codesOf(() => new AcceleratorNodePool(newStack(), 'Pool', props))).toEqual(['CapacityFallback']);
});

test('reports every problem of an unsuitable node pool', () => {
  const stack = newStack();
  const nodePool = new AcceleratorNodePool(stack, 'Pool', {
    cluster: CLUSTER,
    machine: GoogleMachine.G2_STANDARD_12,
    zone: ZONE,
    nodes: 1,
  });
  const props = {
    zone: ZONE,
    machine: GoogleMachine.G2_STANDARD_24,
    model: hub(),
    nodePool,
    capacity: Capacity.spot(),
    nodeOptions: { bootDiskGiB: 100 },
    scaling: ServingScaling.fixed(5),
  };
  expect(refusalsOf(() => new KubernetesInference(stack, 'Chat', props))).toEqual(
    expect.arrayContaining([
      'ClusterOption cluster',
      'ClusterOption capacity',
      'ClusterOption nodeOptions',
      'ClusterOption nodePool',
      'ReplicaLayout nodePool',
    ]),
  );
});

test.each([-1, 3, 1.5, NaN])('rejects a minimum of %d nodes for a node pool of 2', (minNodes) => {
  const props = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.G2_STANDARD_24, nodes: 2, minNodes };
  expect(codesOf(() => new AcceleratorNodePool(newStack(), 'Pool', props))).toEqual(['NodesOutOfRange']);
});

test.each([false, true])('accepts only minNodes 0 with flex-start, queued: %s', (queued) => {
  const pool = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.G2_STANDARD_24, nodes: 2 };
  const make = (minNodes: number) => () =>
    new AcceleratorNodePool(newStack(), 'Pool', {
      ...pool,
      capacity: Capacity.flexStart({ queued }),
      minNodes,
    });
  expect(problemsOf(make(2))).toEqual([
    expect.objectContaining({
      code: 'NodesOutOfRange',
      prop: 'minNodes',
      allowed: expect.stringMatching(/^0 for flex-start/),
    }),
  ]);
  expect(make(0)).not.toThrow();
});

test('rejects a minimum of a part of a TPU slice', () => {
  const slice = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' };
  expect(codesOf(() => new AcceleratorNodePool(newStack(), 'Pool', { ...slice, minNodes: 1 }))).toEqual([
    'NodesOutOfRange',
  ]);
  expect(() => new AcceleratorNodePool(newStack(), 'Pool', { ...slice, minNodes: 4 })).not.toThrow();
});

test.each(['10.8.16.0/27', '10.8.16.1/23', 'proxies'])('rejects the proxy block %s', (cidr) => {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
  expect(codesOf(() => new ProxySubnet(stack, 'Proxies', { network, cidr }))).toEqual(['CidrInvalid']);
});

describe('address ranges', () => {
  const withServices = (serviceCidr: string) =>
    new MlNetwork(newStack(), 'Network', { region: 'us-central1', serviceCidr });
  const serve = (network: MlNetwork, changes: Changes) => () =>
    new KubernetesInference(network.node.scope!, 'Chat', {
      ...{ machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub(), network },
      ...changes,
    });

  test('of additional interfaces cannot overlap the cluster', () => {
    const machine = GoogleMachine.A3_HIGHGPU_8G;
    expect(problemsOf(serve(withServices('192.168.240.0/20'), { machine }))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'nodeOptions.networks', got: '192.168.128.0/17' }),
    ]);
    expect(serve(withServices('192.168.96.0/20'), { machine })).not.toThrow();
  });

  test('of gateway proxies cannot overlap the network', () => {
    expect(problemsOf(serve(withServices('10.8.0.0/16'), { ingress: gateway }))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'network', got: '10.8.16.0/23' }),
    ]);
  });

  test('of existing proxies are not checked again', () => {
    const network = withServices('10.8.0.0/16');
    new ProxySubnet(network, 'Proxies', { network, cidr: '10.9.0.0/23' });
    expect(serve(network, { ingress: gateway })).not.toThrow();
  });

  test('of a new proxy-only subnet cannot overlap its network', () => {
    const network = withServices('10.8.0.0/20');
    expect(problemsOf(() => new ProxySubnet(network, 'Proxies', { network, cidr: '10.8.0.0/20' }))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'cidr' }),
    ]);
  });
});

test('reports all problems in one error, before anything is created', () => {
  const stack = newStack();
  const run = () =>
    new KubernetesInference(stack, 'Chat', {
      zone: ZONE,
      machine: GoogleMachine.G2_STANDARD_24,
      model: ServingModel.huggingFace('a/b', { revision: REVISION.slice(1), sizeGiB: -1 }),
      name: 'Chat Bot',
      scaling: ServingScaling.fixed(-1),
    });
  expect(new Set(codesOf(run))).toEqual(
    new Set(['KubernetesName', 'ModelSourceInvalid', 'ScalingInvalid', 'PoolName']),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'ControlPlane')).toBe(false);
});

test.each(['../x', 'x $(rm -rf /)', 'a//../b', '/absolute'])('rejects %s as the folder of a model', (prefix) => {
  const run = () => ServingModel.bucket({ name: 'models' }, { prefix, sha256: 'c0ffee00'.repeat(8), sizeGiB: 8 });
  expect(refusalsOf(run)).toEqual(['ModelSourceInvalid options.prefix']);
});

test.each(['not a host', 'https://example.com', 'Example.com', 'example.com:443'])(
  'rejects %s as a host name',
  (host) => {
    expect(refusalsOf(() => ServingIngress.inferenceGateway({ hostnames: ['models.example.com', host] }))).toEqual([
      'IngressInvalid options.hostnames[1]',
    ]);
  },
);

test('rejects a replica that leaves accelerators without work', () => {
  const run = () => synth({ machine: GoogleMachine.G2_STANDARD_48, acceleratorsPerReplica: 3 });
  expect(refusalsOf(run)).toContain('ReplicaLayout acceleratorsPerReplica');
});
