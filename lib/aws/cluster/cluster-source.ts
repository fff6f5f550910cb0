import { Stack, Token } from 'aws-cdk-lib';
import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster, KubernetesVersion, EndpointAccess } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import { sharesCluster } from '../../core/shared-cluster';
import { checkSystemLabelsSet } from '../../kubernetes/placement';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { checkSubnets, selectSubnets, type SubnetsOfVpc } from '../network/node-subnets';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { checkNodeRange, SystemNodeGroup, type SystemNodeGroupProps } from '../nodes/system-node-group';
import { CLUSTER } from '../props/prop-types';
import { ClusterAddons, type AddonName, type AddonVersions } from './cluster-addons';
import { ControlPlane, defaultKubernetesVersion, privateSubnets } from './control-plane';
import type { Installation } from './installation';
import { EXISTING_CLUSTER_OPTIONS, NEW_CLUSTER_OPTIONS } from '../prop-schemas';

/** A chart that an existing cluster can run already. */
export type SharedChart =
  | 'aws-efa-k8s-device-plugin'
  | 'aws-load-balancer-controller'
  | 'cluster-autoscaler'
  | 'dra-driver-nvidia-gpu'
  | 'jobset'
  | 'keda'
  | 'kube-prometheus-stack'
  | 'kubeflow-trainer'
  | 'kueue'
  | 'lws'
  | 'neuron-helm-chart'
  | 'nvidia-device-plugin';

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
  /** Charts that the cluster runs already, so that they are not installed again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
  /** EKS add-ons to install, because the cluster does not have them. @default - none: the cluster has all add-ons that it needs */
  readonly addons?: readonly AddonName[];
  /** Versions of the add-ons to install, by name. @default - EKS chooses a version when it creates the add-on */
  readonly addonVersions?: AddonVersions;
}

/** Add-ons that training needs in an existing cluster. */
export const TRAINING_ADDONS: readonly AddonName[] = ['vpc-cni', 'eks-pod-identity-agent', 'aws-fsx-csi-driver'];

/** Props of a construct that its new cluster uses too. */
export interface ControlPlanePlacement {
  readonly vpc: IVpc;
  readonly installation: Installation;
  /** @default - EKS chooses one */
  readonly serviceCidr?: string;
  /** KMS key of the Kubernetes secrets, if the options of the cluster name none. @default - a new key */
  readonly encryptionKey?: IKey;
}

/** The cluster of a construct. */
export interface ProvidedCluster {
  /** The existing or new cluster. */
  readonly cluster: ICluster;
  /** The new control plane. @default - the cluster existed already */
  readonly controlPlane?: ControlPlane;
}

/** What the system nodes and the add-ons of a new cluster depend on. */
export interface SystemPlacement {
  readonly vpc: IVpc;
  readonly cluster: ICluster;
  readonly role: IRole;
  /** Managed accelerator node groups, including fallbacks. They wait for the network add-ons. */
  readonly groups: readonly EfaNodeGroup[];
  /** Pools with NVIDIA GPUs. The GPU metrics exporter runs there. */
  readonly gpuPools: readonly string[];
  /** What the deployment installs. It waits for the add-ons that run on system nodes. */
  readonly installed: readonly Construct[];
  /** Whether network policies are enforced. @default false */
  readonly networkPolicies?: boolean;
  /** KMS key of the boot disks, if the options of the system nodes name none. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
}

/**
 * The EKS cluster that a construct runs on: a new one or an existing one.
 *
 * @example
 * ```ts
 * import { ClusterSource } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Role } from 'aws-cdk-lib/aws-iam';
 *
 * const stack = new Stack(new App(), 'Training');
 * const operators = Role.fromRoleName(stack, 'Operators', 'operators');
 * const cluster = ClusterSource.create({ admins: [operators] });
 * ```
 */
export class ClusterSource {
  /** A new cluster with its own system nodes and add-ons, in the VPC of the construct. */
  static create(options: NewClusterOptions = {}): ClusterSource {
    const problems = new ProblemCollector();
    assertProps(options, NEW_CLUSTER_OPTIONS, { name: 'options' });
    const { systemNodes = {} } = options;
    checkNodeRange(problems.within('systemNodes'), systemNodes);
    problems.throwIfAny();
    return new ClusterSource(options);
  }

