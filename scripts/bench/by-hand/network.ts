import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import {
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from './logs';

const CIDR = '10.0.0.0/16';

// The list is repeated here on purpose. The hand-written stack does not use the library, so a service that the library adds shows as a
// difference.
const SERVICES = {
  Ec2: InterfaceVpcEndpointAwsService.EC2,
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Sts: InterfaceVpcEndpointAwsService.STS,
  Eks: InterfaceVpcEndpointAwsService.EKS,
  EksAuth: InterfaceVpcEndpointAwsService.EKS_AUTH,
  Autoscaling: InterfaceVpcEndpointAwsService.AUTOSCALING,
  LoadBalancing: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  Fsx: InterfaceVpcEndpointAwsService.FSX,
  Kms: InterfaceVpcEndpointAwsService.KMS,
};

/** A VPC with private endpoints to AWS services and flow logs. */
export function network(stack: Construct, zones: string[]): Vpc {
  const vpc = new Vpc(stack, 'Vpc', {
    ipAddresses: IpAddresses.cidr(CIDR),
    availabilityZones: zones,
    restrictDefaultSecurityGroup: true,
    subnetConfiguration: [
      { name: 'Nodes', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Nat', subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
    ],
  });
  for (const subnet of vpc.privateSubnets) Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1');
  endpoints(stack, vpc);
  const logGroup = encryptedLogGroup(stack, 'FlowLogs', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
  new FlowLog(stack, 'FlowLog', {
    resourceType: FlowLogResourceType.fromVpc(vpc),
    destination: FlowLogDestination.toCloudWatchLogs(logGroup),
  });
  return vpc;
}

function endpoints(stack: Construct, vpc: Vpc): void {
  const subnets = { subnets: vpc.privateSubnets };
  new GatewayVpcEndpoint(stack, 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3, subnets: [subnets] });
  const securityGroup = new SecurityGroup(stack, 'EndpointGroup', {
    vpc,
    description: 'AWS APIs from within the VPC',
    allowAllOutbound: false,
  });
  securityGroup.addIngressRule(Peer.ipv4(CIDR), Port.tcp(443), 'HTTPS from the VPC');
  for (const [name, service] of Object.entries(SERVICES)) {
    new InterfaceVpcEndpoint(stack, name, {
      vpc,
      service,
      subnets,
      privateDnsEnabled: true,
      open: false,
      securityGroups: [securityGroup],
    });
  }
}
