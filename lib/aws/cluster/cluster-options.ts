import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { EndpointAccess, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { SystemNodeGroupProps } from '../nodes/system-node-group';
import type { AddonVersions } from './cluster-addons';

/** A chart that an existing cluster can run already. */
export type SharedChart = 'keda' | 'kube-prometheus-stack' | 'lws' | 'aws-load-balancer-controller';

/** Options for the system nodes of a new cluster. */
export type SystemNodeOptions = Pick<
  SystemNodeGroupProps,
  'instanceType' | 'minNodes' | 'maxNodes' | 'bootDisk' | 'bootDiskKey'
>;

/** Options for a new EKS cluster. */
export interface NewClusterOptions {
  /** Roles that administer the cluster. @default - only the deployment, if it installs software */
  readonly admins?: readonly IRole[];
  /** Networks that can reach the Kubernetes API. @default EndpointAccess.PRIVATE */
  readonly apiAccess?: EndpointAccess;
  /**
   * Subnets of the control plane and its system nodes. A subnet in a Local Zone is not supported.
   *
   * @default - the private subnets of the VPC
   */
  readonly controlPlaneSubnets?: SubnetSelection;
  /** Kubernetes version. GB200 machines require 1.34 or later. @default KubernetesVersion.V1_36 */
  readonly kubernetesVersion?: KubernetesVersion;
  /** KMS key of the Kubernetes secrets. @default - the `encryptionKey` of the construct if it has one, or a new key */
  readonly encryptionKey?: IKey;
  /** The system nodes. @default - two m7i.xlarge nodes */
  readonly systemNodes?: SystemNodeOptions;
  /** Versions of EKS add-ons, by add-on name. @default - EKS chooses a version when it creates the add-on */
  readonly addonVersions?: AddonVersions;
}

/** Options for an existing EKS cluster. */
export interface ExistingClusterOptions {
  /** Labels of the nodes that run controllers. These nodes must not have a taint. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the cluster runs already. `KubernetesInference` does not install them again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
}
