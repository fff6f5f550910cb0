import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  AccessEntry,
  AccessEntryType,
  AccessPolicy,
  AccessScopeType,
  Cluster,
  ClusterLoggingTypes,
  DefaultCapacityType,
  EndpointAccess,
  type ICluster,
  KubernetesVersion,
} from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps, required, STRING } from '../../core/prop-schema';
import { logsKey } from '../operations/encrypted-log-group';
import { record } from '../template/findings';
import { checkServiceCidr } from '../network/ml-vpc';
import { checkSubnets, type SubnetsOfVpc, type ZonedSubnet } from '../network/node-subnets';
import { ROLE } from '../props/prop-types';
import { CONTROL_PLANE_PROPS } from '../prop-schemas';

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  /** VPC of the control plane. */
  readonly vpc: IVpc;
  /**
   * Subnets of the control plane, and of the function that installs software. A subnet in a Local Zone is not supported.
   *
   * @default - the private subnets of the VPC
   */
  readonly subnets?: readonly ISubnet[];
  /** Kubernetes version of the control plane. @default KubernetesVersion.V1_36 */
  readonly kubernetesVersion?: KubernetesVersion;
  /** Networks that can reach the Kubernetes API. @default EndpointAccess.PRIVATE */
  readonly apiAccess?: EndpointAccess;
  /** Roles that administer the cluster. @default - only the deployment, if it installs software */
  readonly admins?: readonly IRole[];
  /** KMS key of the Kubernetes secrets. @default - a new key that rotates every year */
  readonly encryptionKey?: IKey;
  /** Address range of Kubernetes services. @default - EKS chooses 172.20.0.0/16 or 10.100.0.0/16 */
  readonly serviceCidr?: string;
  /** Lambda layer with kubectl and Helm, to install software by the deployment. @default - the deployment installs nothing */
  readonly kubectlLayer?: ILayerVersion;
}

/** A control plane of this library. An existing EKS cluster is an `ICluster`: pass it to `ClusterSource.fromCluster`. */
export interface IControlPlane extends IConstruct {
  /** The EKS cluster. */
  readonly cluster: ICluster;
  /** KMS key of the Kubernetes secrets. */
  readonly encryptionKey: IKey;
}

/** The newest Kubernetes version that has a kubectl layer. A function, because the CDK enum must load late. */
export function defaultKubernetesVersion(): KubernetesVersion {
  return KubernetesVersion.V1_36;
}

/**
 * A private EKS control plane: secrets under a KMS key, all control plane logs, and access through access entries.
 *
 * @example
 * ```ts
 * import { ControlPlane, MlVpc } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Cluster');
 * const { vpc, serviceCidr } = new MlVpc(stack, 'Vpc');
 * new ControlPlane(stack, 'ControlPlane', { vpc, serviceCidr });
 * ```
 */
export class ControlPlane extends Construct implements IControlPlane {
  /** The EKS cluster. */
  public readonly cluster: Cluster;
  /** KMS key of the Kubernetes secrets. */
  public readonly encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    checkControlPlane(this, props);
    const {
      vpc,
      kubernetesVersion: version = defaultKubernetesVersion(),
      apiAccess: endpointAccess = EndpointAccess.PRIVATE,
      admins = [],
    } = props;
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
      // The library declares each add-on, with its version and its rights.
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
        'The EKS API still requires resources: ["secrets"] in the encryption config, and the L2 cluster writes it.',
    });
    this.encryptProviderLogs();
    admins.forEach((admin, index) => this.grantAdmin(`Admin${index}`, admin));
    if (endpointAccess !== EndpointAccess.PRIVATE) this.recordPublicApi();
  }

  /** Gives a role administrator access to the whole cluster. Returns the access entry. */
  grantAdmin(id: string, role: IRole): AccessEntry {
    assertProps({ id, role }, { id: required(STRING), role: required(ROLE) }, { scope: this });
    return new AccessEntry(this, id, {
      cluster: this.cluster,
      principal: role.roleArn,
      accessEntryType: AccessEntryType.STANDARD,
      accessPolicies: [
        AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', { accessScopeType: AccessScopeType.CLUSTER }),
      ],
    });
  }

  // With the feature flag useCdkManagedLogGroup, which `cdk init` sets, each function of the kubectl provider has a log group without a key.
  private encryptProviderLogs(): void {
    const groups = this.cluster.node.findAll().filter((each) => CfnLogGroup.isCfnLogGroup(each));
    if (groups.length === 0) return;
    const { keyArn } = logsKey(this, 'KubectlLogsKey', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    for (const group of groups) group.kmsKeyId = keyArn;
  }

  private recordPublicApi(): void {
    record(this, {
      id: 'network/public-api',
      level: 'warning',
      message: 'The Kubernetes API has a public endpoint.',
      fix: 'Remove apiAccess, or limit it with onlyFrom and acknowledge this finding.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
    });
  }
}

function checkControlPlane(scope: Construct, props: ControlPlaneProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CONTROL_PLANE_PROPS)) {
    if (props.serviceCidr !== undefined) checkServiceCidr(problems, props.serviceCidr);
    checkSubnets(problems, 'subnets', props.subnets ?? privateSubnets(props.vpc));
  }
  problems.throwIfAny(scope);
}

/** Subnets that the internet cannot reach: the private subnets of the VPC, or its isolated subnets if it has no private ones. */
export function privateSubnets<S extends ZonedSubnet>(vpc: SubnetsOfVpc<S>): S[] {
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}
