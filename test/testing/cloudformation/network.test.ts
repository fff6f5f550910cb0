import { exposed, ofResource, ofTemplate } from '../support';

test('a VPC shows its range, subnets, gateways and endpoints', () => {
  const of = (Type: string, more = {}) => ({ Type, Properties: { VpcId: { Ref: 'Vpc' }, ...more } });
  const { network, other } = ofTemplate({
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Open: of('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }),
    Closed1: of('AWS::EC2::Subnet'),
    Closed2: of('AWS::EC2::Subnet'),
    Gateway: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: { Ref: 'Open' } } },
    S3: of('AWS::EC2::VPCEndpoint', {
      ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.s3']] },
    }),
    Ecr: of('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-1.ecr.api' }),
    Kms: of('AWS::EC2::VPCEndpoint', { ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.kms' } }),
  });
  expect(network).toEqual([
    {
      name: 'Vpc',
      kind: 'VPC',
      details: {
        range: '10.0.0.0/16',
        subnets: '1 public, 2 private',
        'nat gateways': '1',
        endpoints: 'ecr.api, kms, s3',
      },
    },
  ]);
  expect(other).toEqual({});
});

test('subnets of a VPC in another stack are counted', () => {
  expect(ofResource('AWS::EC2::Subnet', { VpcId: 'vpc-1' }).other).toEqual({ 'AWS::EC2::Subnet': 1 });
});

describe('a security group', () => {
  const group = (...SecurityGroupIngress: object[]) => ofResource('AWS::EC2::SecurityGroup', { SecurityGroupIngress });

  test.each([
    [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }, 'tcp 443 from 0.0.0.0/0'],
    [{ CidrIpv6: '::/0', IpProtocol: 'tcp', FromPort: 8000, ToPort: 8080 }, 'tcp 8000-8080 from ::/0'],
    [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }, 'every port from 0.0.0.0/0'],
  ])('with %j is open', (rule, why) => {
    expect(exposed(group(rule))).toEqual([`Subject: ${why}`]);
  });

  test('is counted and not open with a rule for a range or another group', () => {
    const closed = group(
      { CidrIp: '10.0.0.0/8', IpProtocol: '-1' },
      { SourceSecurityGroupId: 'sg-1', IpProtocol: '-1' },
    );
    expect(exposed(closed)).toEqual([]);
    expect(closed.other).toEqual({ 'AWS::EC2::SecurityGroup': 1 });
  });

  test('is opened by a separate rule, which has the name of the group', () => {
    const architecture = ofTemplate({
      Web12345678: { Type: 'AWS::EC2::SecurityGroup' },
      Rule: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: {
          GroupId: { 'Fn::GetAtt': ['Web12345678', 'GroupId'] },
          CidrIp: '0.0.0.0/0',
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
        },
      },
    });
    expect(exposed(architecture)).toEqual(['Web: tcp 22 from 0.0.0.0/0']);
  });
});

test('subnets of NAT gateways are counted separately from private subnets', () => {
  const subnet = { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } };
  const { network } = ofTemplate({
    Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
    Edge: subnet,
    Nodes: subnet,
    Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: { Ref: 'Edge' } } },
  });
  expect(network[0]!.details).toMatchObject({ subnets: '1 of gateways, 1 private', 'nat gateways': '1' });
});
