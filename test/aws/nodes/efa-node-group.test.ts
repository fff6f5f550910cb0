import { App, Lazy, Size, Stack, Tags, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  AwsMachine,
  Capacity,
  ClusterSource,
  CostAllocation,
  EfaNodeGroup,
  Installation,
  Interconnect,
  NodeImage,
  NodeOs,
  TrainingCluster,
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
const CONFIRM = { confirm: 'costs until deleted' } as const;

describe('each machine in the table', () => {
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

  test('gets a launch template with all its EFA interfaces', () => {
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

  test('uses an image with support for its accelerator', () => {
    const images = new Set(
      Object.values(template.findResources('AWS::EKS::Nodegroup')).map((resource) => resource.Properties.AmiType),
    );
    expect(images).toEqual(new Set(['AL2023_x86_64_NVIDIA', 'AL2023_ARM_64_NVIDIA', 'AL2023_x86_64_NEURON']));
    expect(groups).toHaveLength(AwsMachine.all.length);
  });
});

describe('network interfaces', () => {
  test('keeps the IP interface on the first card and adds efa-only interfaces on the others', () => {
    const { NetworkInterfaces: interfaces } = launchTemplateOf(synthGroup({ machine: AwsMachine.P5_48XLARGE }));
    expect(interfaces).toHaveLength(33);
    expect(interfaces[0]).toMatchObject({ NetworkCardIndex: 0, DeviceIndex: 0, InterfaceType: 'interface' });
    for (const nic of interfaces.slice(1)) expect(nic.InterfaceType).toBe('efa-only');
  });

  test('gives the IP interface both security groups, and the EFA interfaces only that of the fabric', () => {
    const synthesized = synthGroup({ machine: AwsMachine.P5EN_48XLARGE });
    const fabric = synthesized.stack.resolve(synthesized.group.securityGroup.securityGroupId);
    const [ip, ...others] = launchTemplateOf(synthesized).NetworkInterfaces;
    expect(ip.Groups).toEqual(['sg-0c1a5e', fabric]);
    for (const nic of others) expect(nic.Groups).toEqual([fabric]);
  });

  test('disables the public address for one interface, and leaves the field out for several', () => {
    const many = launchTemplateOf(synthGroup({ machine: AwsMachine.P5_48XLARGE })).NetworkInterfaces;
    const single = launchTemplateOf(synthGroup({ machine: AwsMachine.G5_XLARGE })).NetworkInterfaces;
    expect(many.some((nic: object) => 'AssociatePublicIpAddress' in nic)).toBe(false);
    expect(single).toEqual([expect.objectContaining({ AssociatePublicIpAddress: false })]);
  });

  test('attaches EFA to the given cards, and reports the reduced bandwidth', () => {
    const synthesized = synthGroup({ interconnect: Interconnect.efaOnCards([9, 1, 5]) });
    const fabric = launchTemplateOf(synthesized).NetworkInterfaces.slice(1);
    expect(fabric.map((nic: Json) => nic.NetworkCardIndex)).toEqual([1, 5, 9]);
    expect(findingIds(synthesized.group)).toEqual(['fabric/not-full']);
  });

  test('attaches no EFA interface for Interconnect.none(), and reports several nodes without EFA', () => {
    const synthesized = synthGroup({ interconnect: Interconnect.none() });
    expect(launchTemplateOf(synthesized).NetworkInterfaces).toHaveLength(1);
    expect(findingIds(synthesized.group)).toEqual(['fabric/no-efa']);
  });
});

describe('fabric security group', () => {
  test('allows traffic from and to itself, and nothing else', () => {
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

  test('can be an existing security group', () => {
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
  test('puts the nodes in a cluster placement group and one subnet', () => {
    const { template, properties } = synthGroup();
    template.hasResourceProperties('AWS::EC2::PlacementGroup', { Strategy: 'cluster' });
    expect(properties('AWS::EKS::Nodegroup')[0]?.Subnets).toHaveLength(1);
  });

  test.each([
    ['an existing reservation', Capacity.reservation(BLOCK)],
    ['a capacity block', Capacity.capacityBlock(BLOCK)],
  ])('creates no placement group for %s', (_, capacity) => {
    const synthesized = synthGroup({ capacity });
    synthesized.template.resourceCountIs('AWS::EC2::PlacementGroup', 0);
    expect(launchTemplateOf(synthesized).Placement).toBeUndefined();
  });

  test('uses the placement group of an existing reservation', () => {
    const capacity = Capacity.reservation(BLOCK, { placementGroupName: 'reserved' });
    expect(launchTemplateOf(synthGroup({ capacity })).Placement).toEqual({ GroupName: 'reserved' });
  });

  test('creates a new reservation in the placement group and the zone of the nodes', () => {
    const synthesized = synthGroup({ capacity: Capacity.newReservation(CONFIRM), nodes: 4 });
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
  test('sets a capacity block in the launch template and the node group', () => {
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

  test('starts the desired nodes of a capacity block, without an autoscaler', () => {
    const { properties, group } = synthGroup({ capacity: Capacity.capacityBlock(BLOCK, { desiredNodes: 2 }) });
    expect(properties('AWS::EKS::Nodegroup')[0]?.ScalingConfig).toEqual({ MinSize: 0, DesiredSize: 2, MaxSize: 2 });
    expect(group.isElastic).toBe(false);
    expect(findingIds(group)).toEqual([]);
    expect(findingIds(synthGroup({ capacity: Capacity.capacityBlock(BLOCK) }).group)).toEqual([
      'capacity/scaled-to-zero',
    ]);
  });

  test('uses the subnet in the zone of a reservation', () => {
    const synthesized = synthGroup(
      { capacity: Capacity.reservation(BLOCK, { availabilityZone: 'us-east-1b' }) },
      REGION,
    );
    expect(synthesized.group.subnets[0]?.availabilityZone).toBe('us-east-1b');
  });

  test('accepts placeholder zones during a context lookup', () => {
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

  test.each([
    ['a zone', { availabilityZones: ['us-east-1b'] }],
    ['a name', { subnetGroupName: 'Accelerators' }],
    ['a type', { subnetType: SubnetType.PRIVATE_WITH_EGRESS }],
  ])('lets the CDK look up a VPC whose subnets are selected by %s', (_, subnets) => {
    const app = new App();
    const stack = new Stack(app, 'Looking', REGION);
    new TrainingCluster(stack, 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      vpc: Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0' }),
      cluster: ClusterSource.create({ controlPlaneSubnets: subnets }),
      subnets,
    });
    expect(app.synth().manifest.missing).toHaveLength(1);
  });

  test('creates a spot group and its fallback with 0 nodes, as one pool with the same security group and role', () => {
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

  test('tags a group that can scale to zero with the resources of its nodes', () => {
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

  test('sets the end of a new reservation, and reports it', () => {
    const until = new Date('2126-01-31T00:00:00Z');
    const { template, group } = synthGroup({ capacity: Capacity.newReservation({ ...CONFIRM, until }) });
    template.hasResourceProperties('AWS::EC2::CapacityReservation', {
      EndDateType: 'limited',
      EndDate: '2126-01-31T00:00:00.000Z',
    });
    expect(findingIds(group)).toEqual(['capacity/expires']);
  });
});

describe('nodes', () => {
  test('use only IMDSv2, encrypted volumes, and auto repair', () => {
    const synthesized = synthGroup({ nodeOptions: { bootDisk: Size.gibibytes(500) } });
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

  test('encrypt the boot disk with a given key', () => {
    const { stack, cluster } = clusterStack();
    const bootDiskKey = new Key(stack, 'Key');
    new EfaNodeGroup(stack, 'Nodes', {
      cluster,
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      nodeOptions: { bootDiskKey },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { KmsKeyId: stack.resolve(bootDiskKey.keyArn) } }] },
    });
  });

  test('have a taint, the pool label, and the given labels', () => {
    expect(
      synthGroup({ name: 'pretrain', nodeOptions: { labels: { tier: 'gold' } } }).properties('AWS::EKS::Nodegroup')[0],
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

  test('creates a RAID0 array from local NVMe disks, and reserves huge pages for EFA', () => {
    const text = userDataOf({ machine: AwsMachine.P5_48XLARGE });
    expect(text).toContain('strategy: RAID0');
    expect(text).toContain('vm.nr_hugepages = 5128');
  });

  test('is empty without NVMe disks and without EFA', () => {
    expect(userDataOf({ machine: AwsMachine.INF2_48XLARGE })).toBe('""');
    expect(userDataOf({ machine: AwsMachine.G5_XLARGE, nodeOptions: { scratch: false } })).toBe('""');
  });

  test('runs the given commands last', () => {
    const text = userDataOf({ nodeOptions: { commands: ['modprobe efa'] } });
    expect(text.indexOf('modprobe efa')).toBeGreaterThan(text.indexOf('nr_hugepages'));
  });

  const SETTINGS = {
    maxPodsPerNode: 110,
    kubelet: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'restricted', podPidsLimit: 4096 },
    sysctls: { 'net.core.rmem_max': '16777216' },
  } as const;

  test('passes kubelet settings to nodeadm, and sets kernel parameters before the given commands', () => {
    const text = userDataOf({ nodeOptions: { ...SETTINGS, commands: ['modprobe efa'] } });
    expect(text).toContain(
      [
        'spec:',
        '  instance:',
        '    localStorage:',
        '      strategy: RAID0',
        '  kubelet:',
        '    config:',
        '      cpuManagerPolicy: static',
        '      topologyManagerPolicy: restricted',
        '      podPidsLimit: 4096',
        '',
      ].join('\\n'),
    );
    const order = [
      'vm.nr_hugepages',
      '/etc/eks/nodeadm.d/max-pods.yaml',
      'net.core.rmem_max = 16777216',
      'sysctl --load',
      'modprobe efa',
    ];
    const positions = order.map((part) => text.lastIndexOf(part));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions[0]).toBeGreaterThan(0);
  });

  test('writes the limit of pods into a file that nodeadm reads after the user data of EKS', () => {
    const text = userDataOf({ nodeOptions: { maxPodsPerNode: 110 } });
    const file = ['kind: NodeConfig', 'spec:', '  kubelet:', '    config:', '      maxPods: 110', 'END'].join('\\n');
    expect(text).toContain("cat > /etc/eks/nodeadm.d/max-pods.yaml <<'END'");
    expect(text).toContain(file);
    expect(text.match(/maxPods/g)).toHaveLength(1);
  });

  test('contains the same settings in the format of Bottlerocket', () => {
    const { template } = synthGroup({ nodeOptions: { ...SETTINGS, os: NodeOs.BOTTLEROCKET, scratch: false } });
    const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
    expect(launchTemplate!.Properties.LaunchTemplateData.UserData).toEqual({
      'Fn::Base64': [
        '[settings.kubernetes]',
        '"max-pods" = 110',
        '"cpu-manager-policy" = "static"',
        '"topology-manager-policy" = "restricted"',
        '"pod-pids-limit" = 4096',
        '',
        '[settings.kernel.sysctl]',
        '"net.core.rmem_max" = "16777216"',
        '',
      ].join('\n'),
    });
  });

  test('contains settings for the data volume on Bottlerocket', () => {
    const synthesized = synthGroup({ nodeOptions: { os: NodeOs.BOTTLEROCKET } });
    expect(JSON.stringify(launchTemplateOf(synthesized).UserData)).toContain('ephemeral-storage');
    expect(launchTemplateOf(synthesized).BlockDeviceMappings[0].DeviceName).toBe('/dev/xvdb');
    expect(synthesized.properties('AWS::EKS::Nodegroup')[0]?.AmiType).toBe('BOTTLEROCKET_x86_64_NVIDIA');
  });
});

describe('the image', () => {
  const groupOf = ({ properties }: ReturnType<typeof synthGroup>) => properties('AWS::EKS::Nodegroup')[0]!;
  const kubernetesVersion = KubernetesVersion.V1_36;

  test('is a pinned release of the EKS image', () => {
    const synthesized = synthGroup({ kubernetesVersion, nodeOptions: { image: NodeImage.release('1.36.0-20261105') } });
    expect(groupOf(synthesized)).toMatchObject({
      ReleaseVersion: '1.36.0-20261105',
      Version: '1.36',
      AmiType: 'AL2023_x86_64_NVIDIA',
    });
    expect(launchTemplateOf(synthesized)).not.toHaveProperty('ImageId');
  });

  test('is your own AMI, which gets what a node needs to join the cluster', () => {
    const app = new App();
    const { stack, vpc } = clusterStack({}, app);
    const cluster = Cluster.fromClusterAttributes(stack, 'Ours', {
      clusterName: 'ours',
      vpc,
      clusterSecurityGroupId: 'sg-0c1a5e',
      clusterEndpoint: 'https://ours.example.com',
      clusterCertificateAuthorityData: 'Y2VydA==',
    });
    const image = NodeImage.ami('ami-0123456789abcdef0', { serviceCidr: '172.20.0.0/16' });
    const nodeOptions = { image, labels: { team: 'chat' }, maxPodsPerNode: 110 };
    const machine = AwsMachine.P5_48XLARGE;
    new EfaNodeGroup(stack, 'Nodes', { cluster, machine, nodes: 2, kubernetesVersion, nodeOptions });
    const template = Template.fromStack(stack);
    const [group] = Object.values(template.findResources('AWS::EKS::Nodegroup'));
    // EKS rejects these properties for an AMI of your own.
    for (const property of ['AmiType', 'Version', 'ReleaseVersion'])
      expect(group!.Properties).not.toHaveProperty(property);
    const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
    const { ImageId: imageId, UserData: userData } = launchTemplate!.Properties.LaunchTemplateData;
    expect(imageId).toBe('ami-0123456789abcdef0');
    const text = JSON.stringify(userData);
    for (const part of [
      "name: 'ours'",
      'apiServerEndpoint: https://ours.example.com',
      'certificateAuthority: Y2VydA==',
      'cidr: 172.20.0.0/16',
      '--node-labels=ai-infra/pool=nodes,team=chat',
      '--register-with-taints=nvidia.com/gpu=present:NoSchedule',
      'maxPods: 110',
    ])
      expect(text).toContain(part);
    // EKS adds nothing to this user data, so nothing needs to override it.
    expect(text).not.toContain('max-pods.yaml');
  });

  test.each<[string, Parameters<typeof synthGroup>[0], string]>([
    [
      'a release for another Kubernetes version',
      { kubernetesVersion, nodeOptions: { image: NodeImage.release('1.35.2-20261105') } },
      'AmiUnsupported nodeOptions.image',
    ],
    [
      'a malformed release',
      { nodeOptions: { image: NodeImage.release('latest') } },
      'AmiUnsupported nodeOptions.image',
    ],
    [
      'your own AMI for Bottlerocket',
      {
        nodeOptions: {
          os: NodeOs.BOTTLEROCKET,
          image: NodeImage.ami('ami-0123456789abcdef0', { serviceCidr: '172.20.0.0/16' }),
        },
      },
      'AmiUnsupported nodeOptions.image',
    ],
    [
      'your own AMI for an imported cluster without an endpoint',
      { nodeOptions: { image: NodeImage.ami('ami-0123456789abcdef0', { serviceCidr: '172.20.0.0/16' }) } },
      'ClusterOption cluster',
    ],
  ])('cannot be %s', (_, props, expected) => {
    expect(problemsOf(errorOf(() => synthGroup(props)))).toContain(expected);
  });
});

describe('taints', () => {
  const TAINT = { key: 'example.com/team', value: 'chat', effect: 'NoExecute' } as const;

  test('are added to the taint of the accelerator, and pods tolerate them', () => {
    const { properties, group } = synthGroup({ nodeOptions: { taints: [TAINT] } });
    expect(properties('AWS::EKS::Nodegroup')[0]?.Taints).toEqual([
      { Key: 'nvidia.com/gpu', Value: 'present', Effect: 'NO_SCHEDULE' },
      { Key: 'example.com/team', Value: 'chat', Effect: 'NO_EXECUTE' },
    ]);
    expect(group.taints).toContainEqual(TAINT);
    const training = new TrainingCluster(new Stack(new App(), 'Test'), 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      installation: Installation.gitOps(),
      nodeOptions: { taints: [TAINT] },
    });
    const { releases, manifests } = training.bundle;
    const toleration = { key: 'example.com/team', operator: 'Equal', value: 'chat', effect: 'NoExecute' };
    const plugin = releases.find(({ chart }) => chart === 'nvidia-device-plugin');
    expect(plugin?.values.tolerations).toContainEqual(toleration);
    expect(JSON.stringify(manifests.filter(({ kind }) => kind === 'ResourceFlavor'))).toContain('example.com/team');
  });

  test.each<[string, string, object]>([
    ['a malformed key', 'NodeTaint nodeOptions.taints[0].key', { taints: [{ ...TAINT, key: 'a b' }] }],
    [
      'the taint of the accelerator',
      'NodeTaint nodeOptions.taints[0].key',
      { taints: [{ ...TAINT, key: 'nvidia.com/gpu' }] },
    ],
    [
      'a taint of Kubernetes',
      'NodeTaint nodeOptions.taints[0].key',
      { taints: [{ ...TAINT, key: 'node.kubernetes.io/x' }] },
    ],
    ['a taint twice', 'NodeTaint nodeOptions.taints[1].key', { taints: [TAINT, TAINT] }],
    ['a malformed value', 'NodeTaint nodeOptions.taints[0].value', { taints: [{ ...TAINT, value: '-' }] }],
    [
      'more taints than a queue tolerates',
      'NodeTaint nodeOptions.taints',
      {
        taints: Array.from({ length: 8 }, (_, index) => ({ ...TAINT, key: `team-${index}` })),
      },
    ],
    ['too many pods', 'NodeSetting nodeOptions.maxPodsPerNode', { maxPodsPerNode: 251 }],
    ['no process in a pod', 'NodeSetting nodeOptions.kubelet.podPidsLimit', { kubelet: { podPidsLimit: 0 } }],
    ['a kernel parameter without a dot', 'NodeSetting nodeOptions.sysctls.rmem', { sysctls: { rmem: '1' } }],
    [
      'a kernel parameter with a command',
      'NodeSetting nodeOptions.sysctls.net.core.rmem_max',
      {
        sysctls: { 'net.core.rmem_max': '1\nreboot' },
      },
    ],
    [
      'the huge pages of the library',
      'NodeSetting nodeOptions.sysctls.vm.nr_hugepages',
      {
        sysctls: { 'vm.nr_hugepages': '1' },
      },
    ],
  ])('and node settings cannot have %s', (_, expected, nodeOptions) => {
    expect(problemsOf(errorOf(() => synthGroup({ nodeOptions })))).toContain(expected);
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

  test('apply to instances, volumes, network interfaces, the launch template, and the node group', () => {
    const { stack, cluster } = clusterStack();
    CostAllocation.apply(stack, allocation);
    new EfaNodeGroup(stack, 'Nodes', {
      cluster,
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      capacity: Capacity.newReservation(CONFIRM),
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
  });

  test('puts on a new reservation the cost tags that a budget filters by, and no tag that changes more often', () => {
    const { stack, cluster } = clusterStack();
    CostAllocation.apply(stack, { ...allocation, additionalTags: { experiment: 'moe-3' } });
    const capacity = Capacity.newReservation(CONFIRM);
    new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2, capacity });
    Tags.of(stack).add('commit', 'f00');
    // CloudFormation replaces a reservation if one of its tags changes.
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::CapacityReservation', {
      TagSpecifications: [
        {
          ResourceType: 'capacity-reservation',
          Tags: [
            { Key: 'Name', Value: 'Test/Nodes/Reservation' },
            { Key: 'cost-center', Value: 'R-17' },
            { Key: 'environment', Value: 'prod' },
            { Key: 'project', Value: 'atlas' },
            { Key: 'team', Value: 'research' },
          ],
        },
      ],
    });
  });

  test('reports a missing tag with the construct path', () => {
    const { stack } = clusterStack();
    const error = errorOf(() => CostAllocation.apply(stack, { ...allocation, costCenter: '' }));
    expect(problemsOf(error)).toEqual(['TagMissing costCenter']);
    expect(error.constructPath).toBe('Test');
  });
});

describe('rejects', () => {
  test.each([0, -1, 1.5, 451, Number.NaN, Number.POSITIVE_INFINITY])('%p nodes, and reports the range', (nodes) => {
    const error = errorOf(() => synthGroup({ nodes }));
    expect(problemsOf(error)).toEqual(['NodesOutOfRange nodes']);
    expect(error.message).toContain(`nodes must be a whole number from 1 to 450 for p5.48xlarge (got ${nodes})`);
  });

  test('more nodes than a raised quota, and accepts the quota', () => {
    expect(findingIds(synthGroup({ nodes: 600, nodeOptions: { nodeQuota: 600 } }).group)).toEqual([
      'quota/nodes-per-group',
    ]);
    expect(problemsOf(errorOf(() => synthGroup({ nodes: 601, nodeOptions: { nodeQuota: 600 } })))).toEqual([
      'NodesOutOfRange nodes',
    ]);
  });

  test('a new reservation without a confirmation', () => {
    expect(problemsOf(errorOf(() => Capacity.newReservation({} as never)))).toEqual(['CapacityUnconfirmed confirm']);
    const error = errorOf(() => Capacity.newReservation({ confirm: 'yes' as never }));
    expect(problemsOf(error)).toEqual(['CapacityUnconfirmed confirm']);
    expect(error.message).toContain("confirm must be 'costs until deleted' (got 'yes')");
  });

  test.each([
    ['a token as the number of nodes', { nodes: Lazy.number({ produce: () => 2 }) }, 'ValueUnknown nodes'],
    [
      'a token as the size of the boot disk',
      { nodeOptions: { bootDisk: Size.gibibytes(Token.asNumber({ Ref: 'Size' })) } },
      'ValueUnknown nodeOptions.bootDisk',
    ],
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
    [
      'Bottlerocket on Trainium',
      { machine: AwsMachine.TRN1_32XLARGE, nodeOptions: { os: NodeOs.BOTTLEROCKET } },
      'AmiUnsupported nodeOptions.os',
    ],
    [
      'XIDs on Trainium',
      { machine: AwsMachine.TRN1_32XLARGE, nodeOptions: { ignoredXids: [31] } },
      'NeuronOption nodeOptions.ignoredXids',
    ],
    [
      'commands on Bottlerocket',
      { nodeOptions: { os: NodeOs.BOTTLEROCKET, commands: ['true'] } },
      'NodeCommands nodeOptions.commands',
    ],
    [
      'commands longer than user data can be',
      { nodeOptions: { commands: ['x'.repeat(16_384)] } },
      'UserDataTooLong nodeOptions.commands',
    ],
    [
      'scratch without NVMe',
      { machine: AwsMachine.INF2_48XLARGE, nodeOptions: { scratch: true } },
      'LocalNvmeMissing nodeOptions.scratch',
    ],
    [
      'a boot disk that is too small',
      { nodeOptions: { bootDisk: Size.gibibytes(8) } },
      'VolumeOutOfRange nodeOptions.bootDisk',
    ],
    [
      'a boot disk that is too large',
      { nodeOptions: { bootDisk: Size.gibibytes(16_385) } },
      'VolumeOutOfRange nodeOptions.bootDisk',
    ],
    [
      'a part of a GiB',
      { nodeOptions: { bootDisk: Size.mebibytes(100_000) } },
      'VolumeOutOfRange nodeOptions.bootDisk',
    ],
    [
      'an invalid reservation ID',
      { capacity: Capacity.reservation('cr-123') },
      'CapacityReservationId capacity.reservationId',
    ],
    [
      'a reservation for another machine',
      { capacity: Capacity.reservation(BLOCK, { machine: AwsMachine.P4D_24XLARGE }) },
      'ReservationMachine capacity.machine',
    ],
    [
      'a new reservation with an end in the past',
      { capacity: Capacity.newReservation({ ...CONFIRM, until: new Date('2020-01-01') }) },
      'CapacityDate capacity.until',
    ],
    [
      'a new reservation with an invalid date',
      { capacity: Capacity.newReservation({ ...CONFIRM, until: new Date('soon') }) },
      'CapacityDate capacity.until',
    ],
    [
      'a capacity block as the fallback of spot capacity',
      { capacity: Capacity.spot({ fallback: Capacity.capacityBlock(BLOCK) }) },
      'CapacityFallback capacity.fallback',
    ],
    [
      'spot capacity for a machine that AWS does not sell as spot',
      { machine: AwsMachine.TRN2U_48XLARGE, nodes: 4, capacity: Capacity.spot() },
      'MarketUnsupported capacity',
    ],
    [
      'GB200 with on-demand capacity',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 9 },
      'UltraServerCapacity capacity',
    ],
    [
      'a part of a GB200 UltraServer',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 4, capacity: Capacity.capacityBlock(BLOCK) },
      'UltraServerCapacity nodes',
    ],
    [
      'more nodes than a GB200 UltraServer',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 19, capacity: Capacity.capacityBlock(BLOCK) },
      'NodesOutOfRange nodes',
    ],
    [
      'a capacity block with subnets in two zones',
      { capacity: Capacity.capacityBlock(BLOCK), subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
      'CapacityZone subnets',
    ],
    ['subnets in two zones', { subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }, 'FabricZone subnets'],
  ])('%s', (_, props, expected) => {
    expect(problemsOf(errorOf(() => synthGroup(props)))).toEqual([expected]);
  });

  test('subnets outside the zone of the capacity', () => {
    const elsewhere = { availabilityZone: 'us-east-1f' };
    expect(
      problemsOf(errorOf(() => synthGroup({ capacity: Capacity.capacityBlock(BLOCK, elsewhere) }, REGION))),
    ).toEqual(['CapacityZone subnets']);
    const subnets = { availabilityZones: ['us-east-1a'], subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const capacity = Capacity.capacityBlock(BLOCK, { availabilityZone: 'us-east-1b' });
    expect(problemsOf(errorOf(() => synthGroup({ capacity, subnets }, REGION)))).toEqual(['CapacityZone subnets']);
  });

  test('all problems in one error, before it creates a resource', () => {
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
          nodeOptions: { bootDisk: Size.gibibytes(1) },
        }),
    );
    expect(problemsOf(error)).toEqual([
      'NodesOutOfRange nodes',
      'EfaUnsupported interconnect',
      'VolumeOutOfRange nodeOptions.bootDisk',
      'CapacityReservationId capacity.reservationId',
      'ReservationMachine capacity.machine',
      'CapacityZone subnets',
    ]);
    expect(error.constructPath).toBe('Test/Nodes');
    expect(stack.node.findAll().length).toBe(before + 1);
  });
});

describe('reports', () => {
  test.each([
    [
      'a machine with unverified values',
      { machine: AwsMachine.P6E_GB200_36XLARGE, nodes: 9, capacity: Capacity.capacityBlock(BLOCK) },
      'machine/unverified',
    ],
    ['a machine without an on-demand price', { machine: AwsMachine.P5E_48XLARGE }, 'capacity/on-demand-scarce'],
    ['several nodes without EFA', { machine: AwsMachine.INF2_48XLARGE }, 'fabric/no-efa'],
    [
      'a part of a Trn2 UltraServer',
      { machine: AwsMachine.TRN2U_48XLARGE, nodes: 6, capacity: Capacity.capacityBlock(BLOCK) },
      'fabric/partial-ultraserver',
    ],
  ])('%s', (_, props, expected) => {
    expect(findingIds(synthGroup(props).group)).toContain(expected);
  });

  test('a region without the machine', () => {
    const { group } = synthGroup(
      { machine: AwsMachine.P6_B300_48XLARGE },
      { env: { account: '111122223333', region: 'eu-west-3' } },
    );
    expect(findingIds(group)).toEqual(['machine/region']);
    expect(findingIds(synthGroup({ machine: AwsMachine.P6_B300_48XLARGE }, REGION).group)).toEqual([]);
  });

  test('an acknowledged finding with the nearest reason', () => {
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

  test('nothing for a plain P5 group', () => {
    expect(findingIds(synthGroup().group)).toEqual([]);
  });
});