  /** An existing cluster with its own system nodes and add-ons. */
  static fromCluster(cluster: ICluster, options: ExistingClusterOptions): ClusterSource {
    assertProps({ cluster }, { cluster: required(CLUSTER) });
    assertProps(options, EXISTING_CLUSTER_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    checkSystemLabelsSet(problems, options.systemLabels);
    problems.throwIfAny();
    return new ClusterSource({}, cluster, options);
  }

  private constructor(
    /** @internal Options for the new cluster. Empty for an existing cluster. */
    readonly newCluster: NewClusterOptions,
    /** The existing cluster. @default - the construct creates one */
    public readonly existing?: ICluster,
    private readonly options?: ExistingClusterOptions,
  ) {}

  /** Labels of the nodes that run controllers. */
  get systemLabels(): Readonly<Record<string, string>> {
    return this.options?.systemLabels ?? SYSTEM_LABELS;
  }

  /** Charts that the existing cluster runs already. */
  get existingCharts(): readonly SharedChart[] {
    return this.options?.existingCharts ?? [];
  }

  /** @internal EKS add-ons to install in the existing cluster. */
  get addons(): readonly AddonName[] {
    return this.options?.addons ?? [];
  }

  /** @internal Kubernetes version of a new cluster. @default - the cluster exists, and its version is unknown */
  get kubernetesVersion(): KubernetesVersion | undefined {
    return this.existing ? undefined : (this.newCluster.kubernetesVersion ?? defaultKubernetesVersion());
  }

  /** @internal Adds a problem if the VPC or the installation of a construct does not suit the cluster. */
  check(
    problems: ProblemCollector,
    { vpc, installation }: { readonly vpc?: IVpc; readonly installation: Installation },
  ): void {
    if (!this.existing) {
      installation.check(problems);
      return;
    }
    if (vpc && isOther(vpc, this.existing.vpc)) {
      problems.add({
        code: 'ClusterOption',
        prop: 'vpc',
        allowed: 'the VPC of the cluster',
        got: vpc.node.path,
        fix: 'Remove vpc.',
      });
    }
    if (installation.byDeployment && !this.existing.kubectlProvider) {
      problems.add({
        code: 'ClusterOption',
        prop: 'installation',
        allowed: 'Installation.gitOps() for a cluster without a kubectl provider',
        got: 'Installation.byDeployment()',
        fix: 'Give the cluster kubectlProviderOptions, or install with GitOps.',
      });
    }
  }

  /** @internal Adds a problem if a new control plane has no subnet in the VPC. */
  checkSubnets(problems: ProblemCollector, vpc: SubnetsOfVpc): void {
    if (this.existing) return;
    const { controlPlaneSubnets: selection } = this.newCluster;
    if (selection) checkSubnets(problems, 'cluster.controlPlaneSubnets', selectSubnets(vpc, selection));
    else checkSubnets(problems, 'vpc', privateSubnets(vpc));
  }

  /** @internal Returns the existing cluster, or creates a control plane below `scope`. */
  provide(scope: Construct, { vpc, installation, serviceCidr, encryptionKey }: ControlPlanePlacement): ProvidedCluster {
    if (this.existing) return { cluster: this.existing };
    const { admins, apiAccess, kubernetesVersion } = this.newCluster;
    const controlPlane = new ControlPlane(scope, 'ControlPlane', {
      ...{ vpc, admins, apiAccess, kubernetesVersion, serviceCidr },
      encryptionKey: this.newCluster.encryptionKey ?? encryptionKey,
      kubectlLayer: installation.layer(scope, 'Kubectl'),
      subnets: this.subnetsIn(vpc),
    });
    return { cluster: controlPlane.cluster, controlPlane };
  }

  /** @internal Creates the system nodes and the add-ons of a new cluster below `scope`, or the add-ons that an existing cluster lacks. */
  provideSystem(
    scope: Construct,
    { vpc, cluster, role, groups, gpuPools, installed, networkPolicies, bootDiskKey }: SystemPlacement,
  ): SystemNodeGroup | undefined {
    if (this.existing) {
      this.installAddons(scope, this.existing, { groups, gpuPools, installed, networkPolicies });
      return undefined;
    }
    const { addonVersions: versions, systemNodes } = this.newCluster;
    const system = new SystemNodeGroup(scope, 'System', {
      ...{ bootDiskKey, ...systemNodes },
      ...{ cluster, role, subnets: this.subnetsIn(vpc), kubernetesVersion: this.kubernetesVersion },
    });
    const addons = new ClusterAddons(scope, 'Addons', { cluster, gpuPools, versions, networkPolicies });
    addons.orderAround(
      system.resource,
      groups.map(({ resource }) => resource),
    );
    for (const each of installed) each.node.addDependency(...addons.onSystemNodes);
    return system;
  }

  private installAddons(
    scope: Construct,
    cluster: ICluster,
    { groups, gpuPools, installed, networkPolicies }: Omit<SystemPlacement, 'vpc' | 'cluster' | 'role'>,
  ): void {
    const { addons: names, addonVersions: versions } = this.options ?? {};
    if (!names || names.length === 0) return;
    const addons = new ClusterAddons(scope, 'Addons', { cluster, gpuPools, versions, networkPolicies, names });
    const fix = 'Remove it from `addons` of ClusterSource.fromCluster() in one of them.';
    const releases = names.map((name) => ({ chart: name, release: name, namespace: 'EKS add-ons', fix }));
    sharesCluster(addons, { cluster, isSame: isSameCluster, contents: () => ({ pools: [], releases }) });
    for (const { resource } of groups) resource.node.addDependency(...addons.beforeNodes);
    for (const each of installed) each.node.addDependency(...addons.beforeNodes, ...addons.onSystemNodes);
  }

  private subnetsIn(vpc: IVpc): ISubnet[] {
    const { controlPlaneSubnets: selection } = this.newCluster;
    return selection ? selectSubnets(vpc, selection) : privateSubnets(vpc);
  }
}

brand(ClusterSource, 'aws.ClusterSource');

/** Returns whether two VPCs certainly differ. The same VPC can be imported twice. */
function isOther(one: IVpc, other: IVpc): boolean {
  const known = [one, other].map(({ vpcId }) => !Token.isUnresolved(vpcId));
  return one !== other && known[0] === known[1] && one.vpcId !== other.vpcId;
}

/** Whether two clusters are the same. Undefined if that is unknown, as with names that are set at deployment. */
export function isSameCluster(one: ICluster, other: ICluster): boolean | undefined {
  if (one === other) return true;
  if (Token.isUnresolved(one.clusterName) || Token.isUnresolved(other.clusterName)) return undefined;
  if (one.clusterName !== other.clusterName) return false;
  return inOnePlace(one, other) ? true : undefined;
}

/** Whether two clusters are certainly in one account and region. */
function inOnePlace(one: ICluster, other: ICluster): boolean {
  const [first, second] = [Stack.of(one), Stack.of(other)];
  if (first === second) return true;
  const known = [first.account, first.region].every((value) => !Token.isUnresolved(value));
  return known && first.account === second.account && first.region === second.region;
}
