import { exposed, ofResource, ofTemplate } from '../support';

const NODES = {
  Type: 'AWS::EKS::Nodegroup',
  Properties: {
    CapacityType: 'ON_DEMAND',
    ScalingConfig: { MinSize: 1, DesiredSize: 2, MaxSize: 4 },
    LaunchTemplate: { Id: { Ref: 'TemplateDEADBEEF' } },
  },
};

const TEMPLATE = {
  Type: 'AWS::EC2::LaunchTemplate',
  Properties: {
    LaunchTemplateData: {
      InstanceType: 'p5.48xlarge',
      Placement: { GroupName: { Ref: 'Group' } },
      NetworkInterfaces: [
        { NetworkCardIndex: 0, InterfaceType: 'interface' },
        { NetworkCardIndex: 1, InterfaceType: 'efa-only' },
        { NetworkCardIndex: 2, InterfaceType: 'efa-only' },
        { NetworkCardIndex: 3, InterfaceType: 'efa' },
      ],
      BlockDeviceMappings: [
        {
          Ebs: {
            VolumeSize: 200,
            VolumeType: 'gp3',
            Encrypted: true,
            KmsKeyId: { 'Fn::GetAtt': ['KeyDEADBEEF', 'Arn'] },
          },
        },
      ],
    },
  },
};

const AROUND = {
  TemplateDEADBEEF: TEMPLATE,
  Group: { Type: 'AWS::EC2::PlacementGroup', Properties: { Strategy: 'cluster' } },
  KeyDEADBEEF: { Type: 'AWS::KMS::Key' },
};

describe('an EKS node group', () => {
  const { compute, other } = ofTemplate({ Nodes: NODES, ...AROUND });

  test('has the facts of its launch template', () => {
    expect(compute).toEqual([
      expect.objectContaining({
        name: 'Nodes',
        kind: 'EKS node group',
        machines: ['p5.48xlarge'],
        count: { min: 1, desired: 2, max: 4 },
        market: 'on-demand',
        interfaces: { efa: 1, 'efa-only': 2, interface: 1 },
        placement: 'cluster',
        disks: ['200 GiB gp3'],
        encryption: { key: 'customer', name: 'Key' },
      }),
    ]);
  });

  test('includes its launch template and placement group', () => {
    expect(other).toEqual({});
  });

  test.each([
    ['SPOT', 'spot'],
    ['CAPACITY_BLOCK', 'capacity-block'],
  ])('of capacity type %s is bought as %s', (CapacityType, market) => {
    expect(ofResource('AWS::EKS::Nodegroup', { CapacityType }).compute[0]).toMatchObject({ market });
  });

  test('has the default machine of EKS if it sets none', () => {
    expect(ofResource('AWS::EKS::Nodegroup').compute[0]).toMatchObject({ machines: ['t3.medium'] });
  });

  test('has no machine if its launch template is in another stack', () => {
    const { compute, cost } = ofResource('AWS::EKS::Nodegroup', { LaunchTemplate: { Id: 'lt-0123' } });
    expect(compute[0]).toMatchObject({ machines: [] });
    expect(cost!.notPriced).toEqual([{ name: 'Subject', reason: 'its machine type is not set in this stack' }]);
  });

  test('has sizes from the default of a parameter, or sizes that are known at deployment', () => {
    const group = (Default?: number) =>
      ofTemplate(
        { Nodes: { Type: 'AWS::EKS::Nodegroup', Properties: { ScalingConfig: { DesiredSize: { Ref: 'Size' } } } } },
        { Parameters: { Size: { Type: 'Number', Default } } },
      ).compute[0]!;
    expect(group().count?.desired).toBe('known at deployment');
    expect(group(7).count?.desired).toBe(7);
  });
});

