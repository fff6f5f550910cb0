import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { checkCidr, checkEndpointNames } from './ml-vpc-checks';
import { checkSubnets, selectSubnets } from './node-subnets';
import { ENDPOINT_SERVICE, SUBNET_SELECTION, VPC } from '../props/shapes';

/** Properties for `MlVpcEndpoints`. */
export interface MlVpcEndpointsProps {
  readonly vpc: IVpc;
  /** The addresses that may call: as text, so that policy checks can read the rule. */
  readonly cidr: string;
  /** The subnets that get an interface of each endpoint. */
  readonly subnets: SubnetSelection;
  /** @default mlInterfaceEndpoints() */
  readonly services?: Readonly<Record<string, InterfaceVpcEndpointAwsService>>;
}

/**
 * What nodes, CSI drivers and controllers of a private EKS cluster call; by child id, which is public.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export function mlInterfaceEndpoints(): Readonly<Record<string, InterfaceVpcEndpointAwsService>> {
  return {
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
}

const ENDPOINTS: Shape<MlVpcEndpointsProps> = {
  vpc: required(VPC),
  cidr: required(TEXT),
  subnets: required(SUBNET_SELECTION),
  services: recordOf(ENDPOINT_SERVICE),
};

/** Private ways to AWS: data and images from S3 through a gateway, free of charge, the rest through interfaces, paid by the hour. */
export class MlVpcEndpoints extends Construct {
  public readonly s3: GatewayVpcEndpoint;
  /** Lets in HTTPS from the VPC, and nothing out. */
  public readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: MlVpcEndpointsProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, ENDPOINTS)) {
      checkCidr(problems, 'cidr', props.cidr);
      checkSubnets(problems, 'subnets', selectSubnets(props.vpc, props.subnets));
      checkEndpointNames(problems, 'services', props.services);
    }
    problems.throwIfAny(this);
    const { vpc, cidr, subnets, services = mlInterfaceEndpoints() } = props;

    this.s3 = new GatewayVpcEndpoint(this, 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3, subnets: [subnets] });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'AWS APIs from within the VPC',
      allowAllOutbound: false,
    });
    this.securityGroup.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'HTTPS from the VPC');
    for (const [name, service] of Object.entries(services)) {
      new InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        subnets,
        privateDnsEnabled: true,
        open: false,
        securityGroups: [this.securityGroup],
      });
    }
  }
}
