import { App, Stack, Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ModelSpec } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
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

const refused = (changes: Changes) => problemsOf(errorOf(() => inference(changes)));
const TOKEN = Token.asNumber({ Ref: 'AWS::Region' });
const KARPENTER = ServingNodes.karpenter();
const gateway = (port: number) =>
  ServingIngress.gateway({ gateway: { name: 'g', namespace: 'g' }, endpointPicker: { name: 'p', port } });

describe('the load', () => {
  test('a model larger than the memory of its replica', () => {
    const load = chat({ model: ModelSpec.LLAMA_3_1_70B });
    expect(refused({ load, model: hub(131), acceleratorsPerReplica: 1 })).toEqual([
      'MemoryTooSmall acceleratorsPerReplica',
    ]);
  });

  test('a latency below what the chip can do', () => {
    expect(refused({ load: chat({ tpotMs: 1 }), acceleratorsPerReplica: 1 })).toEqual([
      'LatencyImpossible load.tpotMs',
    ]);
    expect(errorOf(() => inference({ load: chat({ tpotMs: 1 }), acceleratorsPerReplica: 1 })).message).toMatch(
      /load\.tpotMs must be at least [\d.]+ ms on 1 accelerators, got 1/,
    );
  });

  test('more requests at once than the replicas hold', () => {
    const load = chat({ requestsPerSecond: undefined, concurrency: 100_000 });
    expect(refused({ load, scaling: ServingScaling.fixed(1) })).toEqual(['ConcurrencyTooHigh scaling']);
    const range = ServingScaling.keda({ most: 2 });
    expect(refused({ load, scaling: range })).toEqual(['ConcurrencyTooHigh scaling']);
  });

  test('a chip that no plan knows', () => {
    const { spec } = AwsMachine.G6E_12XLARGE;
    const machine = AwsMachine.of('g9.12xlarge', { ...spec, chip: { ...AwsMachine.G6E_12XLARGE.chip } });
    expect(refused({ machine, load: chat() })).toEqual(['ChipUnplanned load']);
  });

  test('a price that is none, by the name of the prop here', () => {
    const prices = [{ machine: 'g6e.12xlarge', market: 'on-demand', usdPerHour: -1 } as const];
    expect(refused({ load: chat(), prices })).toEqual([expect.stringMatching(/^PriceInvalid prices/)]);
    expect(refused({ load: chat(), pricesAsOf: 'tomorrow' })).toEqual(['PlanInvalid pricesAsOf']);
  });

  test('heads that do not divide', () => {
    expect(refused({ load: chat(), acceleratorsPerReplica: 3 })).toContain('ReplicaLayout acceleratorsPerReplica');
  });
});

describe('without a load', () => {
  test('a model larger than the memory of its replica', () => {
    expect(refused({ model: hub(120), acceleratorsPerReplica: 2 })).toEqual(['MemoryTooSmall acceleratorsPerReplica']);
  });

  test('a range with nothing to scale by', () => {
    expect(refused({ scaling: ServingScaling.keda({ most: 2 }) })).toEqual(['ValueMissing scaling.requestsPerReplica']);
  });
});

