import { App, Size, Stack, Token } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { costTags } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
  ClusterSource,
  ControlPlane,
  CostBudget,
  EfaNodeGroup,
  type EfaNodeGroupProps,
  Installation,
  LustreFileSystem,
  MlVpc,
  type MlVpcProps,
  SystemNodeGroup,
  type SystemNodeGroupProps,
  TrainingCluster,
  TrainingStorage,
  type TrainingClusterProps,
} from 'ai-infra-constructs/aws';
import { place } from './hostile';
import { errorOf, problemsOf, REGION, synthGroup } from './support';

const rejected = (run: () => unknown) => problemsOf(errorOf(run));
const TOKEN = Token.asNumber({ Ref: 'AWS::Region' });

describe('a node group', () => {
  const group = (props: Partial<EfaNodeGroupProps>) => () => {
    const { stack, cluster } = place();
    return new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2, ...props });
  };

  test.each([
    'ai-infra/pool',
    'bad key!',
    '-a',
    'a/b/c',
    'UPPER.case/x',
    'kubernetes.io/x',
    'x.k8s.io/y',
    'eks.amazonaws.com/z',
    'a'.repeat(64),
  ])('rejects the label %s', (key) => {
    expect(rejected(group({ nodeOptions: { labels: { [key]: 'gold' } } }))).toEqual([
      `NodeLabel nodeOptions.labels.${key}`,
    ]);
  });

  test.each(['x y', '-gold', 'gold-', 'a'.repeat(64)])('rejects %s as the value of a label', (value) => {
    expect(rejected(group({ nodeOptions: { labels: { tier: value } } }))).toEqual([
      'NodeLabel nodeOptions.labels.tier',
    ]);
  });

  test.each(['tier', 'example.com/tier', 'node.kubernetes.io/tier', 'Tier_1.a'])('accepts the label %s', (key) => {
    const labels = { [key]: 'gold', empty: '', known: Token.asString({ Ref: 'AWS::Region' }) };
    expect(synthGroup({ nodeOptions: { labels } }).properties('AWS::EKS::Nodegroup')[0]?.Labels).toMatchObject({
      [key]: 'gold',
    });
  });

  test.each([[-1], [1.5], [TOKEN]])('rejects the XID %p', (xid) => {
    expect(rejected(group({ nodeOptions: { ignoredXids: [13, xid] } }))).toEqual([
      'XidInvalid nodeOptions.ignoredXids',
    ]);
  });

  test.each([-1, 3, 1.5, Number.NaN])('rejects %p as the minimum of two nodes', (minNodes) => {
    expect(rejected(group({ minNodes }))).toEqual(['NodesOutOfRange minNodes']);
  });

  test.each([0, -1, 1.5, Number.NaN, 1e9])(
    'rejects a quota of %p nodes, and checks the nodes with the default',
    (nodeQuota) => {
      expect(rejected(group({ nodeOptions: { nodeQuota } }))).toEqual(['NodesOutOfRange nodeOptions.nodeQuota']);
    },
  );

  test('rejects tokens as numbers of nodes', () => {
    expect(rejected(group({ minNodes: TOKEN, nodeOptions: { nodeQuota: TOKEN } }))).toEqual([
      'ValueUnknown nodeOptions.nodeQuota',
      'ValueUnknown minNodes',
    ]);
  });

  test('rejects more desired nodes than a capacity block has', () => {
    const capacity = Capacity.capacityBlock('cr-0123456789abcdef0', {
      availabilityZone: 'us-east-1a',
      desiredNodes: 3,
    });
    expect(rejected(group({ capacity }))).toEqual(['NodesOutOfRange capacity.desiredNodes']);
  });

  test('scales to zero if the minimum is below the number of nodes', () => {
    const { group: elastic, properties } = synthGroup({ nodes: 4, minNodes: 1 });
    expect(elastic.isElastic).toBe(true);
    expect(properties('AWS::EKS::Nodegroup')[0]?.ScalingConfig).toEqual({ MinSize: 0, DesiredSize: 1, MaxSize: 4 });
  });

  test('rejects a cluster without a VPC and a security group', () => {
    const { stack } = place();
    const cluster = Cluster.fromClusterAttributes(stack, 'Unknown', { clusterName: 'x' });
    const error = errorOf(
      () => new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2 }),
    );
    expect(problemsOf(error)).toEqual(['ClusterOption cluster']);
    expect(error.message).toContain('vpc and clusterSecurityGroup');
  });
});

describe('system nodes', () => {
  const system = (props: Partial<SystemNodeGroupProps>) => () => {
    const { stack, cluster, vpc } = place();
    return new SystemNodeGroup(stack, 'System', { cluster, subnets: vpc.privateSubnets, ...props });
  };

  test.each([-3, 0, 1.5, Number.NaN])('are rejected for a minimum of %p', (minNodes) => {
    expect(rejected(system({ minNodes }))).toEqual(['NodesOutOfRange minNodes']);
  });

  test.each([-3, 1, 1.5, 451])('are rejected for a maximum of %p and a minimum of 2', (maxNodes) => {
    expect(rejected(system({ maxNodes }))).toEqual(['NodesOutOfRange maxNodes']);
  });

  test('require a subnet', () => {
    expect(rejected(system({ subnets: [] }))).toEqual(['SubnetsMissing subnets']);
  });
});

describe('a control plane', () => {
  test.each(['8.8.8.8', '8.8.0.0/16', '10.0.0.0/8'])('rejects %s as the service range', (serviceCidr) => {
    const { stack, vpc } = place();
    expect(rejected(() => new ControlPlane(stack, 'Control', { vpc, serviceCidr }))).toEqual([
      'CidrInvalid serviceCidr',
    ]);
  });

  test('requires a subnet', () => {
    const { stack, vpc } = place();
    expect(rejected(() => new ControlPlane(stack, 'Control', { vpc, subnets: [] }))).toEqual([
      'SubnetsMissing subnets',
    ]);
  });
});

