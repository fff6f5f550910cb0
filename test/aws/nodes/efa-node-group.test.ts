import { App, Lazy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  AwsMachine,
  Capacity,
  CostAllocation,
  EfaNodeGroup,
  Interconnect,
  NodeOs,
} from 'ai-infra-constructs/aws';
import {
  type Json,
  STRICT,
  REGION,
  clusterStack,
  errorOf,
  findingIds,
  launchTemplateOf,
  problemsOf,
  synthGroup,
} from '../support';

const BLOCK = 'cr-0123456789abcdef0';

describe('every machine of the table', () => {
  const app = new App(STRICT);
  const { stack, cluster } = clusterStack({}, app);
  const groups = AwsMachine.all.map((machine) => {
    const ultra = machine.spec.ultraServerNodes?.[0];
    const capacity = machine.markets.includes('on-demand') ? Capacity.onDemand() : Capacity.capacityBlock(BLOCK);
    return new EfaNodeGroup(stack, machine.name.replace(/[.-]/g, ''), {
      cluster,
      machine,
      nodes: ultra ?? 2,
      capacity,
      subnets: { subnets: cluster.vpc.privateSubnets.slice(0, 1) },
    });
  });
  const template = Template.fromStack(stack);
  const launched = Object.values(template.findResources('AWS::EC2::LaunchTemplate')).map(
    (resource) => resource.Properties.LaunchTemplateData,
  );

  test('is a launch template whose EFA interfaces are all that the machine has', () => {
    const wired = new Map<string, number>(
      launched.map((data) => [
        data.InstanceType,
        data.NetworkInterfaces.filter((nic: Json) => nic.InterfaceType !== 'interface').length,
      ]),
    );
    const shares = AwsMachine.all.map(({ name, spec }) => [name, wired.get(name), spec.efaInterfaces]);
    expect(shares.filter(([, got, has]) => got !== has)).toEqual([]);
    expect(wired.size).toBe(AwsMachine.all.length);
  });

  test('boots an image that knows its accelerator', () => {
    const images = new Set(
      Object.values(template.findResources('AWS::EKS::Nodegroup')).map((resource) => resource.Properties.AmiType),
    );
    expect(images).toEqual(new Set(['AL2023_x86_64_NVIDIA', 'AL2023_ARM_64_NVIDIA', 'AL2023_x86_64_NEURON']));
    expect(groups).toHaveLength(AwsMachine.all.length);
  });
});

describe('network interfaces', () => {
  test('the first card keeps the IP interface, and the others carry only the fabric', () => {
    const { NetworkInterfaces: interfaces } = launchTemplateOf(synthGroup({ machine: AwsMachine.P5_48XLARGE }));
    expect(interfaces).toHaveLength(33);
    expect(interfaces[0]).toMatchObject({ NetworkCardIndex: 0, DeviceIndex: 0, InterfaceType: 'interface' });
    for (const nic of interfaces.slice(1)) expect(nic.InterfaceType).toBe('efa-only');
  });

  test('IP carries the cluster group and the fabric group; the fabric carries its own only', () => {
    const synthesized = synthGroup({ machine: AwsMachine.P5EN_48XLARGE });
    const fabric = synthesized.stack.resolve(synthesized.group.securityGroup.securityGroupId);
    const [ip, ...others] = launchTemplateOf(synthesized).NetworkInterfaces;
    expect(ip.Groups).toEqual(['sg-0c1a5e', fabric]);
    for (const nic of others) expect(nic.Groups).toEqual([fabric]);
  });

  test('a node of several interfaces asks for no public address, and one of a single interface refuses it', () => {
    const many = launchTemplateOf(synthGroup({ machine: AwsMachine.P5_48XLARGE })).NetworkInterfaces;
    const single = launchTemplateOf(synthGroup({ machine: AwsMachine.G5_XLARGE })).NetworkInterfaces;
    expect(many.some((nic: object) => 'AssociatePublicIpAddress' in nic)).toBe(false);
    expect(single).toEqual([expect.objectContaining({ AssociatePublicIpAddress: false })]);
  });

  test('a chosen card list wires those cards and records that the fabric is not full', () => {
    const synthesized = synthGroup({ interconnect: Interconnect.efaOnCards([9, 1, 5]) });
    const fabric = launchTemplateOf(synthesized).NetworkInterfaces.slice(1);
    expect(fabric.map((nic: Json) => nic.NetworkCardIndex)).toEqual([1, 5, 9]);
    expect(findingIds(synthesized.group)).toEqual(['fabric/not-full']);
  });

  test('switched off, EFA is gone and several nodes are a doubt', () => {
    const synthesized = synthGroup({ interconnect: Interconnect.none() });
    expect(launchTemplateOf(synthesized).NetworkInterfaces).toHaveLength(1);
    expect(findingIds(synthesized.group)).toEqual(['fabric/no-efa']);
  });
});

