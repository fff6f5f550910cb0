import type { ErrorCode } from 'ai-infra-constructs';
import { ModelSpec } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  Capacity,
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
import { CLUSTER, codesOf, newStack, problemsOf, refusalsOf, told, ZONE } from '../support';
import { type Changes, chat, hub, REVISION, synth } from './support';

const unsized = GoogleMachine.of('a9-highgpu-8g', {
  ...GoogleMachine.G2_STANDARD_24.spec,
  vcpus: undefined,
  memoryGB: undefined,
});
const gateway = ServingIngress.inferenceGateway();
const TPU = { machine: GoogleMachine.CT6E_STANDARD_8T, server: ServingServer.vllm({ image: 'example.com/tpu:1' }) };

/** What is refused, by which code, of which prop. */
const REFUSED: readonly (readonly [what: string, code: ErrorCode, prop: string, changes: Changes])[] = [
  ['a zone that is a region', 'LocationInvalid', 'zone', { zone: 'us-central1' }],
  ['a machine whose figures are unknown', 'MachineSize', 'machine', { machine: unsized }],
  ['a name in capitals', 'KubernetesName', 'name', { name: 'Chat' }],
  ['a long name', 'KubernetesName', 'name', { name: 'a'.repeat(30) }],
  ['a namespace of the system', 'KubernetesName', 'namespace', { namespace: 'kube-system' }],
  [
    'a digest that is none',
    'ModelSourceInvalid',
    'model.sha256',
    { model: ServingModel.bucket({ name: 'b' }, { prefix: 'v1', sha256: 'abc', sizeGiB: 1 }) },
  ],
  [
    'a branch',
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
  ['the hub for Triton', 'ModelSourceInvalid', 'model.source', { server: ServingServer.triton() }],
  ['a cache that is no folder', 'ModelSourceInvalid', 'model.cache.path', { cache: ServingCache.node('models') }],
  [
    'a share of no memory',
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
    'three heads',
    'ReplicaLayout',
    'acceleratorsPerReplica',
    { load: chat(), machine: GoogleMachine.G2_STANDARD_48, acceleratorsPerReplica: 3 },
  ],
  ['a part of two machines', 'ReplicaLayout', 'acceleratorsPerReplica', { acceleratorsPerReplica: 3 }],
  [
    'an NVL72 domain',
    'ReplicaLayout',
    'acceleratorsPerReplica',
    { machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: Capacity.reservation('r'), acceleratorsPerReplica: 8 },
  ],
  ['the public image on TPUs', 'ImageMissing', 'server.image', { machine: GoogleMachine.CT6E_STANDARD_8T }],
  ['a part of the TPUs of a machine', 'ReplicaLayout', 'acceleratorsPerReplica', { ...TPU, acceleratorsPerReplica: 4 }],
  [
    'a slice of several machines',
    'TpuTopology',
    'topology',
    { ...TPU, machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' },
  ],
  ['a queued machine', 'MarketUnsupported', 'capacity', { capacity: Capacity.flexStart({ queued: true }) }],
  ['a disk that is none', 'VolumeOutOfRange', 'bootDiskGiB', { bootDiskGiB: 10 }],
  [
    'an old GKE for the machine',
    'GkeVersion',
    'cluster.version',
    { machine: GoogleMachine.A4_HIGHGPU_8G, capacity: Capacity.spot(), version: '1.31' },
  ],
  ['an old GKE for the gateway', 'GkeVersion', 'version', { ingress: gateway, version: '1.33' }],
  [
    'an old cluster for the gateway',
    'GkeVersion',
    'cluster.version',
    { ingress: gateway, cluster: { ...CLUSTER, version: '1.33' } },
  ],
  ['a gateway without a network', 'ValueMissing', 'network', { ingress: gateway, cluster: CLUSTER }],
  [
    'a gateway before Triton',
    'IngressInvalid',
    'ingress',
    { ingress: gateway, server: ServingServer.triton(), model: ServingModel.volume('claim', { sizeGiB: 1 }) },
  ],
  [
    'clients that are nobody',
    'IngressInvalid',
    'ingress.clientCidrs',
    { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: [] }) },
  ],
  [
    'clients that are no block',
    'CidrInvalid',
    'ingress.clientCidrs[0]',
    { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.1/8'] }) },
  ],
  [
    'a picker at no port',
    'IngressInvalid',
    'ingress.endpointPicker.port',
    {
      ingress: ServingIngress.gateway({
        gateway: { name: 'a', namespace: 'b' },
        endpointPicker: { name: 'c', port: 0 },
      }),
    },
  ],
  ['charts of a new cluster', 'ClusterOption', 'existingCharts', { existingCharts: ['keda'] }],
  ['labels of a new cluster', 'ClusterOption', 'systemLabels', { systemLabels: { a: 'b' } }],
  ['options of a cluster that stands', 'ClusterOption', 'version', { cluster: CLUSTER, version: '1.35' }],
  [
    'labels that machines carry, too',
    'ClusterOption',
    'systemLabels',
    { cluster: CLUSTER, systemLabels: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' } },
  ],
  ['a cluster of another region', 'LocationInvalid', 'zone', { cluster: { name: 'x', location: 'europe-west4' } }],
  ['no replicas', 'ScalingInvalid', 'scaling.replicas', { scaling: ServingScaling.fixed(0) }],
  [
    'zero without a sign',
    'ScaleToZero',
    'scaling.least',
    { scaling: ServingScaling.keda({ least: 0, most: 2, requestsPerReplica: 8 }) },
  ],
  [
    'a range without a measure',
    'ValueMissing',
    'scaling.requestsPerReplica',
    { scaling: ServingScaling.keda({ most: 2 }) },
  ],
  [
    'a Prometheus in no namespace',
    'KubernetesName',
    'scaling.prometheus.namespace',
    {
      scaling: ServingScaling.keda({
        most: 2,
        requestsPerReplica: 8,
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

test.each(REFUSED)('%s is refused by %s', (_what, code, prop, changes) => {
  expect(problemsOf(() => synth(changes)).map((problem) => `${problem.code} ${problem.prop}`)).toContain(
    `${code} ${prop}`,
  );
});

test('what is wrong with the zone is told once', () => {
  expect(refusalsOf(() => synth({ zone: 'us-central1' }))).toEqual(['LocationInvalid zone']);
});

test('a fallback other than on-demand is refused where it is written, and in a pool of one market', () => {
  expect(codesOf(() => Capacity.spot({ fallback: Capacity.flexStart() }))).toEqual(['CapacityFallback']);
  const capacity = Capacity.spot({ fallback: Capacity.onDemand() });
  const props = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.G2_STANDARD_24, nodes: 1, capacity };
  expect(codesOf(() => new AcceleratorNodePool(newStack(), 'Pool', props))).toEqual(['CapacityFallback']);
});

test('a pool that does not suit is refused with all that does not', () => {
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
    scaling: ServingScaling.fixed(5),
  };
  const found = problemsOf(() => new KubernetesInference(stack, 'Chat', props));
  expect(found.map(told)).toEqual(
    expect.arrayContaining([
      'ClusterOption cluster',
      'ClusterOption capacity',
      'ClusterOption nodePool',
      'ReplicaLayout nodePool',
    ]),
  );
});

test.each([-1, 3, 1.5, NaN])('%d nodes that always stand in a pool of 2 are refused', (leastNodes) => {
  const props = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.G2_STANDARD_24, nodes: 2, leastNodes };
  expect(codesOf(() => new AcceleratorNodePool(newStack(), 'Pool', props))).toEqual(['NodesOutOfRange']);
});

test.each([false, true])('no node of flex-start always stands, queued: %s', (queued) => {
  const pool = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.G2_STANDARD_24, nodes: 2 };
  const make = (leastNodes: number) => () =>
    new AcceleratorNodePool(newStack(), 'Pool', { ...pool, capacity: Capacity.flexStart({ queued }), leastNodes });
  expect(problemsOf(make(2))).toEqual([
    expect.objectContaining({ code: 'NodesOutOfRange', prop: 'leastNodes', allowed: expect.stringMatching(/^0: /) }),
  ]);
  expect(make(0)).not.toThrow();
});

test('a part of a slice cannot always stand', () => {
  const slice = { cluster: CLUSTER, zone: ZONE, machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' };
  expect(codesOf(() => new AcceleratorNodePool(newStack(), 'Pool', { ...slice, leastNodes: 1 }))).toEqual([
    'NodesOutOfRange',
  ]);
  expect(() => new AcceleratorNodePool(newStack(), 'Pool', { ...slice, leastNodes: 4 })).not.toThrow();
});

test.each(['10.8.16.0/27', '10.8.16.1/23', 'proxies'])('proxies at %s are refused', (cidr) => {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
  expect(codesOf(() => new ProxySubnet(stack, 'Proxies', { network, cidr }))).toEqual(['CidrInvalid']);
});

describe('addresses', () => {
  const withServices = (serviceCidr: string) =>
    new MlNetwork(newStack(), 'Network', { region: 'us-central1', serviceCidr });
  const serve = (network: MlNetwork, changes: Changes) => () =>
    new KubernetesInference(network.node.scope!, 'Chat', {
      ...{ machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub(), network },
      ...changes,
    });

  test('of further interfaces are none of the cluster', () => {
    const machine = GoogleMachine.A3_HIGHGPU_8G;
    expect(problemsOf(serve(withServices('192.168.240.0/20'), { machine }))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'networks', got: '192.168.128.0/17' }),
    ]);
    expect(serve(withServices('192.168.96.0/20'), { machine })).not.toThrow();
  });

  test('of the proxies of a gateway are none of its network', () => {
    expect(problemsOf(serve(withServices('10.8.0.0/16'), { ingress: gateway }))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'network', got: '10.8.16.0/23' }),
    ]);
  });

  test('of proxies that a network has already are its own matter', () => {
    const network = withServices('10.8.0.0/16');
    new ProxySubnet(network, 'Proxies', { network, cidr: '10.9.0.0/23' });
    expect(serve(network, { ingress: gateway })).not.toThrow();
  });

  test('of proxies are none of their network', () => {
    const network = withServices('10.8.0.0/20');
    expect(problemsOf(() => new ProxySubnet(network, 'Proxies', { network, cidr: '10.8.0.0/20' }))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'cidr' }),
    ]);
  });
});

test('all that is wrong is told at once, before anything is made', () => {
  const stack = newStack();
  const run = () =>
    new KubernetesInference(stack, 'Chat', {
      zone: ZONE,
      machine: GoogleMachine.G2_STANDARD_24,
      model: ServingModel.huggingFace('a/b', { revision: REVISION.slice(1), sizeGiB: -1 }),
      name: 'Chat Bot',
      scaling: ServingScaling.fixed(-1),
      existingCharts: ['lws'],
    });
  expect(new Set(codesOf(run))).toEqual(
    new Set(['KubernetesName', 'ModelSourceInvalid', 'ScalingInvalid', 'ClusterOption', 'PoolName']),
  );
  expect(stack.node.findAll().some(({ node }) => node.id === 'ControlPlane')).toBe(false);
});