describe('a VPC', () => {
  const network = (props: MlVpcProps) => () => new MlVpc(new Stack(), 'Network', props);

  test.each(['0.0.0.0/16', '127.0.0.0/16', '169.254.0.0/16', '224.0.0.0/16', '255.0.0.0/16'])(
    'rejects the special range %s',
    (cidr) => {
      expect(rejected(network({ cidr }))).toEqual(['CidrInvalid cidr']);
    },
  );

  test.each(['', 'S3', 'SecurityGroup'])('rejects %p as the ID of an endpoint', (id) => {
    const interfaceEndpoints = { [id]: InterfaceVpcEndpointAwsService.STS };
    expect(rejected(network({ interfaceEndpoints }))).toEqual([`EndpointName interfaceEndpoints.${id}`]);
  });
});

describe('a budget', () => {
  test.each([[[50, 50]], [[Number.POSITIVE_INFINITY]], [[-1]]])('rejects the percentages %p', (actualPercent) => {
    const { stack } = place();
    const budget = () =>
      new CostBudget(stack, 'Budget', { monthlyUsd: 5, alertTopic: new Topic(stack, 'T'), actualPercent });
    expect(rejected(budget)).toEqual(['BudgetInvalid actualPercent and forecastPercent']);
  });
});

test('rejects more tags than a resource supports', () => {
  const allocation = { project: 'a', team: 'b', environment: 'c', costCenter: 'd', owner: 'e' };
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
  expect(rejected(() => costTags({ ...allocation, additionalTags: tags(43) }))).toEqual(['TagsTooMany additionalTags']);
  expect(Object.keys(costTags({ ...allocation, additionalTags: tags(42) }))).toHaveLength(47);
});

test('rejects an imported file system without a whole size', () => {
  const { stack, cluster } = place();
  const attributes = {
    fileSystemId: 'fs-0a',
    dnsName: 'd',
    mountName: 'm',
    securityGroup: cluster.clusterSecurityGroup,
  };
  for (const size of [Number.NaN, 0, 1.5].map((gib) => Size.gibibytes(gib))) {
    expect(
      rejected(() => LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Files', { ...attributes, size })),
    ).toEqual(['VolumeInvalid size']);
  }
});

describe('a training cluster rejects before it creates resources', () => {
  const rejectedWhole = (props: Partial<TrainingClusterProps>) => {
    const stack = new Stack(new App(), 'Test', REGION);
    const problems = rejected(
      () =>
        new TrainingCluster(stack, 'Training', {
          machine: AwsMachine.P5_48XLARGE,
          nodes: 2,
          installation: Installation.gitOps(),
          ...props,
        }),
    );
    expect(stack.node.findAll().map(({ node }) => node.path)).toEqual(['Test', 'Test/Training']);
    return problems;
  };
  const GROUP = { machine: AwsMachine.P5_48XLARGE, nodes: 2 };

  test('subnets of a new VPC in several zones', () => {
    expect(rejectedWhole({ subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } })).toEqual(['FabricZone subnets']);
  });

  test('a reservation in a zone outside a new VPC', () => {
    const capacity = Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1f' });
    const availabilityZones = ['us-east-1a', 'us-east-1b'];
    expect(rejectedWhole({ availabilityZones, groups: { more: { ...GROUP, capacity } } })).toEqual([
      'CapacityZone groups.more.subnets',
    ]);
  });

  test('a single zone', () => {
    expect(rejectedWhole({ availabilityZones: ['us-east-1a'] })).toEqual(['ZoneUnknown availabilityZones']);
  });

  test('missing subnets of the control plane', () => {
    expect(
      rejectedWhole({ cluster: ClusterSource.create({ controlPlaneSubnets: { subnetGroupName: 'none' } }) }),
    ).toEqual(['SubnetsMissing cluster.controlPlaneSubnets']);
  });

  test('more groups than a queue supports', () => {
    const groups = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`g${index}`, GROUP]));
    expect(rejectedWhole({ groups })).toEqual(['QueueTooLarge groups']);
  });

  test('a machine without memory for pods', () => {
    const machine = AwsMachine.of('p9.small', { ...AwsMachine.P5_48XLARGE.spec, memoryGiB: 8 });
    expect(rejectedWhole({ machine })).toEqual(['PoolInvalid machine']);
  });

  test('a machine whose memory is reserved for its pods, unless fewer pods run on it', () => {
    const machine = AwsMachine.of('p9.small', { ...AwsMachine.P5_48XLARGE.spec, memoryGiB: 21 });
    expect(rejectedWhole({ machine })).toEqual(['PoolInvalid machine']);
    const options = { nodes: 2, storage: TrainingStorage.none(), nodeOptions: { maxPodsPerNode: 110 } };
    expect(
      new TrainingCluster(new Stack(new App(), 'Test'), 'Training', { ...options, machine }).nodeGroup.maxPodsPerNode,
    ).toBe(110);
  });
});

test('reports an invalid job with the path of its cluster', () => {
  const cluster = new TrainingCluster(new Stack(new App(), 'Test', REGION), 'Training', {
    machine: AwsMachine.P5_48XLARGE,
    nodes: 2,
    installation: Installation.gitOps(),
  });
  const error = errorOf(() => cluster.trainJob({ name: 'Not A Name' }));
  expect(problemsOf(error)).toEqual(['KubernetesName name']);
  expect(error.constructPath).toBe('Test/Training');
});
