import { App, Size, Stack, Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ModelSpec, Prices } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
  ClusterSource,
  Installation,
  KubernetesInference,
  ModelArtifact,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingNodes,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/aws';
import { clusterStack, errorOf, problemsOf } from '../support';
import { type Changes, chat, hub, inference, PRICED } from './support';

const rejected = (changes: Changes) => problemsOf(errorOf(() => inference(changes)));
const TOKEN = Token.asNumber({ Ref: 'AWS::Region' });
const KARPENTER = ServingNodes.karpenter();
const gateway = (port: number) =>
  ServingIngress.gateway({ gateway: { name: 'g', namespace: 'g' }, endpointPicker: { name: 'p', port } });

describe('a load is rejected', () => {
  test('for a model larger than the memory of its replica', () => {
    const load = chat({ model: ModelSpec.LLAMA_3_1_70B });
    expect(rejected({ load, model: hub(131), acceleratorsPerReplica: 1 })).toEqual([
      'MemoryTooSmall acceleratorsPerReplica',
    ]);
  });

  test('for a latency target below the limit of the chip', () => {
    expect(rejected({ load: chat({ tpotMs: 1 }), acceleratorsPerReplica: 1 })).toEqual([
      'LatencyImpossible load.tpotMs',
    ]);
    expect(errorOf(() => inference({ load: chat({ tpotMs: 1 }), acceleratorsPerReplica: 1 })).message).toMatch(
      /load\.tpotMs must be at least [\d.]+ ms on 1 accelerators \(got 1/,
    );
  });

  test('for more concurrent requests than the replicas hold', () => {
    const load = chat({ requestsPerSecond: undefined, concurrency: 100_000 });
    expect(rejected({ load, scaling: ServingScaling.fixed(1) })).toEqual(['ConcurrencyTooHigh scaling']);
    const range = ServingScaling.keda({ maxReplicas: 2 });
    expect(rejected({ load, scaling: range })).toEqual(['ConcurrencyTooHigh scaling']);
  });

  test('for a chip that the planner does not support', () => {
    const { spec } = AwsMachine.G6E_12XLARGE;
    const machine = AwsMachine.of('g9.12xlarge', { ...spec, chip: { ...AwsMachine.G6E_12XLARGE.chip } });
    expect(rejected({ machine, load: chat() })).toEqual(['ChipUnplanned load']);
  });

  test('for an invalid price', () => {
    const prices = Prices.of([{ machine: 'g6e.12xlarge', market: 'on-demand', usdPerHour: -1 }]);
    expect(rejected({ load: chat(), prices })).toEqual([expect.stringMatching(/^PriceInvalid prices/)]);
  });

  test('for attention heads that accelerators cannot split', () => {
    expect(rejected({ load: chat(), acceleratorsPerReplica: 3 })).toContain('ReplicaLayout acceleratorsPerReplica');
  });
});

describe('props without a load are rejected', () => {
  test('for a model larger than the memory of its replica', () => {
    expect(rejected({ model: hub(120), acceleratorsPerReplica: 2 })).toEqual(['MemoryTooSmall acceleratorsPerReplica']);
  });

  test('for a range without a scaling target', () => {
    expect(rejected({ scaling: ServingScaling.keda({ maxReplicas: 2 }) })).toEqual([
      'ValueMissing scaling.targetConcurrency',
    ]);
  });
});

describe('replicas are rejected', () => {
  test.each<[string, Changes, string[]]>([
    [
      'that use a fraction of an accelerator',
      { acceleratorsPerReplica: 1.5 },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    [
      'that use an unknown number of accelerators',
      { acceleratorsPerReplica: TOKEN },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    [
      'that use one and a half machines',
      { machine: AwsMachine.P5_48XLARGE, acceleratorsPerReplica: 12 },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    [
      'that use several Karpenter nodes',
      { machine: AwsMachine.P5_48XLARGE, acceleratorsPerReplica: 16, nodes: KARPENTER },
      ['ReplicaLayout nodes'],
    ],
    [
      'that run Triton on several machines',
      {
        machine: AwsMachine.P5_48XLARGE,
        acceleratorsPerReplica: 16,
        model: ServingModel.volume('m', { sizeGiB: 15 }),
        server: ServingServer.triton(),
      },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    ['with a number of 0', { scaling: ServingScaling.fixed(0) }, ['ScalingInvalid scaling.replicas']],
    ['with a number that is a token', { scaling: ServingScaling.fixed(TOKEN) }, ['ScalingInvalid scaling.replicas']],
    [
      'with a minimum above the maximum',
      { scaling: ServingScaling.keda({ minReplicas: 3, maxReplicas: 2, targetConcurrency: 8 }) },
      ['ScalingInvalid scaling.maxReplicas'],
    ],
    [
      'with a minimum of 0 without an activation query',
      { scaling: ServingScaling.keda({ minReplicas: 0, maxReplicas: 2, targetConcurrency: 8 }) },
      ['ScaleToZero scaling.minReplicas'],
    ],
    [
      'with a minimum of 0 and HPA',
      { scaling: ServingScaling.hpa({ minReplicas: 0, maxReplicas: 2, targetConcurrency: 8 }) },
      ['ScaleToZero scaling.minReplicas'],
    ],
  ])('%s', (_, changes, problems) => {
    expect(rejected(changes)).toEqual(problems);
  });
});

describe('a model is rejected', () => {
  const model = (options: object, make: 'files' | 'archive' = 'files') => {
    const bucket = new Bucket(new Stack(new App(), 'Models', PRICED), 'Models');
    const given = { bucket, version: 'v3', sizeGB: 16, sha256: 'a'.repeat(64), ...options };
    return ServingModel.artifact(
      make === 'files'
        ? ModelArtifact.files({ prefix: 'chat/v3/', ...given })
        : ModelArtifact.archive({ key: 'chat/v3/model.tar.gz', ...given }),
    );
  };

  test.each<[string, () => Changes, string[]]>([
    ['as an archive', () => ({ model: model({}, 'archive') }), ['ModelSourceInvalid model.artifact']],
    ['without a digest', () => ({ model: model({ sha256: undefined }) }), ['ModelSourceInvalid model.artifact.sha256']],
    ['with an invalid digest', () => ({ model: model({ sha256: 'abc' }) }), ['ModelSourceInvalid model.sha256']],
    ['with a size of 0', () => ({ model: hub(0), acceleratorsPerReplica: 1 }), ['ModelSourceInvalid model.sizeGiB']],
    [
      'with a size that is a token',
      () => ({ model: hub(TOKEN), acceleratorsPerReplica: 1 }),
      ['ModelSourceInvalid model.sizeGiB'],
    ],
    [
      'on a branch',
      () => ({ model: ServingModel.huggingFace('a/b', { revision: 'main', sizeGiB: 15 }) }),
      ['ModelSourceInvalid model.revision'],
    ],
    ['on the hub with Triton', () => ({ server: ServingServer.triton() }), ['ModelSourceInvalid model.source']],
    [
      'with a cache on the root of the node',
      () => ({ cache: ServingCache.node('/') }),
      ['ModelSourceInvalid model.cache.path'],
    ],
  ])('%s', (_, changes, problems) => {
    expect(rejected(changes())).toEqual(problems);
  });
});

describe('nodes are rejected', () => {
  test('with Neuron, but without an image for it', () => {
    expect(rejected({ machine: AwsMachine.INF2_48XLARGE })).toEqual(['ImageMissing server.image']);
  });

  test('for a replica on several machines of one UltraServer', () => {
    const capacity = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
    const changes = {
      machine: AwsMachine.P6E_GB200_36XLARGE,
      capacity,
      availabilityZones: ['us-east-1a', 'us-east-1b'],
    };
    expect(rejected({ ...changes, acceleratorsPerReplica: 36 })).toEqual(['ReplicaLayout acceleratorsPerReplica']);
  });

  test('with a capacity type that AWS does not sell', () => {
    const machine = AwsMachine.of('g6e.13xlarge', { ...AwsMachine.G6E_12XLARGE.spec, markets: ['on-demand'] });
    expect(rejected({ machine, capacity: Capacity.spot() })).toEqual(['MarketUnsupported capacity']);
  });

  test('in a managed node group with a fallback', () => {
    const capacity = Capacity.spot({ fallback: Capacity.onDemand() });
    expect(rejected({ nodes: ServingNodes.managed(), capacity })).toEqual(['CapacityFallback capacity.fallback']);
  });

  test('with capacity in a zone without a subnet', () => {
    const capacity = Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1f' });
    expect(rejected({ capacity, availabilityZones: ['us-east-1a', 'us-east-1b'] })).toEqual(['CapacityZone subnets']);
    expect(
      rejected({ capacity, nodes: ServingNodes.managed(), availabilityZones: ['us-east-1a', 'us-east-1b'] }),
    ).toEqual(['CapacityZone subnets']);
  });

  test('with a boot disk size that EBS does not support', () => {
    expect(rejected({ nodeOptions: { bootDisk: Size.gibibytes(5) } })).toEqual([
      'VolumeOutOfRange nodeOptions.bootDisk',
    ]);
  });

  test('without a private subnet', () => {
    const { vpc } = clusterStack(PRICED);
    expect(rejected({ vpc, subnets: { subnets: [] } })).toEqual(['SubnetsMissing subnets']);
  });
});

describe('a server is rejected', () => {
  test.each<[string, () => Changes, string[]]>([
    [
      'with an argument that the library sets',
      () => ({ server: ServingServer.vllm({ args: ['--port', '1'] }) }),
      ['ServingContainerInvalid server.args'],
    ],
    [
      'with an invalid image',
      () => ({ server: ServingServer.vllm({ image: 'a b' }) }),
      ['ServingContainerInvalid server.image'],
    ],
    [
      'with a memory share above 1',
      () => ({ server: ServingServer.vllm({ memoryShare: 3 }) }),
      ['ServingContainerInvalid server.memoryShare'],
    ],
  ])('%s', (_, changes, problems) => {
    expect(rejected({ acceleratorsPerReplica: 1, ...changes() })).toEqual(problems);
  });

  test('in a system namespace', () => {
    expect(rejected({ namespace: 'kube-system' })).toEqual(['KubernetesName namespace']);
  });

  test('with a Prometheus without a valid address and namespace', () => {
    const prometheus = { address: 'prom', namespace: 'A b' };
    expect(rejected({ scaling: ServingScaling.keda({ maxReplicas: 2, targetConcurrency: 8, prometheus }) })).toEqual([
      'KubernetesName scaling.prometheus.namespace',
      'ScalingInvalid scaling.prometheus',
    ]);
  });

  test('on an image version that is not a release', () => {
    expect(problemsOf(errorOf(() => ServingNodes.karpenter({ imageVersion: '20261105' })))).toEqual([
      'PropType imageVersion',
    ]);
  });
});

describe('a cluster is rejected', () => {
  test('if it is new, but should run Karpenter already', () => {
    expect(rejected({ nodes: ServingNodes.karpenter({ installed: true }) })).toEqual(['ClusterOption nodes.installed']);
  });

  test('if another VPC or a missing kubectl provider contradicts it', () => {
    const { cluster } = clusterStack(PRICED);
    const source = ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } });
    const { vpc } = clusterStack(PRICED);
    expect(rejected({ cluster: source, installation: Installation.byDeployment() })).toEqual([
      'ClusterOption installation',
    ]);
    const other = Vpc.fromVpcAttributes(new Stack(new App(), 'Other', PRICED), 'Vpc', {
      vpcId: 'vpc-0f',
      availabilityZones: vpc.availabilityZones,
      privateSubnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
    });
    const known = Vpc.fromVpcAttributes(new Stack(new App(), 'Known', PRICED), 'Vpc', {
      vpcId: 'vpc-0e',
      availabilityZones: vpc.availabilityZones,
    });
    const imported = Cluster.fromClusterAttributes(new Stack(new App(), 'Imported', PRICED), 'Cluster', {
      clusterName: 'research',
      vpc: known,
      clusterSecurityGroupId: 'sg-0a',
    });
    const labels = { systemLabels: { role: 'system' } };
    expect(rejected({ cluster: ClusterSource.fromCluster(imported, labels), vpc: other })).toContain(
      'ClusterOption vpc',
    );
  });

  test('if the labels of system nodes match accelerator nodes', () => {
    const { cluster } = clusterStack(PRICED);
    const systemLabels = { 'ai-infra/pool': 'chat' };
    const source = ClusterSource.fromCluster(cluster, { systemLabels });
    expect(rejected({ cluster: source })).toEqual(['ClusterOption cluster.systemLabels']);
  });

  test('in a single zone', () => {
    expect(rejected({ availabilityZones: ['us-east-1a'] })).toEqual(['ZoneUnknown availabilityZones']);
  });
});

describe('an ingress is rejected', () => {
  test('if the VPC of the load balancer has no known CIDR block', () => {
    const stack = new Stack(new App(), 'Network', PRICED);
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      privateSubnetIds: ['subnet-0a', 'subnet-0b'],
    });
    expect(rejected({ vpc, ingress: ServingIngress.internalLoadBalancer() })).toEqual(['IngressInvalid vpc']);
  });

  test('if it has access logs without a certificate', () => {
    const accessLogs = Bucket.fromBucketName(new Stack(), 'Logs', 'logs');
    const error = errorOf(() => ServingIngress.internalLoadBalancer({ accessLogs }));
    expect(problemsOf(error)).toEqual(['IngressInvalid accessLogs']);
  });

  test('if the endpoint picker has an invalid port', () => {
    expect(rejected({ ingress: gateway(0) })).toEqual(['IngressInvalid ingress.endpointPicker.port']);
  });
});

