import { App, Stack, Token } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { costTags } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
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
  type TrainingClusterProps,
} from 'ai-infra-constructs/aws';
import { place } from './hostile';
import { errorOf, problemsOf, REGION, synthGroup } from './support';

const refused = (run: () => unknown) => problemsOf(errorOf(run));
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
  ])('refuses the label %s', (key) => {
    expect(refused(group({ labels: { [key]: 'gold' } }))).toEqual([`NodeLabel labels.${key}`]);
  });

  test.each(['x y', '-gold', 'gold-', 'a'.repeat(64)])('refuses %s for the value of a label', (value) => {
    expect(refused(group({ labels: { tier: value } }))).toEqual(['NodeLabel labels.tier']);
  });

  test.each(['tier', 'example.com/tier', 'node.kubernetes.io/tier', 'Tier_1.a'])('takes the label %s', (key) => {
    const labels = { [key]: 'gold', empty: '', known: Token.asString({ Ref: 'AWS::Region' }) };
    expect(synthGroup({ labels }).properties('AWS::EKS::Nodegroup')[0]?.Labels).toMatchObject({ [key]: 'gold' });
  });

  test.each([[-1], [1.5], [TOKEN]])('refuses the XID %p', (xid) => {
    expect(refused(group({ ignoredXids: [13, xid] }))).toEqual(['XidInvalid ignoredXids']);
  });

  test.each([-1, 3, 1.5, Number.NaN])('refuses %p standing nodes of two', (standingNodes) => {
    expect(refused(group({ standingNodes }))).toEqual(['NodesOutOfRange standingNodes']);
  });

  test.each([0, -1, 1.5, Number.NaN, 1e9])(
    'refuses a quota of %p nodes, and judges the nodes by the default',
    (nodeQuota) => {
      expect(refused(group({ nodeQuota }))).toEqual(['NodesOutOfRange nodeQuota']);
    },
  );

  test('refuses tokens that size it', () => {
    expect(refused(group({ standingNodes: TOKEN, nodeQuota: TOKEN }))).toEqual([
      'ValueUnknown nodeQuota',
      'ValueUnknown standingNodes',
    ]);
  });

  test('refuses more nodes of a capacity block than it has', () => {
    const capacity = Capacity.capacityBlock('cr-0123456789abcdef0', {
      availabilityZone: 'us-east-1a',
      desiredNodes: 3,
    });
    expect(refused(group({ capacity }))).toEqual(['NodesOutOfRange capacity.desiredNodes']);
  });

  test('with fewer standing nodes than it has is left to an autoscaler, down to none', () => {
    const { group: elastic, properties } = synthGroup({ nodes: 4, standingNodes: 1 });
    expect(elastic.isElastic).toBe(true);
    expect(properties('AWS::EKS::Nodegroup')[0]?.ScalingConfig).toEqual({ MinSize: 0, DesiredSize: 1, MaxSize: 4 });
  });

  test('refuses a cluster of which too little is known', () => {
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

  test.each([-3, 0, 1.5, Number.NaN])('are no %p nodes', (nodes) => {
    expect(refused(system({ nodes }))).toEqual(['NodesOutOfRange nodes']);
  });

  test('stand somewhere', () => {
    expect(refused(system({ subnets: [] }))).toEqual(['SubnetsMissing subnets']);
  });
});

describe('a control plane', () => {
  test.each(['8.8.8.8', '8.8.0.0/16', '10.0.0.0/8'])('refuses %s for the addresses of services', (serviceCidr) => {
    const { stack, vpc } = place();
    expect(refused(() => new ControlPlane(stack, 'Control', { vpc, serviceCidr }))).toEqual([
      'CidrInvalid serviceCidr',
    ]);
  });

  test('stands somewhere', () => {
    const { stack, vpc } = place();
    expect(refused(() => new ControlPlane(stack, 'Control', { vpc, subnets: [] }))).toEqual(['SubnetsMissing subnets']);
  });
});

