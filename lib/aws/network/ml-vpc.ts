import { RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import {
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  type InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  type SubnetConfiguration,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { demand, TEXT } from '../../core/shapes';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { record } from '../template/findings';
import { mayBe, type SubnetsOfVpc } from './node-subnets';
import {
  checkEndpointNames,
  checkNatGateways,
  checkRanges,
  checkZones,
  defaultServiceCidr,
  ML_VPC,
} from './ml-vpc-checks';
import { MlVpcEndpoints } from './ml-vpc-endpoints';

/** Properties for `MlVpc`. */
export interface MlVpcProps {
  /** The addresses: /16 to /20. @default '10.0.0.0/16' */
  readonly cidr?: string;
  /** Ranges of networks that this one is or will be connected to: none may overlap. @default - none */
  readonly peeredCidrs?: readonly string[];
  /** Addresses of Kubernetes services, for the cluster to take. @default - what EKS takes by itself: 172.20.0.0/16, or 10.100.0.0/16 */
  readonly serviceCidr?: string;
  /** The zones. Name them where capacity is reserved in one. @default - up to three of the stack's region */
  readonly availabilityZones?: readonly string[];
  /** Gateways for egress. One for all costs least, and its zone takes all others along. @default - one in each zone */
  readonly natGateways?: number;
  /** Interface endpoints by child id. Not every region has each service. @default mlInterfaceEndpoints() */
  readonly interfaceEndpoints?: Readonly<Record<string, InterfaceVpcEndpointAwsService>>;
  /** How long flow logs stay. @default RetentionDays.ONE_YEAR */
  readonly flowLogRetention?: RetentionDays;
}

const PUBLIC_PREFIX = 26;

// A function, since naming a CDK enum while the module loads would load all of EC2 with it.
function subnetConfiguration(): SubnetConfiguration[] {
  return [
    { name: 'Nodes', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    { name: 'Nat', subnetType: SubnetType.PUBLIC, cidrMask: PUBLIC_PREFIX, mapPublicIpOnLaunch: false },
  ];
}

/**
 * A VPC for accelerator nodes, for those who bring none: one large private subnet a zone for nodes, a small public one for its NAT
 * gateway and nothing else, private ways to AWS, flow logs.
 *
 * The default security group is emptied by the CDK's own custom resource: CloudFormation alone cannot take rules from it.
 */
export class MlVpc extends Construct {
  public readonly vpc: IVpc;
  public readonly endpoints: MlVpcEndpoints;
  public readonly flowLogs: EncryptedLogGroup;
  /** Addresses for Kubernetes services that collide with nothing declared. */
  public readonly serviceCidr: string;

  constructor(scope: Construct, id: string, props: MlVpcProps = {}) {
    super(scope, id);
    demand(props, ML_VPC, { scope: this });
    const { cidr = '10.0.0.0/16', peeredCidrs, natGateways } = props;
    this.serviceCidr = props.serviceCidr ?? defaultServiceCidr(cidr);
    const zones = zonesOf(this, props);
    const problems = new Problems();
    checkRanges(problems, { cidr, serviceCidr: this.serviceCidr, peeredCidrs });
    checkZones(problems, zones);
    checkNatGateways(problems, natGateways, zones.length);
    checkEndpointNames(problems, 'interfaceEndpoints', props.interfaceEndpoints);
    problems.throwIfAny(this);

    this.vpc = new Vpc(this, 'Resource', {
      ipAddresses: IpAddresses.cidr(cidr),
      availabilityZones: zones,
      natGateways,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: subnetConfiguration(),
    });
    this.nodeSubnets.forEach((subnet) => Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1'));
    this.endpoints = new MlVpcEndpoints(this, 'Endpoints', {
      vpc: this.vpc,
      cidr,
      subnets: { subnets: this.nodeSubnets },
      services: props.interfaceEndpoints,
    });
    this.flowLogs = flowLogsOf(this, this.vpc, props.flowLogRetention);
    if (natGateways === 1 && zones.length > 1) warnOfOneGateway(this);
  }

  /** The private subnets, one a zone. */
  get nodeSubnets(): ISubnet[] {
    return this.vpc.privateSubnets;
  }

  /**
   * The subnet for nodes in a zone: a fabric never crosses zones.
   *
   * @param zone e.g. `us-east-1a`; without it, the first
   */
  nodeSubnet(zone?: string): ISubnet {
    demand({ zone }, { zone: TEXT }, { scope: this });
    const zones = this.vpc.availabilityZones;
    const found = this.nodeSubnets.find((subnet) => zone === undefined || mayBe(subnet.availabilityZone, zone));
    const problems = new Problems();
    if (!found) {
      const named = zones.filter((one) => !Token.isUnresolved(one));
      problems.add({
        code: 'ZoneUnknown',
        prop: 'zone',
        allowed:
          named.length > 0 ? `one of ${named.join(', ')}` : 'left out, since the zones are known only at deployment',
        got: zone,
        fix: 'Name the zones that you need in availabilityZones.',
      });
    }
    problems.throwIfAny(this);
    return found!;
  }
}

const MOST_ZONES = 3;

/**
 * The subnets that an `MlVpc` would have, in no app, to see what is chosen before anything is made. By default one is chosen by its zone
 * alone; only a selection of the user's own needs the CDK to tell what it finds.
 */
function trialVpc(availabilityZones: string[]): SubnetsOfVpc {
  return {
    privateSubnets: availabilityZones.map((availabilityZone) => ({ availabilityZone })),
    isolatedSubnets: [],
    selectSubnets: (selection) =>
      new Vpc(new Stack(), 'Trial', { availabilityZones, subnetConfiguration: subnetConfiguration() }).selectSubnets(
        selection,
      ),
  };
}

/** What a new VPC will look like; nothing, with the problem added, where its zones are wrong. */
export function newVpc(problems: Problems, props: MlVpcProps, scope: Construct): SubnetsOfVpc | undefined {
  const zones = zonesOf(scope, props);
  const own = problems.all.length;
  checkZones(problems, zones);
  return problems.all.length > own ? undefined : trialVpc(zones);
}

/** The zones of an `MlVpc`. */
export function zonesOf(scope: Construct, { availabilityZones }: MlVpcProps): string[] {
  return [...(availabilityZones ?? Stack.of(scope).availabilityZones.slice(0, MOST_ZONES))];
}

function flowLogsOf(scope: Construct, vpc: IVpc, retention?: RetentionDays): EncryptedLogGroup {
  const logs = new EncryptedLogGroup(scope, 'FlowLogs', {
    retention,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  new FlowLog(scope, 'FlowLog', {
    resourceType: FlowLogResourceType.fromVpc(vpc),
    destination: FlowLogDestination.toCloudWatchLogs(logs.logGroup),
  });
  return logs;
}

function warnOfOneGateway(scope: Construct): void {
  record(scope, {
    id: 'network/one-zone-egress',
    level: 'warning',
    message: 'All egress goes through one NAT gateway: if its zone fails, no node reaches the internet.',
    fix: 'Leave natGateways out for one in each zone.',
    evidence: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
  });
}