describe('security group of the fabric', () => {
  test('has all traffic from itself and to itself, and no other way out', () => {
    const { template, stack, group, properties } = synthGroup();
    const self = stack.resolve(group.securityGroup.securityGroupId);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: self,
      SourceSecurityGroupId: self,
      IpProtocol: '-1',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: self,
      DestinationSecurityGroupId: self,
      IpProtocol: '-1',
    });
    const fabric = properties('AWS::EC2::SecurityGroup').find(({ GroupDescription }) => /EFA/.test(GroupDescription));
    expect(fabric?.SecurityGroupEgress ?? []).toEqual([]);
  });

  test('can be brought', () => {
    const { stack, cluster } = clusterStack();
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Shared', 'sg-0ff1ce');
    const group = new EfaNodeGroup(stack, 'Nodes', {
      cluster,
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      securityGroup,
    });
    expect(group.securityGroup).toBe(securityGroup);
    Template.fromStack(stack).resourcePropertiesCountIs(
      'AWS::EC2::SecurityGroup',
      { GroupDescription: Match.stringLikeRegexp('EFA') },
      0,
    );
  });
});

describe('placement', () => {
  test('nodes join a cluster placement group in one subnet', () => {
    const { template, properties } = synthGroup();
    template.hasResourceProperties('AWS::EC2::PlacementGroup', { Strategy: 'cluster' });
    expect(properties('AWS::EKS::Nodegroup')[0]?.Subnets).toHaveLength(1);
  });

  test.each([
    ['a reservation', Capacity.reservation(BLOCK)],
    ['a capacity block', Capacity.capacityBlock(BLOCK)],
  ])('%s made apart drops the group', (_, capacity) => {
    const synthesized = synthGroup({ capacity });
    synthesized.template.resourceCountIs('AWS::EC2::PlacementGroup', 0);
    expect(launchTemplateOf(synthesized).Placement).toBeUndefined();
  });

  test('a reservation made in a placement group names that group', () => {
    const capacity = Capacity.reservation(BLOCK, { placementGroupName: 'reserved' });
    expect(launchTemplateOf(synthGroup({ capacity })).Placement).toEqual({ GroupName: 'reserved' });
  });

  test('a new reservation is made inside the group, in the zone of the nodes', () => {
    const synthesized = synthGroup({ capacity: Capacity.newReservation(), nodes: 4 });
    synthesized.template.hasResourceProperties('AWS::EC2::CapacityReservation', {
      InstanceType: 'p5.48xlarge',
      InstanceCount: 4,
      InstanceMatchCriteria: 'targeted',
      EndDateType: 'unlimited',
      AvailabilityZone: synthesized.stack.resolve(synthesized.group.subnets[0]!.availabilityZone),
      PlacementGroupArn: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([':placement-group/'])] }),
    });
    expect(
      launchTemplateOf(synthesized).CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId,
    ).toEqual({
      Ref: expect.stringMatching(/^NodesReservation/),
    });
  });
});

