import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type ISubnet, type IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  AccessEntry,
  AccessEntryType,
  AccessPolicy,
  AccessScopeType,
  Cluster,
  ClusterLoggingTypes,
  DefaultCapacityType,
  EndpointAccess,
  KubernetesVersion,
} from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { demand, fits, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { record } from '../template/findings';
import { checkServiceCidr } from '../network/ml-vpc-checks';
import { checkSubnets, type SubnetsOfVpc, type ZonedSubnet } from '../network/node-subnets';
import { ENDPOINT_ACCESS, KEY, KUBERNETES_VERSION, LAYER, ROLE, SUBNETS, VPC } from '../props/shapes';

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  readonly vpc: IVpc;
  /** Subnets of the control plane and of the function that installs, none in a Local Zone. @default - the private subnets of the VPC */
  readonly subnets?: readonly ISubnet[];
  /** @default KubernetesVersion.V1_36 */
  readonly version?: KubernetesVersion;
  /** Who reaches the Kubernetes API. @default EndpointAccess.PRIVATE */
  readonly endpointAccess?: EndpointAccess;
  /** Roles that administer the cluster. @default - none: only the deployment itself installs software */
  readonly admins?: readonly IRole[];
  /** Key of the cluster's secrets. @default - a new key, rotated each year */
  readonly encryptionKey?: IKey;
  /** Addresses of Kubernetes services. @default - what EKS takes by itself: 172.20.0.0/16 or 10.100.0.0/16 */
  readonly serviceCidr?: string;
  /** Layer with kubectl and helm, where software is installed by the deployment. @default - nothing is installed */
  readonly kubectlLayer?: ILayerVersion;
}

const CONTROL_PLANE: Shape<ControlPlaneProps> = {
  vpc: required(VPC),
  subnets: SUBNETS,
  version: KUBERNETES_VERSION,
  endpointAccess: ENDPOINT_ACCESS,
  admins: listOf(ROLE),
  encryptionKey: KEY,
  serviceCidr: TEXT,
  kubectlLayer: LAYER,
};

/** What is between the newest Kubernetes and the last that a kubectl layer exists for. */
export function defaultKubernetesVersion(): KubernetesVersion {
  return KubernetesVersion.V1_36;
}

/** An EKS control plane as a training cluster wants it: private, secrets under a key of their own, every log on, access by entries. */
export class ControlPlane extends Construct {
  public readonly cluster: Cluster;
  public readonly encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    checkControlPlane(this, props);
    const { vpc, version = defaultKubernetesVersion(), endpointAccess = EndpointAccess.PRIVATE, admins = [] } = props;
    this.encryptionKey =
      props.encryptionKey ??
      new Key(this, 'Key', {
        description: `Kubernetes secrets of ${this.node.path}`,
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      });
    const subnets = [...(props.subnets ?? privateSubnets(vpc))];
    this.cluster = new Cluster(this, 'Resource', {
      vpc,
      vpcSubnets: [{ subnets }],
      version,
      endpointAccess,
      serviceIpv4Cidr: props.serviceCidr,
      secretsEncryptionKey: this.encryptionKey,
      clusterLogging: Object.values(ClusterLoggingTypes),
      // Add-ons are declared one by one, so that none comes with a version and rights that nobody chose.
      bootstrapSelfManagedAddons: false,
      bootstrapClusterCreatorAdminPermissions: false,
      defaultCapacityType: DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      outputConfigCommand: false,
      kubectlProviderOptions: props.kubectlLayer && { kubectlLayer: props.kubectlLayer, privateSubnets: subnets },
    });
    Validations.of(this.cluster).acknowledge({
      id: 'CloudFormation-Validate::W9009',
      reason:
        'The EKS API still demands resources: ["secrets"] in the encryption config, and the L2 cluster writes it.',
    });
    admins.forEach((admin, index) => this.grantAdmin(`Admin${index}`, admin));
    if (endpointAccess !== EndpointAccess.PRIVATE) this.recordPublicApi();
  }

  /** Lets a role administer the whole cluster. */
  grantAdmin(id: string, role: IRole): AccessEntry {
    demand({ id, role }, { id: required(TEXT), role: required(ROLE) }, { scope: this });
    return new AccessEntry(this, id, {
      cluster: this.cluster,
      principal: role.roleArn,
      accessEntryType: AccessEntryType.STANDARD,
      accessPolicies: [
        AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', { accessScopeType: AccessScopeType.CLUSTER }),
      ],
    });
  }

  private recordPublicApi(): void {
    record(this, {
      id: 'network/public-api',
      level: 'warning',
      message: 'The Kubernetes API has a public endpoint.',
      fix: 'Leave endpointAccess out, or limit it with onlyFrom and acknowledge this.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
    });
  }
}

function checkControlPlane(scope: Construct, props: ControlPlaneProps): void {
  const problems = new Problems();
  if (fits(problems, props, CONTROL_PLANE)) {
    if (props.serviceCidr !== undefined) checkServiceCidr(problems, props.serviceCidr);
    checkSubnets(problems, 'subnets', props.subnets ?? privateSubnets(props.vpc));
  }
  problems.throwIfAny(scope);
}

/** Subnets without a way in from the internet: with egress where the VPC has them, else isolated. */
export function privateSubnets<S extends ZonedSubnet>(vpc: SubnetsOfVpc<S>): S[] {
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}
