import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IConnectable, type Connections, type ISubnet, type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { assertProps, brand } from '../../core/prop-schema';
import type { GatewayOptions } from '../../kubernetes/serving/gateway';
import { INTERNAL_LOAD_BALANCER_OPTIONS } from '../prop-schemas';
import { GATEWAY_OPTIONS } from '../../kubernetes/prop-schemas';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import {
  NetworkLoadBalancer,
  NetworkTargetGroup,
  Protocol,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ArnFormat, Duration, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import {
  type Grant,
  type IGrantable,
  type IRole,
  ManagedPolicy,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { podIdentityRole } from '../cluster/job-identity';
import { LogBucket } from '../storage/data-bucket';
import { grantExisting, recordUngranted } from './existing-controller';
import { ProblemCollector } from '../../core/errors';
import { privateSubnets } from '../cluster/control-plane';
import { newVpc } from '../network/ml-vpc';
import { checkSubnets, chooseNodeSubnets, mayBe, selectSubnets, type SubnetsOfVpc } from '../network/node-subnets';
import type { ResolvedInference } from './resolved-inference';

/** Options for an internal load balancer. */
export interface InternalLoadBalancerOptions {
  /** Clients that can send requests. @default - no clients. Add some with `loadBalancer.connections.allowFrom(…)` */
  readonly clients?: readonly IConnectable[];
  /** Certificate of the host name that clients use. Enables TLS on port 443. @default - plain HTTP on port 80 */
  readonly certificate?: ICertificate;
  /**
   * Bucket for access logs, with SSE-S3 or a key that log delivery can use. Requires `certificate`: a network load balancer logs only TLS
   * requests.
   *
   * @default - a new bucket if there is a certificate
   */
  readonly accessLogs?: IBucket;
}

/** How requests reach a model. Access is always private. */
export class ServingIngress {
  /** A Kubernetes service for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress('cluster');
  }

  /** An internal network load balancer that sends requests directly to the pods. */
  static internalLoadBalancer(options: InternalLoadBalancerOptions = {}): ServingIngress {
    assertProps(options, INTERNAL_LOAD_BALANCER_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    if (options.accessLogs && !options.certificate) {
      problems.add({
        code: 'IngressInvalid',
        prop: 'accessLogs',
        allowed: 'left out without `certificate`, because a network load balancer only logs TLS requests',
        got: options.accessLogs,
        fix: 'Pass a certificate, or remove accessLogs.',
      });
    }
    problems.throwIfAny();
    return new ServingIngress('load-balancer', options);
  }

  /** An inference pool behind an existing gateway of the cluster. Its endpoint picker selects a replica for each request. */
  static gateway(options: GatewayOptions): ServingIngress {
    assertProps(options, GATEWAY_OPTIONS, { name: 'options' });
    return new ServingIngress('gateway', {}, options);
  }

  private constructor(
    /** @internal */
    readonly kind: 'cluster' | 'load-balancer' | 'gateway',
    /** @internal */
    readonly balancer: InternalLoadBalancerOptions = {},
    /** @internal */
    readonly route?: GatewayOptions,
  ) {}
}

brand(ServingIngress, 'aws.ServingIngress');

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
  /** Bucket for access logs. @default - requests are not encrypted, so the load balancer logs none */
  public readonly accessLogs?: IBucket;
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
    if (encrypted) this.accessLogs = this.logRequests(props.accessLogs);
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

  /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html */
  private logRequests(given?: IBucket): IBucket {
    const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const bucket = given ?? new LogBucket(this, 'AccessLogs', { removalPolicy }).bucket;
    const { account } = Stack.of(this);
    const prefix = Names.uniqueResourceName(this, { maxLength: 100 });
    const principals = [new ServicePrincipal('delivery.logs.amazonaws.com')];
    const source = { 'aws:SourceAccount': account };
    const sourceArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: '*',
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    const { policyDependable } = bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LoadBalancerLogs',
        principals,
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${prefix}/AWSLogs/${account}/*`)],
        conditions: {
          StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' },
          ArnLike: { 'aws:SourceArn': sourceArn },
        },
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LoadBalancerLogsCheck',
        principals,
        actions: ['s3:GetBucketAcl'],
        resources: [bucket.bucketArn],
        conditions: { StringEquals: source, ArnLike: { 'aws:SourceArn': sourceArn } },
      }),
    );
    this.resource.setAttribute('access_logs.s3.enabled', 'true');
    this.resource.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    this.resource.setAttribute('access_logs.s3.prefix', prefix);
    // The load balancer tests at once whether it can write.
    if (policyDependable) this.resource.node.addDependency(policyDependable);
    return bucket;
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

/** Adds what is wrong with the subnets of nodes, control plane and load balancer. */
export function checkNetwork(problems: ProblemCollector, sized: ResolvedInference, scope: Construct): void {
  const { props } = sized;
  const existing = props.vpc ?? props.cluster?.vpc;
  const vpc = existing ?? newVpc(problems, props, scope);
  if (!vpc) return;
  checkNodeSubnets(problems, vpc, props);
  if (props.ingress.kind === 'load-balancer' && existing && cidrOf(existing) === undefined) {
    problems.add({
      code: 'IngressInvalid',
      prop: 'vpc',
      allowed: 'a VPC with a vpcCidrBlock, because pods accept load balancer requests only from this block',
      got: existing.node.path,
      fix: 'Pass `vpcCidrBlock` to Vpc.fromVpcAttributes.',
    });
  }
  props.source.checkSubnets(problems, vpc);
}

/** Adds a problem if the nodes have no subnet. Karpenter uses all zones unless the capacity is in one. A managed node group uses one zone. */
function checkNodeSubnets(
  problems: ProblemCollector,
  vpc: SubnetsOfVpc,
  { nodes, subnets: selection, capacity }: ResolvedInference['props'],
): void {
  if (nodes.kind === 'managed') {
    chooseNodeSubnets(problems, vpc, selection, capacity);
    return;
  }
  const given = selection ? selectSubnets(vpc, selection) : privateSubnets(vpc);
  const { availabilityZone: zone } = capacity;
  const found = zone === undefined ? given : given.filter(({ availabilityZone }) => mayBe(availabilityZone, zone));
  if (given.length > 0 && found.length === 0) {
    problems.add({
      code: 'CapacityZone',
      prop: 'subnets',
      allowed: `in ${zone}, the zone of the reserved capacity`,
      got: given.map(({ availabilityZone }) => (Token.isUnresolved(availabilityZone) ? 'a token' : availabilityZone)),
      fix: `Select a private subnet in ${zone}, or add the zone to \`availabilityZones\` of a new VPC.`,
    });
  } else checkSubnets(problems, 'subnets', found);
}

/** Subnets for Karpenter nodes. A new reservation uses the zone of the first one. */
export function karpenterSubnets(vpc: IVpc, { subnets, capacity }: ResolvedInference['props']): ISubnet[] {
  const given = subnets ? selectSubnets(vpc, subnets) : privateSubnets<ISubnet>(vpc);
  const { availabilityZone: zone } = capacity;
  const found = zone === undefined ? given : given.filter(({ availabilityZone }) => mayBe(availabilityZone, zone));
  return capacity.createsReservation ? found.slice(0, 1) : found;
}

/** CIDR block of a VPC, undefined if it was imported without one. */
export function cidrOf(vpc: IVpc): string | undefined {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return undefined;
  }
}