describe('capacity', () => {
  test('a capacity block is wired in template, node group and scaling', () => {
    const synthesized = synthGroup({ capacity: Capacity.capacityBlock(BLOCK), nodes: 8 });
    expect(launchTemplateOf(synthesized)).toMatchObject({
      InstanceType: 'p5.48xlarge',
      InstanceMarketOptions: { MarketType: 'capacity-block' },
      CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: BLOCK } },
    });
    expect(synthesized.properties('AWS::EKS::Nodegroup')[0]).toMatchObject({
      CapacityType: 'CAPACITY_BLOCK',
      ScalingConfig: { MinSize: 0, DesiredSize: 0, MaxSize: 8 },
      UpdateConfig: { UpdateStrategy: 'MINIMAL' },
    });
  });

  test('a capacity block that has begun wants its nodes, and no autoscaler moves them', () => {
    const { properties, group } = synthGroup({ capacity: Capacity.capacityBlock(BLOCK, { desiredNodes: 2 }) });
    expect(properties('AWS::EKS::Nodegroup')[0]?.ScalingConfig).toEqual({ MinSize: 0, DesiredSize: 2, MaxSize: 2 });
    expect(group.isElastic).toBe(false);
    expect(findingIds(group)).toEqual([]);
    expect(findingIds(synthGroup({ capacity: Capacity.capacityBlock(BLOCK) }).group)).toEqual([
      'capacity/stands-at-zero',
    ]);
  });

  test('a reservation goes to the subnet of its zone', () => {
    const synthesized = synthGroup(
      { capacity: Capacity.reservation(BLOCK, { availabilityZone: 'us-east-1b' }) },
      REGION,
    );
    expect(synthesized.group.subnets[0]?.availabilityZone).toBe('us-east-1b');
  });

  test('while zones are looked up, the CDK’s placeholders raise no error', () => {
    const stack = new Stack(new App(), 'Looking', REGION);
    const vpc = new Vpc(stack, 'Vpc');
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterName: 'research',
      vpc,
      clusterSecurityGroupId: 'sg-0c1a5e',
    });
    const capacity = Capacity.capacityBlock(BLOCK, { availabilityZone: 'us-east-1b' });
    expect(
      () => new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2, capacity }),
    ).not.toThrow();
  });

  test('spot and its fallback stand at zero until a job is admitted, as one pool on the same fabric group and role', () => {
    const { properties, group } = synthGroup({ capacity: Capacity.spot({ fallback: Capacity.onDemand() }) });
    const groups = properties('AWS::EKS::Nodegroup');
    expect(
      groups.map((each) => [each.CapacityType, each.ScalingConfig.DesiredSize, each.ScalingConfig.MaxSize]),
    ).toEqual(
      expect.arrayContaining([
        ['SPOT', 0, 2],
        ['ON_DEMAND', 0, 2],
      ]),
    );
    expect(new Set(groups.map((each) => JSON.stringify(each.NodeRole))).size).toBe(1);
    expect(group.fallback?.securityGroup).toBe(group.securityGroup);
    expect(groups.map((each) => each.Labels['ai-infra/pool'])).toEqual(['nodes', 'nodes']);
    expect(groups.map((each) => each.NodegroupName).sort()).toEqual([
      expect.stringMatching(/^nodes-on-demand-[0-9a-f]{8}$/),
      expect.stringMatching(/^nodes-spot-[0-9a-f]{8}$/),
    ]);
  });

  test('a group that may stand empty tells the autoscaler what its nodes offer', () => {
    const { properties } = synthGroup({ capacity: Capacity.spot({ fallback: Capacity.onDemand() }) });
    for (const { Tags: tags } of properties('AWS::EKS::Nodegroup')) {
      expect(tags).toEqual({
        'k8s.io/cluster-autoscaler/node-template/resources/nvidia.com/gpu': '8',
        'k8s.io/cluster-autoscaler/node-template/resources/vpc.amazonaws.com/efa': '32',
        'k8s.io/cluster-autoscaler/node-template/resources/hugepages-2Mi': '10256Mi',
      });
    }
    expect(synthGroup().properties('AWS::EKS::Nodegroup')[0]?.Tags).toBeUndefined();
  });

  test('a reservation that ends is told, and its end is written', () => {
    const until = new Date('2126-01-31T00:00:00Z');
    const { template, group } = synthGroup({ capacity: Capacity.newReservation({ until }) });
    template.hasResourceProperties('AWS::EC2::CapacityReservation', {
      EndDateType: 'limited',
      EndDate: '2126-01-31T00:00:00.000Z',
    });
    expect(findingIds(group)).toEqual(['capacity/expires']);
  });
});