describe('an Auto Scaling group', () => {
  test('shows its mixed instances and their distribution', () => {
    const { compute } = ofTemplate({
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          MinSize: '0',
          MaxSize: '8',
          MixedInstancesPolicy: {
            LaunchTemplate: {
              LaunchTemplateSpecification: { LaunchTemplateId: { Ref: 'TemplateDEADBEEF' } },
              Overrides: [{ InstanceType: 'g5.xlarge' }, { InstanceType: 'g6.xlarge' }],
            },
            InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 0 },
          },
        },
      },
      TemplateDEADBEEF: TEMPLATE,
    });
    expect(compute).toEqual([
      expect.objectContaining({
        machines: ['g5.xlarge', 'g6.xlarge'],
        count: { min: 0, desired: 0, max: 8 },
        placement: 'an existing group',
        details: { mix: '1 on demand, 0% of the rest' },
      }),
    ]);
  });

  test('is exposed if its launch configuration requests public addresses', () => {
    const architecture = ofTemplate({
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: { LaunchConfigurationName: { Ref: 'Launch' }, MinSize: '2', MaxSize: '2' },
      },
      Launch: {
        Type: 'AWS::AutoScaling::LaunchConfiguration',
        Properties: { InstanceType: 'g5.xlarge', AssociatePublicIpAddress: true, SpotPrice: '1' },
      },
    });
    expect(architecture.compute[0]).toMatchObject({ machines: ['g5.xlarge'], market: 'spot' });
    expect(exposed(architecture)).toEqual(['Group: public IP address, requested by its launch configuration']);
    expect(architecture.other).toEqual({});
  });
});

describe('an instance', () => {
  const inSubnet = (MapPublicIpOnLaunch: boolean, more = {}) =>
    ofTemplate({
      Box: {
        Type: 'AWS::EC2::Instance',
        Properties: { InstanceType: 'g6.xlarge', SubnetId: { Ref: 'Subnet' }, ...more },
      },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch } },
    });

  test('is only exposed by a subnet that assigns public addresses', () => {
    expect(exposed(inSubnet(true))).toEqual(['Box: public IP address, assigned by its subnet']);
    expect(exposed(inSubnet(false))).toEqual([]);
  });

  test('is not exposed if it disables the address of its subnet', () => {
    expect(exposed(inSubnet(true, { NetworkInterfaces: [{ AssociatePublicIpAddress: false }] }))).toEqual([]);
    expect(exposed(inSubnet(false, { NetworkInterfaces: [{ AssociatePublicIpAddress: true }] }))).toHaveLength(1);
  });

  test('is not encrypted if one of its disks is not encrypted', () => {
    const { compute } = ofResource('AWS::EC2::Instance', {
      BlockDeviceMappings: [{ Ebs: { VolumeSize: 8, Encrypted: true } }, { Ebs: { VolumeSize: 100 } }],
    });
    expect(compute[0]).toMatchObject({ disks: ['8 GiB', '100 GiB'], encryption: { key: 'none' } });
  });
});

describe('a reservation', () => {
  const reserved = {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: {
      LaunchTemplateData: {
        InstanceType: 'p5.48xlarge',
        CapacityReservationSpecification: {
          CapacityReservationTarget: { CapacityReservationId: { Ref: 'Reservation' } },
        },
      },
    },
  };
  const { compute, cost } = ofTemplate({
    Nodes: NODES,
    TemplateDEADBEEF: reserved,
    Reservation: {
      Type: 'AWS::EC2::CapacityReservation',
      Properties: { InstanceType: 'p5.48xlarge', InstanceCount: 2 },
    },
  });

  test('appears as a part and as the market of the group that uses it', () => {
    expect(compute.map(({ name, market }) => [name, market])).toEqual([
      ['Nodes', 'reservation'],
      ['Reservation', 'reservation'],
    ]);
  });

  test('is only priced once', () => {
    expect(cost!.groups.map(({ name }) => name)).toEqual(['Reservation']);
    expect(cost!.notPriced).toEqual([{ name: 'Nodes', reason: 'paid for as Reservation' }]);
  });
});

test('a launch template without a group is a separate part', () => {
  expect(ofTemplate({ TemplateDEADBEEF: TEMPLATE }).compute[0]).toMatchObject({
    name: 'Template',
    kind: 'launch template',
  });
});
