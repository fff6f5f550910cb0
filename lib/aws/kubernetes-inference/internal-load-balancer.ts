import { type Connections, type IConnectable, type ISubnet, type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import {
  NetworkLoadBalancer,
  NetworkTargetGroup,
  Protocol,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { type IGrantable, type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { podIdentityRole } from '../cluster/pod-identity-role';
import { grantExisting, recordUngranted } from './existing-controller';
import type { InternalLoadBalancerOptions } from './serving-ingress';

/** Properties for `InternalLoadBalancer`. */
export interface InternalLoadBalancerProps extends InternalLoadBalancerOptions {
  readonly cluster: ICluster;
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  /** Port of the servers. */
  readonly port: number;
  /** Path that tells whether a server is ready. */
  readonly readyPath: string;
  /** Whether the controller that keeps the targets is to get its rights: not where the cluster runs it already. */
  readonly install: boolean;
}

/** A network load balancer without a public address. The controller in the cluster keeps its targets, and may do nothing else. */
export class InternalLoadBalancer extends Construct implements IConnectable {
  public readonly resource: NetworkLoadBalancer;
  public readonly targetGroup: NetworkTargetGroup;
  public readonly connections: Connections;
  /** Whether requests are encrypted up to it. */
  public readonly isEncrypted: boolean;
  /** What clients call. */
  public readonly url: string;
  /** What the controller that keeps the targets may do. @default - the cluster runs it already */
  public readonly controllerRole?: IRole;
  /** What must be there before the controller starts. @default - the cluster runs it already */
  public readonly identity?: Construct;

  constructor(scope: Construct, id: string, props: InternalLoadBalancerProps) {
    super(scope, id);
    const { cluster, vpc, subnets, port, readyPath, certificate, clients = [] } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `Clients of ${this.node.path}`,
      allowAllOutbound: false,
    });
    this.resource = new NetworkLoadBalancer(this, 'Resource', {
      vpc,
      vpcSubnets: { subnets: [...subnets] },
      internetFacing: false,
      crossZoneEnabled: true,
      securityGroups: [securityGroup],
    });
    this.targetGroup = new NetworkTargetGroup(this, 'Targets', {
      vpc,
      port,
      protocol: Protocol.TCP,
      targetType: TargetType.IP,
      // Pods then see an address of the VPC, which their policy admits, whoever the client is.
      preserveClientIp: false,
      // A request runs for as long as its answer takes.
      deregistrationDelay: Duration.minutes(2),
      healthCheck: { protocol: Protocol.HTTP, path: readyPath, interval: Duration.seconds(10) },
    });
    const encrypted = certificate !== undefined;
    this.isEncrypted = encrypted;
    const listener = encrypted ? 443 : 80;
    this.resource.addListener('Listener', {
      port: listener,
      protocol: encrypted ? Protocol.TLS : Protocol.TCP,
      certificates: certificate && [certificate],
      sslPolicy: encrypted ? SslPolicy.RECOMMENDED_TLS : undefined,
      defaultTargetGroups: [this.targetGroup],
    });
    this.connections = securityGroup.connections;
    for (const client of clients) securityGroup.connections.allowFrom(client, Port.tcp(listener), 'requests');
    securityGroup.connections.allowTo(cluster.clusterSecurityGroup, Port.tcp(port), 'requests to the servers');
    this.url = `${encrypted ? 'https' : 'http'}://${this.resource.loadBalancerDnsName}`;
    if (!props.install) {
      recordUngranted(this, 'the load balancer has no target', 'grantRegister', CONTROLLER_RIGHTS);
      return;
    }
    this.controllerRole = podIdentityRole(this, 'ControllerRole');
    this.identity = this.letRegister(cluster, this.controllerRole);
  }

  /** Lets the controller that a cluster runs already keep these targets. @param controller its role */
  grantRegister(controller: IGrantable): void {
    grantExisting(this, controller, this.statements());
  }

  private statements(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
        resources: [this.targetGroup.targetGroupArn],
      }),
      // Looking cannot be limited to a resource.
      new PolicyStatement({ actions: LOOKS, resources: ['*'] }),
    ];
  }

  private letRegister({ clusterName }: ICluster, role: IRole): Construct {
    const policy = new ManagedPolicy(this, 'ControllerPolicy', { roles: [role], statements: this.statements() });
    const identity = new CfnPodIdentityAssociation(this, 'ControllerIdentity', {
      clusterName,
      namespace: 'kube-system',
      serviceAccount: 'aws-load-balancer-controller',
      roleArn: role.roleArn,
    });
    identity.node.addDependency(policy);
    return identity;
  }
}

const CONTROLLER_RIGHTS = 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/';

const LOOKS = [
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:DescribeTags',
];