describe('nodes', () => {
  test('take IMDSv2 only, encrypt their volumes and repair themselves', () => {
    const synthesized = synthGroup({ rootVolumeGiB: 500 });
    expect(launchTemplateOf(synthesized)).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 500, VolumeType: 'gp3' } }],
    });
    const { NodeRepairConfig } = synthesized.properties('AWS::EKS::Nodegroup')[0]!;
    expect(NodeRepairConfig.Enabled).toBe(true);
    expect(
      NodeRepairConfig.NodeRepairConfigOverrides.map((override: Json) => [
        override.NodeUnhealthyReason,
        override.RepairAction,
      ]),
    ).toEqual([
      ['NvidiaXID13Error', 'NoAction'],
      ['NvidiaXID31Error', 'NoAction'],
    ]);
  });

  test('take a key of the user for their volumes', () => {
    const { stack, cluster } = clusterStack();
    const volumeKey = new Key(stack, 'Key');
    new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2, volumeKey });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { KmsKeyId: stack.resolve(volumeKey.keyArn) } }] },
    });
  });

  test('keep pods without accelerators away, and carry the pool label and those of the user', () => {
    expect(
      synthGroup({ name: 'pretrain', labels: { tier: 'gold' } }).properties('AWS::EKS::Nodegroup')[0],
    ).toMatchObject({
      Taints: [{ Key: 'nvidia.com/gpu', Value: 'present', Effect: 'NO_SCHEDULE' }],
      Labels: { 'ai-infra/pool': 'pretrain', tier: 'gold' },
    });
    expect(
      synthGroup({ machine: AwsMachine.TRN2_48XLARGE, capacity: Capacity.capacityBlock(BLOCK) }).properties(
        'AWS::EKS::Nodegroup',
      )[0],
    ).toMatchObject({
      Taints: [{ Key: 'aws.amazon.com/neuron' }],
      NodeRepairConfig: { Enabled: true },
    });
  });
});

describe('user data', () => {
  const userDataOf = (props: Parameters<typeof synthGroup>[0]) =>
    JSON.stringify(launchTemplateOf(synthGroup(props)).UserData ?? '');

  test('makes one RAID0 of local NVMe and reserves the huge pages of EFA', () => {
    const text = userDataOf({ machine: AwsMachine.P5_48XLARGE });
    expect(text).toContain('strategy: RAID0');
    expect(text).toContain('vm.nr_hugepages = 5128');
  });

  test('leaves both out where there is neither', () => {
    expect(userDataOf({ machine: AwsMachine.INF2_48XLARGE })).toBe('""');
    expect(userDataOf({ machine: AwsMachine.G5_XLARGE, scratch: false })).toBe('""');
  });

  test('runs the commands of the user last', () => {
    const text = userDataOf({ commands: ['modprobe efa'] });
    expect(text.indexOf('modprobe efa')).toBeGreaterThan(text.indexOf('nr_hugepages'));
  });

  test('on Bottlerocket it is settings, on the data volume', () => {
    const synthesized = synthGroup({ os: NodeOs.BOTTLEROCKET });
    expect(JSON.stringify(launchTemplateOf(synthesized).UserData)).toContain('ephemeral-storage');
    expect(launchTemplateOf(synthesized).BlockDeviceMappings[0].DeviceName).toBe('/dev/xvdb');
    expect(synthesized.properties('AWS::EKS::Nodegroup')[0]?.AmiType).toBe('BOTTLEROCKET_x86_64_NVIDIA');
  });
});

describe('cost tags', () => {
  const allocation = {
    project: 'atlas',
    team: 'research',
    environment: 'prod',
    costCenter: 'R-17',
    owner: 'ml-platform',
  };

  test('reach instances, volumes, network interfaces, the template and the node group', () => {
    const { stack, cluster } = clusterStack();
    CostAllocation.apply(stack, allocation);
    new EfaNodeGroup(stack, 'Nodes', {
      cluster,
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      capacity: Capacity.newReservation(),
    });
    Tags.of(stack).add('extra', 'yes');
    const template = Template.fromStack(stack);
    const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
    const { TagSpecifications: launched } = launchTemplate!.Properties.LaunchTemplateData;
    expect(launched.map((each: Json) => each.ResourceType)).toEqual(['instance', 'volume', 'network-interface']);
    for (const { Tags: tags } of [...launched, ...launchTemplate!.Properties.TagSpecifications]) {
      expect(tags).toEqual(
        expect.arrayContaining([
          { Key: 'cost-center', Value: 'R-17' },
          { Key: 'extra', Value: 'yes' },
        ]),
      );
    }
    template.hasResourceProperties('AWS::EKS::Nodegroup', { Tags: Match.objectLike({ project: 'atlas' }) });
    // The tags of a reservation can never change: with cost tags, a new owner would be a second reservation.
    template.hasResourceProperties('AWS::EC2::CapacityReservation', {
      TagSpecifications: [
        { ResourceType: 'capacity-reservation', Tags: [{ Key: 'Name', Value: 'Test/Nodes/Reservation' }] },
      ],
    });
  });

  test('a missing key is an error that names the construct', () => {
    const { stack } = clusterStack();
    const error = errorOf(() => CostAllocation.apply(stack, { ...allocation, costCenter: '' }));
    expect(problemsOf(error)).toEqual(['TagMissing costCenter']);
    expect(error.constructPath).toBe('Test');
  });
});