describe('replicas', () => {
  test.each<[string, Changes, string[]]>([
    ['no whole number', { acceleratorsPerReplica: 1.5 }, ['ReplicaLayout acceleratorsPerReplica']],
    ['a token', { acceleratorsPerReplica: TOKEN }, ['ReplicaLayout acceleratorsPerReplica']],
    [
      'half a machine more',
      { machine: AwsMachine.P5_48XLARGE, acceleratorsPerReplica: 12 },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    [
      'several machines by Karpenter',
      { machine: AwsMachine.P5_48XLARGE, acceleratorsPerReplica: 16, nodes: KARPENTER },
      ['ReplicaLayout nodes'],
    ],
    [
      'several machines by Triton',
      {
        machine: AwsMachine.P5_48XLARGE,
        acceleratorsPerReplica: 16,
        model: ServingModel.volume('m', { sizeGiB: 15 }),
        server: ServingServer.triton(),
      },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    ['none', { scaling: ServingScaling.fixed(0) }, ['ScalingInvalid scaling.replicas']],
    ['a number that is a token', { scaling: ServingScaling.fixed(TOKEN) }, ['ScalingInvalid scaling.replicas']],
    [
      'a range upside down',
      { scaling: ServingScaling.keda({ least: 3, most: 2, requestsPerReplica: 8 }) },
      ['ScalingInvalid scaling.most'],
    ],
    [
      'zero, without what wakes them',
      { scaling: ServingScaling.keda({ least: 0, most: 2, requestsPerReplica: 8 }) },
      ['ScaleToZero scaling.least'],
    ],
    [
      'zero, by an autoscaler that cannot',
      { scaling: ServingScaling.hpa({ least: 0, most: 2, requestsPerReplica: 8 }) },
      ['ScaleToZero scaling.least'],
    ],
  ])('%s', (_, changes, problems) => {
    expect(refused(changes)).toEqual(problems);
  });
});

describe('the model', () => {
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
    ['an archive', () => ({ model: model({}, 'archive') }), ['ModelSourceInvalid model.artifact']],
    ['no digest', () => ({ model: model({ sha256: undefined }) }), ['ModelSourceInvalid model.artifact.sha256']],
    ['a digest that is none', () => ({ model: model({ sha256: 'abc' }) }), ['ModelSourceInvalid model.sha256']],
    ['no size', () => ({ model: hub(0), acceleratorsPerReplica: 1 }), ['ModelSourceInvalid model.sizeGiB']],
    [
      'a size that is a token',
      () => ({ model: hub(TOKEN), acceleratorsPerReplica: 1 }),
      ['ModelSourceInvalid model.sizeGiB'],
    ],
    [
      'a branch',
      () => ({ model: ServingModel.huggingFace('a/b', { revision: 'main', sizeGiB: 15 }) }),
      ['ModelSourceInvalid model.revision'],
    ],
    ['the hub, for Triton', () => ({ server: ServingServer.triton() }), ['ModelSourceInvalid model.source']],
    ['the root of a node', () => ({ cache: ServingCache.node('/') }), ['ModelSourceInvalid model.cache.path']],
  ])('%s', (_, changes, problems) => {
    expect(refused(changes())).toEqual(problems);
  });
});

describe('machines', () => {
  test('Neuron without an image for it', () => {
    expect(refused({ machine: AwsMachine.INF2_48XLARGE })).toEqual(['ImageMissing server.image']);
  });

  test('several of one UltraServer, whose NVLink would take a compute domain', () => {
    const capacity = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
    const changes = {
      machine: AwsMachine.P6E_GB200_36XLARGE,
      capacity,
      availabilityZones: ['us-east-1a', 'us-east-1b'],
    };
    expect(refused({ ...changes, acceleratorsPerReplica: 36 })).toEqual(['ReplicaLayout acceleratorsPerReplica']);
  });

  test('a market in which they are not sold', () => {
    const machine = AwsMachine.of('g6e.13xlarge', { ...AwsMachine.G6E_12XLARGE.spec, markets: ['on-demand'] });
    expect(refused({ machine, capacity: Capacity.spot() })).toEqual(['MarketUnsupported capacity']);
  });

  test('a fallback that nothing would start', () => {
    const capacity = Capacity.spot({ fallback: Capacity.onDemand() });
    expect(refused({ nodes: ServingNodes.managed(), capacity })).toEqual(['CapacityFallback capacity.fallback']);
  });

  test('capacity in a zone where there is no subnet', () => {
    const capacity = Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1f' });
    expect(refused({ capacity, availabilityZones: ['us-east-1a', 'us-east-1b'] })).toEqual(['CapacityZone subnets']);
    expect(
      refused({ capacity, nodes: ServingNodes.managed(), availabilityZones: ['us-east-1a', 'us-east-1b'] }),
    ).toEqual(['CapacityZone subnets']);
  });

  test('a root volume that EBS does not take', () => {
    expect(refused({ rootVolumeGiB: 5 })).toEqual(['VolumeOutOfRange rootVolumeGiB']);
  });

  test('no private subnet for them', () => {
    const { vpc } = clusterStack(PRICED);
    expect(refused({ vpc, subnets: { subnets: [] } })).toEqual(['SubnetsMissing subnets']);
  });
});