describe('a VPC', () => {
  const network = (props: MlVpcProps) => () => new MlVpc(new Stack(), 'Network', props);

  test.each(['0.0.0.0/16', '127.0.0.0/16', '169.254.0.0/16', '224.0.0.0/16', '255.0.0.0/16'])(
    'refuses %s, which no host may have',
    (cidr) => {
      expect(refused(network({ cidr }))).toEqual(['CidrInvalid cidr']);
    },
  );

  test.each(['', 'S3', 'SecurityGroup'])('refuses %p for the id of an endpoint', (id) => {
    const interfaceEndpoints = { [id]: InterfaceVpcEndpointAwsService.STS };
    expect(refused(network({ interfaceEndpoints }))).toEqual([`EndpointName interfaceEndpoints.${id}`]);
  });
});

describe('a budget', () => {
  test.each([[[50, 50]], [[Number.POSITIVE_INFINITY]], [[-1]]])('refuses the shares %p', (actualPercent) => {
    const { stack } = place();
    const budget = () =>
      new CostBudget(stack, 'Budget', { monthlyUsd: 5, topic: new Topic(stack, 'T'), actualPercent });
    expect(refused(budget)).toEqual(['BudgetInvalid actualPercent and forecastPercent']);
  });
});

test('a cost allocation of more tags than a resource takes is refused', () => {
  const allocation = { project: 'a', team: 'b', environment: 'c', costCenter: 'd', owner: 'e' };
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
  expect(refused(() => costTags({ ...allocation, additionalTags: tags(43) }))).toEqual(['TagsTooMany additionalTags']);
  expect(Object.keys(costTags({ ...allocation, additionalTags: tags(42) }))).toHaveLength(47);
});

test('the size of a file system that exists is a whole number', () => {
  const { stack, cluster } = place();
  const attributes = {
    fileSystemId: 'fs-0a',
    dnsName: 'd',
    mountName: 'm',
    securityGroup: cluster.clusterSecurityGroup,
  };
  for (const sizeGiB of [Number.NaN, 0, 1.5]) {
    expect(refused(() => LustreFileSystem.fromAttributes(stack, 'Files', { ...attributes, sizeGiB }))).toEqual([
      'VolumeInvalid sizeGiB',
    ]);
  }
});

describe('a training cluster refuses before it makes anything', () => {
  const refusedWhole = (props: Partial<TrainingClusterProps>) => {
    const stack = new Stack(new App(), 'Test', REGION);
    const problems = refused(
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

  test('subnets of a VPC to come that are in several zones', () => {
    expect(refusedWhole({ subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } })).toEqual(['FabricZone subnets']);
  });

  test('a reservation in a zone that a VPC to come has not', () => {
    const capacity = Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1f' });
    const availabilityZones = ['us-east-1a', 'us-east-1b'];
    expect(refusedWhole({ availabilityZones, groups: { more: { ...GROUP, capacity } } })).toEqual([
      'CapacityZone groups.more.subnets',
    ]);
  });

  test('one zone alone', () => {
    expect(refusedWhole({ availabilityZones: ['us-east-1a'] })).toEqual(['ZoneUnknown availabilityZones']);
  });

  test('subnets of the control plane that are not there', () => {
    expect(refusedWhole({ controlPlaneSubnets: { subnetGroupName: 'none' } })).toEqual([
      'SubnetsMissing controlPlaneSubnets',
    ]);
  });

  test('more groups than a queue takes', () => {
    const groups = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`g${index}`, GROUP]));
    expect(refusedWhole({ groups })).toEqual(['QueueTooLarge groups']);
  });

  test.each([
    ['none', {}],
    ['those of a group', { 'node.kubernetes.io/instance-type': 'p5.48xlarge' }],
  ])('labels of system nodes that are %s', (_, systemLabels) => {
    expect(refusedWhole({ systemLabels })).toEqual(['ClusterOption systemLabels']);
  });

  test('a machine that leaves nothing to pods', () => {
    const machine = AwsMachine.of('p9.small', { ...AwsMachine.P5_48XLARGE.spec, memoryGiB: 8 });
    expect(refusedWhole({ machine })).toEqual(['PoolInvalid machine']);
  });
});

test('a job that Kubernetes refuses names its cluster', () => {
  const cluster = new TrainingCluster(new Stack(new App(), 'Test', REGION), 'Training', {
    machine: AwsMachine.P5_48XLARGE,
    nodes: 2,
    installation: Installation.gitOps(),
  });
  const error = errorOf(() => cluster.trainJob({ name: 'Not A Name' }));
  expect(problemsOf(error)).toEqual(['KubernetesName name']);
  expect(error.constructPath).toBe('Test/Training');
});
