import { App, Lazy, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { MlVpc, type MlVpcProps } from 'ai-infra-constructs/aws';
import { errorOf, findingIds, type Json, REGION } from '../support';

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

function synth(props: MlVpcProps = {}, stackProps: StackProps = {}) {
  const stack = new Stack(new App(), 'Stack', stackProps);
  const network = new MlVpc(stack, 'Network', props);
  const template = Template.fromStack(stack);
  const properties = (type: string): Json[] =>
    Object.values(template.findResources(type)).map((resource) => resource.Properties);
  return { stack, network, template, properties };
}

const problemsIn = (props: MlVpcProps) => errorOf(() => synth(props)).problems;
const subnetsOf = ({ properties }: ReturnType<typeof synth>, kind: string) =>
  properties('AWS::EC2::Subnet').filter(({ Tags }) =>
    JSON.stringify(Tags).includes(`"aws-cdk:subnet-name","Value":"${kind}"`),
  );

describe('subnets', () => {
  test('are large and private for nodes, and small and public for NAT gateways', () => {
    const network = synth({ availabilityZones: ZONES }, REGION);
    expect(subnetsOf(network, 'Nodes').map(({ CidrBlock }) => CidrBlock)).toEqual([
      '10.0.64.0/18',
      '10.0.128.0/18',
      '10.0.192.0/18',
    ]);
    expect(subnetsOf(network, 'Nat').map(({ CidrBlock }) => CidrBlock)).toEqual([
      '10.0.0.0/26',
      '10.0.0.64/26',
      '10.0.0.128/26',
    ]);
  });

  test('do not assign public addresses', () => {
    for (const { MapPublicIpOnLaunch } of synth().properties('AWS::EC2::Subnet'))
      expect(MapPublicIpOnLaunch).toBe(false);
  });

  test('have tags for internal load balancers only if they are private', () => {
    const network = synth();
    const tag = { Key: 'kubernetes.io/role/internal-elb', Value: '1' };
    for (const { Tags } of subnetsOf(network, 'Nodes')) expect(Tags).toContainEqual(tag);
    for (const { Tags } of subnetsOf(network, 'Nat')) expect(Tags).not.toContainEqual(tag);
  });

  test.each(['10.0.0.0/16', '10.0.0.0/20', '172.31.0.0/18'])('in %s fit three zones', (cidr) => {
    expect(subnetsOf(synth({ cidr, availabilityZones: ZONES }, REGION), 'Nodes')).toHaveLength(3);
  });

  test('use the zones of the deployment without a region', () => {
    const { network } = synth();
    expect(network.nodeSubnets).toHaveLength(2);
  });
});

describe('nodeSubnet', () => {
  const { network } = synth({ availabilityZones: ZONES }, REGION);

  test('returns the subnet in the zone, or the first subnet', () => {
    expect(network.nodeSubnet('us-east-1b').availabilityZone).toBe('us-east-1b');
    expect(network.nodeSubnet()).toBe(network.nodeSubnets[0]);
  });

  test('lists the zones for an unknown zone', () => {
    expect(errorOf(() => network.nodeSubnet('us-east-1f')).problems).toEqual([
      expect.objectContaining({ code: 'ZoneUnknown', allowed: `one of ${ZONES.join(', ')}`, got: 'us-east-1f' }),
    ]);
  });

  test('rejects a zone if the zones are known only at deployment', () => {
    const [problem] = errorOf(() => synth().network.nodeSubnet('us-east-1a')).problems;
    expect(problem).toMatchObject({ code: 'ZoneUnknown', fix: expect.stringContaining('availabilityZones') });
  });
});

describe('zones', () => {
  test.each([[[]], [['us-east-1a']], [['us-east-1a', 'us-east-1a']]])(
    'rejects %p, because EKS requires two',
    (availabilityZones) => {
      expect(problemsIn({ availabilityZones })).toMatchObject([{ code: 'ZoneUnknown', prop: 'availabilityZones' }]);
    },
  );
});

describe('egress', () => {
  test('uses one NAT gateway in each zone', () => {
    expect(synth({ availabilityZones: ZONES }, REGION).properties('AWS::EC2::NatGateway')).toHaveLength(3);
  });

  test('reports a single NAT gateway', () => {
    const { stack, properties } = synth({ natGateways: 1 });
    expect(properties('AWS::EC2::NatGateway')).toHaveLength(1);
    expect(findingIds(stack)).toEqual(['network/one-zone-egress']);
  });

  test('reports nothing for one in each zone', () => {
    expect(findingIds(synth().stack)).toEqual([]);
  });

  test.each([0, 1.5, 4, -1, Number.NaN])('rejects %d NAT gateways', (natGateways) => {
    const props = { natGateways, availabilityZones: ZONES };
    expect(problemsIn(props)).toMatchObject([{ code: 'NatGateways', allowed: expect.stringContaining('1 to 3') }]);
  });

  test('rejects a token as the number of NAT gateways', () => {
    expect(problemsIn({ natGateways: Lazy.number({ produce: () => 1 }) })).toMatchObject([{ code: 'ValueUnknown' }]);
  });
});

describe('address ranges', () => {
  test.each(['10.0.0.0', '10.0.1.0/16', '10.0.0.0/8', '10.0.0.0/21', 'fd00::/16', ''])(
    'rejects %p for the VPC',
    (cidr) => {
      expect(problemsIn({ cidr })).toMatchObject([{ code: 'CidrInvalid', prop: 'cidr', got: cidr }]);
    },
  );

  test('rejects a token as the range', () => {
    const token = Lazy.string({ produce: () => '10.0.0.0/16' });
    expect(problemsIn({ cidr: token })).toMatchObject([{ code: 'ValueUnknown', prop: 'cidr' }]);
  });

  test.each([
    ['10.0.0.0/16', '172.20.0.0/16'],
    ['10.100.0.0/16', '172.20.0.0/16'],
    ['172.20.0.0/16', '10.100.0.0/16'],
    ['192.168.0.0/16', '10.100.0.0/16'],
  ])('a VPC of %s has the default service range %s of EKS', (cidr, services) => {
    expect(synth({ cidr }).network.serviceCidr).toBe(services);
  });

  test('accepts another service range', () => {
    expect(synth({ serviceCidr: '10.2.0.0/20' }).network.serviceCidr).toBe('10.2.0.0/20');
  });

  test.each(['100.64.0.0/16', '172.0.0.0/12', '8.0.0.0/12'])(
    'rejects %s for services, because EKS requires a private range',
    (serviceCidr) => {
      expect(problemsIn({ serviceCidr })).toMatchObject([{ code: 'CidrInvalid', prop: 'serviceCidr' }]);
    },
  );

  test.each(['10.2.0.0/25', '192.0.0.0/8', 'nonsense'])('rejects %s for services', (serviceCidr) => {
    expect(problemsIn({ serviceCidr })).toMatchObject([{ code: 'CidrInvalid', prop: 'serviceCidr' }]);
  });

  test('rejects a service range in the VPC', () => {
    expect(problemsIn({ serviceCidr: '10.0.4.0/22' })).toMatchObject([{ code: 'CidrOverlap', prop: 'serviceCidr' }]);
  });

  test('reports each overlap of connected networks with VPC and services', () => {
    const problems = problemsIn({ peeredCidrs: ['10.0.3.0/24', '172.20.5.0/24', '10.9.0.0/16', 'x'] });
    expect(problems.map(({ code, prop, allowed }) => `${code} ${prop} ${allowed}`)).toEqual([
      'CidrOverlap cidr separate from peeredCidrs[0] (10.0.3.0/24)',
      'CidrOverlap serviceCidr separate from peeredCidrs[1] (172.20.5.0/24)',
      expect.stringMatching(/^CidrInvalid peeredCidrs\[3\]/),
    ]);
  });

  test('accepts connected networks of any size', () => {
    expect(() => synth({ peeredCidrs: ['10.200.0.1/32', '11.0.0.0/8'] })).not.toThrow();
  });
});

describe('endpoints', () => {
  const serviceOf = ({ ServiceName }: Json): string =>
    typeof ServiceName === 'string' ? ServiceName : ServiceName['Fn::Join'][1].at(-1);

  test('cover the services of a private EKS cluster, in the node subnets', () => {
    const { properties, network, stack } = synth();
    const endpoints = properties('AWS::EC2::VPCEndpoint').filter(
      ({ VpcEndpointType }) => VpcEndpointType === 'Interface',
    );
    const services = endpoints.map(serviceOf);
    for (const service of [
      'ec2',
      'ecr.api',
      'ecr.dkr',
      'sts',
      'eks',
      'eks-auth',
      'logs',
      'monitoring',
      'autoscaling',
      'elasticloadbalancing',
      'fsx',
      'kms',
    ]) {
      expect(services.some((name) => name.endsWith(`.${service}`))).toBe(true);
    }
    for (const { SubnetIds, PrivateDnsEnabled } of endpoints) {
      expect(SubnetIds).toEqual(network.nodeSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
      expect(PrivateDnsEnabled).toBe(true);
    }
  });

  test('include a gateway for S3 in the node subnets', () => {
    const { properties, network, stack } = synth();
    const [gateway] = properties('AWS::EC2::VPCEndpoint').filter(
      ({ VpcEndpointType }) => VpcEndpointType === 'Gateway',
    );
    expect(serviceOf(gateway)).toMatch(/s3$/);
    const tables = network.nodeSubnets.map(({ routeTable }) => stack.resolve(routeTable.routeTableId));
    expect(gateway!.RouteTableIds).toEqual(expect.arrayContaining(tables));
  });

  test('share one security group that allows only HTTPS from the VPC', () => {
    const { stack, template, network, properties } = synth();
    const id = stack.getLogicalId(network.endpoints.securityGroup.node.defaultChild as never);
    const group = template.toJSON().Resources[id].Properties;
    expect(group.SecurityGroupIngress).toEqual([
      expect.objectContaining({
        CidrIp: '10.0.0.0/16',
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
      }),
    ]);
    expect(JSON.stringify(group.SecurityGroupEgress)).not.toContain('0.0.0.0/0');
    for (const { SecurityGroupIds } of properties('AWS::EC2::VPCEndpoint').filter(
      (one) => one.VpcEndpointType === 'Interface',
    )) {
      expect(SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [id, 'GroupId'] }]);
    }
  });

  test('can be limited to the services of a region', () => {
    const { properties } = synth({ interfaceEndpoints: { Sts: InterfaceVpcEndpointAwsService.STS } });
    const types = properties('AWS::EC2::VPCEndpoint').map(({ VpcEndpointType }) => String(VpcEndpointType));
    expect(types.sort()).toEqual(['Gateway', 'Interface']);
  });
});

describe('logs and defaults', () => {
  test('logs all traffic to an encrypted log group that is retained', () => {
    const { properties, template, network, stack } = synth({ flowLogRetention: RetentionDays.ONE_MONTH });
    expect(properties('AWS::EC2::FlowLog')).toEqual([
      expect.objectContaining({
        TrafficType: 'ALL',
        LogGroupName: stack.resolve(network.flowLogs.logGroup.logGroupName),
      }),
    ]);
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate' });
    expect(properties('AWS::Logs::LogGroup')).toEqual([expect.objectContaining({ RetentionInDays: 30 })]);
    expect(properties('AWS::Logs::LogGroup')[0]!.KmsKeyId).toEqual(
      stack.resolve(network.flowLogs.encryptionKey.keyArn),
    );
  });

  test('removes the rules of the default security group', () => {
    expect(synth().properties('Custom::VpcRestrictDefaultSG')).toHaveLength(1);
  });
});