describe('refuses', () => {
  test.each([0, -1, 1.5, 451, Number.NaN, Number.POSITIVE_INFINITY])(
    '%p nodes, with the range of the fabric',
    (nodes) => {
      const error = errorOf(() => synthGroup({ nodes }));
      expect(problemsOf(error)).toEqual(['NodesOutOfRange nodes']);
      expect(error.message).toContain(`nodes must be an integer from 1 to 450 for p5.48xlarge, got ${nodes}`);
    },
  );

  test('more nodes than a raised quota, and takes what the quota allows', () => {
    expect(findingIds(synthGroup({ nodes: 600, nodeQuota: 600 }).group)).toEqual(['quota/nodes-per-group']);
    expect(problemsOf(errorOf(() => synthGroup({ nodes: 601, nodeQuota: 600 })))).toEqual(['NodesOutOfRange nodes']);
  });

  test.each([
    ['a token as the number of nodes', { nodes: Lazy.number({ produce: () => 2 }) }, 'ValueUnknown nodes'],
    ['a token as the volume size', { rootVolumeGiB: Token.asNumber({ Ref: 'Size' }) }, 'ValueUnknown rootVolumeGiB'],
    [
      'EFA on a machine without it',
      { machine: AwsMachine.G5_4XLARGE, interconnect: Interconnect.efa() },
      'EfaUnsupported interconnect',
    ],
    [
      'a card that the machine does not have',
      { interconnect: Interconnect.efaOnCards([0, 32]) },
      'NetworkCardUnknown interconnect',
    ],
    ['a card twice', { interconnect: Interconnect.efaOnCards([1, 1]) }, 'NetworkCardUnknown interconnect'],
    ['an empty card list', { interconnect: Interconnect.efaOnCards([]) }, 'NetworkCardUnknown interconnect'],
    [
      'the IP-only card 0 of P6-B300',
      { machine: AwsMachine.P6_B300_48XLARGE, interconnect: Interconnect.efaOnCards([0]) },
      'NetworkCardUnknown interconnect',
    ],
    ['Bottlerocket on Trainium', { machine: AwsMachine.TRN1_32XLARGE, os: NodeOs.BOTTLEROCKET }, 'AmiUnsupported os'],
    ['XIDs on Trainium', { machine: AwsMachine.TRN1_32XLARGE, ignoredXids: [31] }, 'NeuronOption ignoredXids'],
    ['commands on Bottlerocket', { os: NodeOs.BOTTLEROCKET, commands: ['true'] }, 'NodeCommands commands'],
    ['commands longer than the template takes', { commands: ['x'.repeat(16_384)] }, 'UserDataTooLong commands'],
    ['scratch without NVMe', { machine: AwsMachine.INF2_48XLARGE, scratch: true }, 'LocalNvmeMissing scratch'],
    ['a volume too small', { rootVolumeGiB: 8 }, 'VolumeOutOfRange rootVolumeGiB'],
    ['a volume too large', { rootVolumeGiB: 16_385 }, 'VolumeOutOfRange rootVolumeGiB'],
    [
      'a malformed reservation id',
      { capacity: Capacity.reservation('cr-123') },
      'CapacityReservationId capacity.reservationId',
    ],
    [
      'a reservation of another machine',
      { capacity: Capacity.reservation(BLOCK, { machine: AwsMachine.P4D_24XLARGE }) },
      'ReservationMachine capacity.machine',
    ],
    [
      'a reservation that ended',
      { capacity: Capacity.newReservation({ until: new Date('2020-01-01') }) },
      'CapacityDate capacity.until',
    ],
    [
      'a reservation of no date',
      { capacity: Capacity.newReservation({ until: new Date('soon') }) },
      'CapacityDate capacity.until',
    ],
    [
      'spot that falls back on a capacity block',
      { capacity: Capacity.spot({ fallback: Capacity.capacityBlock(BLOCK) }) },
      'CapacityFallback capacity.fallback',
    ],
    [
      'spot of a machine never sold so',
      { machine: AwsMachine.TRN2U_48XLARGE, nodes: 4, capacity: Capacity.spot() },
      'MarketUnsupported capacity',
    ],
    ['GB200 on demand', { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 9 }, 'UltraServerCapacity capacity'],
    [
      'part of a GB200 UltraServer',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 4, capacity: Capacity.capacityBlock(BLOCK) },
      'UltraServerCapacity nodes',
    ],
    [
      'more than a GB200 UltraServer',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 19, capacity: Capacity.capacityBlock(BLOCK) },
      'NodesOutOfRange nodes',
    ],
    [
      'a capacity block over two zones',
      { capacity: Capacity.capacityBlock(BLOCK), subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
      'CapacityZone subnets',
    ],
    ['one fabric over two zones', { subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }, 'FabricZone subnets'],
  ])('%s', (_, props, expected) => {
    expect(problemsOf(errorOf(() => synthGroup(props)))).toEqual([expected]);
  });

  test('capacity in another zone than the subnets', () => {
    const elsewhere = { availabilityZone: 'us-east-1f' };
    expect(
      problemsOf(errorOf(() => synthGroup({ capacity: Capacity.capacityBlock(BLOCK, elsewhere) }, REGION))),
    ).toEqual(['CapacityZone subnets']);
    const subnets = { availabilityZones: ['us-east-1a'], subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const capacity = Capacity.capacityBlock(BLOCK, { availabilityZone: 'us-east-1b' });
    expect(problemsOf(errorOf(() => synthGroup({ capacity, subnets }, REGION)))).toEqual(['CapacityZone subnets']);
  });

  test('everything at once, in one error, before anything is made', () => {
    const { stack, cluster } = clusterStack();
    const before = stack.node.findAll().length;
    const error = errorOf(
      () =>
        new EfaNodeGroup(stack, 'Nodes', {
          cluster,
          machine: AwsMachine.G5_XLARGE,
          nodes: 0,
          interconnect: Interconnect.efa(),
          capacity: Capacity.reservation('nonsense', { machine: AwsMachine.P5_48XLARGE }),
          rootVolumeGiB: 1,
        }),
    );
    expect(problemsOf(error)).toEqual([
      'NodesOutOfRange nodes',
      'EfaUnsupported interconnect',
      'VolumeOutOfRange rootVolumeGiB',
      'CapacityReservationId capacity.reservationId',
      'ReservationMachine capacity.machine',
      'CapacityZone subnets',
    ]);
    expect(error.constructPath).toBe('Test/Nodes');
    expect(stack.node.findAll().length).toBe(before + 1);
  });
});