describe('the server', () => {
  test.each<[string, () => Changes, string[]]>([
    [
      'arguments of ours',
      () => ({ server: ServingServer.vllm({ args: ['--port', '1'] }) }),
      ['ServingContainerInvalid server.args'],
    ],
    ['an image', () => ({ server: ServingServer.vllm({ image: 'a b' }) }), ['ServingContainerInvalid server.image']],
    [
      'a share',
      () => ({ server: ServingServer.vllm({ memoryShare: 3 }) }),
      ['ServingContainerInvalid server.memoryShare'],
    ],
  ])('%s', (_, changes, problems) => {
    expect(refused({ acceleratorsPerReplica: 1, ...changes() })).toEqual(problems);
  });

  test('in a namespace that others live in', () => {
    expect(refused({ namespace: 'kube-system' })).toEqual(['KubernetesName namespace']);
  });

  test('read by a Prometheus that has no address, in no namespace', () => {
    const prometheus = { address: 'prom', namespace: 'A b' };
    expect(refused({ scaling: ServingScaling.keda({ most: 2, requestsPerReplica: 8, prometheus }) })).toEqual([
      'KubernetesName scaling.prometheus.namespace',
      'ScalingInvalid scaling.prometheus',
    ]);
  });

  test('on an image of EKS that no release has', () => {
    expect(problemsOf(errorOf(() => ServingNodes.karpenter({ imageVersion: '20261105' })))).toEqual([
      'PropType imageVersion',
    ]);
  });
});

describe('the cluster', () => {
  test('options of a new one for one that was brought, and the other way round', () => {
    const { cluster } = clusterStack(PRICED);
    expect(refused({ cluster, admins: [] })).toEqual(['ClusterOption admins', 'ClusterOption systemLabels']);
    expect(refused({ existingCharts: ['keda'], nodes: ServingNodes.karpenter({ installed: true }) })).toEqual([
      'ClusterOption nodes.installed',
      'ClusterOption existingCharts',
    ]);
  });

  test('system nodes that cannot be told from the machines', () => {
    const { cluster } = clusterStack(PRICED);
    const systemLabels = { 'ai-infra/pool': 'chat' };
    expect(refused({ cluster, systemLabels })).toEqual(['ClusterOption systemLabels']);
  });

  test('a single zone', () => {
    expect(refused({ availabilityZones: ['us-east-1a'] })).toEqual(['ZoneUnknown availabilityZones']);
  });
});

describe('the way in', () => {
  test('a load balancer in a VPC of unknown addresses', () => {
    const stack = new Stack(new App(), 'Network', PRICED);
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      privateSubnetIds: ['subnet-0a', 'subnet-0b'],
    });
    expect(refused({ vpc, ingress: ServingIngress.internalLoadBalancer() })).toEqual(['IngressInvalid vpc']);
  });

  test('an endpoint picker on no port', () => {
    expect(refused({ ingress: gateway(0) })).toEqual(['IngressInvalid ingress.endpointPicker.port']);
  });
});

describe('names', () => {
  test.each(['Chat', 'a'.repeat(30), '1chat', 'chat_1'])('%s is none', (name) => {
    expect(refused({ name })).toEqual(expect.arrayContaining(['KubernetesName name']));
  });

  test('of a namespace', () => {
    expect(refused({ namespace: 'Models' })).toEqual(['KubernetesName namespace']);
  });
});

test('all problems are told at once, and nothing is built', () => {
  const stack = new Stack(new App(), 'Test', PRICED);
  const error = errorOf(
    () =>
      new KubernetesInference(stack, 'Chat', {
        machine: AwsMachine.INF2_48XLARGE,
        model: hub(0),
        acceleratorsPerReplica: 0,
        rootVolumeGiB: 1,
        scaling: ServingScaling.fixed(0),
      }),
  );
  expect(problemsOf(error)).toEqual([
    'ModelSourceInvalid model.sizeGiB',
    'VolumeOutOfRange rootVolumeGiB',
    'ReplicaLayout acceleratorsPerReplica',
    'ImageMissing server.image',
    'ScalingInvalid scaling.replicas',
  ]);
  expect(stack.node.tryFindChild('Chat')!.node.children).toEqual([]);
  expect(error.constructPath).toBe('Test/Chat');
});

test('a choice refuses what it does not take, by itself', () => {
  const wrong = [
    () => ServingServer.vllm({ kvCacheType: 'int4' as 'fp8' }),
    () => ServingScaling.keda({} as { most: number }),
    () => ServingIngress.gateway({ gateway: { name: 'g', namespace: 'n' } } as never),
    () => ServingModel.artifact('s3://x' as never),
    () => ServingNodes.karpenter({ installed: 'yes' as never }),
    () => ServingCache.volume(1 as never),
  ];
  expect(wrong.map((run) => problemsOf(errorOf(run)))).toEqual([
    ['ChoiceUnknown kvCacheType'],
    ['ValueMissing most'],
    ['ValueMissing endpointPicker'],
    ['PropType artifact'],
    ['PropType installed'],
    ['PropType claimName'],
  ]);
});
