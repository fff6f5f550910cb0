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
import { type Grant, type IGrantable, type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { podIdentityRole } from '../cluster/pod-identity-role';
import { grantExisting, recordUngranted } from './existing-controller';
import type { InternalLoadBalancerOptions } from './serving-ingress';

/** Properties for `InternalLoadBalancer`. */
export interface InternalLoadBalancerProps extends InternalLoadBalancerOptions {
  /** Cluster of the servers. */
  readonly cluster: ICluster;
  /** VPC of the load balancer. */
  readonly vpc: IVpc;
  /** Subnets of the load balancer. */
  readonly subnets: readonly ISubnet[];
  /** Port of the servers. */
  readonly port: number;
  /** Path of the readiness check. */
  readonly readyPath: string;
  /** Whether to create the permissions of the controller. False if the cluster runs the controller already. */
  readonly install: boolean;
}

/** A private network load balancer. The AWS Load Balancer Controller registers its targets. */
export class InternalLoadBalancer extends Construct implements IConnectable {
  /** The load balancer. */
  public readonly resource: NetworkLoadBalancer;
  /** Target group of the servers. */
  public readonly targetGroup: NetworkTargetGroup;
  /** Connections of the load balancer. Use `allowFrom` to add clients. */
  public readonly connections: Connections;
  /** Whether requests to the load balancer are encrypted. */
  public readonly isEncrypted: boolean;
  /** URL for clients. */
  public readonly url: string;
  /** Role of the controller. @default - the cluster runs the controller already */
  public readonly controllerRole?: IRole;
  /** Pod identity of the controller, which must exist before the controller starts. @default - the cluster runs the controller already */
  public readonly identity?: Construct;

  /** @internal */
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
      // Pods then see an address of the VPC, which their network policy allows for every client.
      preserveClientIp: false,
      // A request lasts until its answer is complete.
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
      recordUngranted(this, 'the load balancer has no targets', 'grantRegister', CONTROLLER_PERMISSIONS);
      return;
    }
    this.controllerRole = podIdentityRole(this, 'ControllerRole');
    this.identity = this.createIdentity(cluster, this.controllerRole);
  }

  /** Allows the controller of an existing cluster to register targets. @param controller role of the controller */
  grantRegister(controller: IGrantable): Grant {
    return grantExisting(this, controller, this.statements());
  }

  private statements(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
        resources: [this.targetGroup.targetGroupArn],
      }),
      // Describe actions do not support resources.
      new PolicyStatement({ actions: DESCRIBE_ACTIONS, resources: ['*'] }),
    ];
  }

  private createIdentity({ clusterName }: ICluster, role: IRole): Construct {
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

const CONTROLLER_PERMISSIONS =
  'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/';

const DESCRIBE_ACTIONS = [
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