describe('a name is rejected', () => {
  test.each(['Chat', 'a'.repeat(30), '1chat', 'chat_1'])('%s', (name) => {
    expect(rejected({ name })).toEqual(expect.arrayContaining(['KubernetesName name']));
  });

  test('for the namespace Models', () => {
    expect(rejected({ namespace: 'Models' })).toEqual(['KubernetesName namespace']);
  });
});

test('reports all problems in one error, and creates nothing', () => {
  const stack = new Stack(new App(), 'Test', PRICED);
  const error = errorOf(
    () =>
      new KubernetesInference(stack, 'Chat', {
        machine: AwsMachine.INF2_48XLARGE,
        model: hub(0),
        acceleratorsPerReplica: 0,
        nodeOptions: { bootDisk: Size.gibibytes(1) },
        scaling: ServingScaling.fixed(0),
      }),
  );
  expect(problemsOf(error)).toEqual([
    'ModelSourceInvalid model.sizeGiB',
    'VolumeOutOfRange nodeOptions.bootDisk',
    'ReplicaLayout acceleratorsPerReplica',
    'ImageMissing server.image',
    'ScalingInvalid scaling.replicas',
  ]);
  expect(stack.node.tryFindChild('Chat')!.node.children).toEqual([]);
  expect(error.constructPath).toBe('Test/Chat');
});

test('factories reject wrong options', () => {
  const wrong = [
    () => ServingServer.vllm({ kvCacheType: 'int4' as 'fp8' }),
    () => ServingScaling.keda({} as { maxReplicas: number }),
    () => ServingIngress.gateway({ gateway: { name: 'g', namespace: 'n' } } as never),
    () => ServingModel.artifact('s3://x' as never),
    () => ServingNodes.karpenter({ installed: 'yes' as never }),
    () => ServingCache.volume(1 as never),
  ];
  expect(wrong.map((run) => problemsOf(errorOf(run)))).toEqual([
    ['ChoiceUnknown kvCacheType'],
    ['ValueMissing maxReplicas'],
    ['ValueMissing endpointPicker'],
    ['PropType artifact'],
    ['PropType installed'],
    ['PropType claimName'],
  ]);
});
