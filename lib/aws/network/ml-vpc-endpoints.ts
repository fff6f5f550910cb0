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
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkCidr, checkEndpointNames } from './ml-vpc';
import { checkSubnets, selectSubnets } from './node-subnets';
import { ML_VPC_ENDPOINTS_PROPS } from '../prop-schemas';

/** Properties for `MlVpcEndpoints`. */
export interface MlVpcEndpointsProps {
  /** VPC of the endpoints. */
  readonly vpc: IVpc;
  /** Address range that can call the endpoints. A string, so that policy checks can read the rule. */
  readonly cidr: string;
  /** Subnets with an interface of each endpoint. */
  readonly subnets: SubnetSelection;
  /** Services of the interface endpoints, by construct ID. @default mlInterfaceEndpoints() */
  readonly services?: Readonly<Record<string, InterfaceVpcEndpointAwsService>>;
}

/**
 * The services that nodes, CSI drivers, and controllers of a private EKS cluster call, by construct ID.
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

/**
 * VPC endpoints for AWS services: a gateway endpoint for S3, free of charge, and interface endpoints, billed by the hour.
 *
 * @example
 * ```ts
 * import { MlVpcEndpoints } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Network');
 * const vpc = new Vpc(stack, 'Vpc');
 * new MlVpcEndpoints(stack, 'Endpoints', { vpc, cidr: '10.0.0.0/16', subnets: { subnets: vpc.privateSubnets } });
 * ```
 */
export class MlVpcEndpoints extends Construct {
  /** Gateway endpoint for S3. */
  public readonly s3: GatewayVpcEndpoint;
  /** Security group of the interface endpoints. It allows HTTPS from the address range, and no egress. */
  public readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: MlVpcEndpointsProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, ML_VPC_ENDPOINTS_PROPS)) {
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