describe('findings', () => {
  test.each([
    [
      'a machine whose row is not confirmed',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 9, capacity: Capacity.capacityBlock(BLOCK) },
      'machine/unverified',
    ],
    ['a machine without an on-demand price', { machine: AwsMachine.P5E_48XLARGE }, 'capacity/on-demand-scarce'],
    ['several nodes without EFA', { machine: AwsMachine.INF2_48XLARGE }, 'fabric/no-efa'],
    [
      'part of a Trn2 UltraServer',
      { machine: AwsMachine.TRN2U_48XLARGE, nodes: 6, capacity: Capacity.capacityBlock(BLOCK) },
      'fabric/partial-ultraserver',
    ],
  ])('%s', (_, props, expected) => {
    expect(findingIds(synthGroup(props).group)).toContain(expected);
  });

  test('a region that no source lists', () => {
    const { group } = synthGroup(
      { machine: AwsMachine.P6_B300_48XLARGE },
      { env: { account: '111122223333', region: 'eu-west-3' } },
    );
    expect(findingIds(group)).toEqual(['machine/region']);
    expect(findingIds(synthGroup({ machine: AwsMachine.P6_B300_48XLARGE }, REGION).group)).toEqual([]);
  });

  test('one that is acknowledged says so, with the reason nearest to it', () => {
    const { stack, cluster } = clusterStack();
    const group = new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.INF2_48XLARGE, nodes: 2 });
    const acknowledged = () => findingsOf(stack).map((finding) => [finding.constructPath, finding.acknowledged]);
    expect(acknowledged()).toEqual([['Test/Nodes', undefined]]);
    acknowledge(stack, 'fabric/no-efa', 'for the whole stack');
    expect(acknowledged()).toEqual([['Test/Nodes', 'for the whole stack']]);
    acknowledge(group, 'fabric/no-efa', 'single-node jobs');
    expect(acknowledged()).toEqual([['Test/Nodes', 'single-node jobs']]);
    acknowledge(group, 'fabric/not-full', 'something else');
    expect(acknowledged()).toEqual([['Test/Nodes', 'single-node jobs']]);
  });

  test('a plain P5 group has none', () => {
    expect(findingIds(synthGroup().group)).toEqual([]);
  });
});
