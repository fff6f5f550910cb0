import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CurrentSubscription } from '../operations/current-subscription';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { sendLogs } from '../operations/log-workspace';
import { Role } from '../operations/roles';
import { existingDependencies } from '../../terraform/existing-dependencies';
import type { IResourceGroup } from '../props/resource-group';
import { KubernetesCluster, RoleAssignment } from '../provider/azurerm';
import { checkCluster, type ControlPlaneAttributes, type IAksCluster } from './aks-cluster';
import { ClusterIdentity } from './cluster-identity';
import { accessProfile, changedByAks, CLUSTER_BASICS, networkProfile, systemPool, upgrades } from './cluster-settings';
import { checkControlPlane } from './control-plane-checks';
import { ApiAccess, type ControlPlaneProps } from './control-plane-props';
import { DiskEncryption } from './disk-encryption';
import { type KubernetesConnection, signInByEntra } from './kubernetes-connection';
import { ManagedPrometheus } from './managed-prometheus';
import { CONTROL_PLANE_ATTRIBUTES, CONTROL_PLANE_PROPS } from '../prop-schemas';

/** Log categories: the audit log without read requests, and scheduling and autoscaling. @see https://learn.microsoft.com/en-us/azure/aks/monitor-aks-reference */
const LOGS = [
  'kube-audit-admin',
  'guard',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cluster-autoscaler',
];

/** Maximum length: AKS accepts 63 characters for the name, 54 for the DNS prefix, and 80 for the node resource group. */
const LONGEST_NAME = 54;

/**
 * An AKS cluster with system nodes, a private API, and private nodes. It uses Entra and Azure RBAC instead of local accounts, and Cilium on an overlay
 * network. It has workload identity, customer-managed disk encryption, managed Prometheus, and cost analysis. Accelerators are separate node pools.
 *
 * Network, disk encryption, and kubelet identity can never change later.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/best-practices
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { ControlPlane, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'training');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new ControlPlane(stack, 'ControlPlane', {
 *   resourceGroup,
 *   admins: ['2f1c7d9e-3b4a-4c5d-8e6f-7a8b9c0d1e2f'],
 * });
 * ```
 */
export class ControlPlane extends Construct implements IAksCluster {
  /** Imports an existing cluster. Creates no resources. */
  static fromControlPlaneAttributes(scope: Construct, id: string, attrs: ControlPlaneAttributes): IAksCluster {
    return new ImportedCluster(scope, id, attrs);
  }

  /** The AKS cluster. */
  public readonly resource: KubernetesCluster;
  /** Resource group of the cluster. */
  public readonly resourceGroup: IResourceGroup;
  /** Network of the cluster. */
  public readonly network: IMlNetwork;
  /** Key that encrypts the disks of the nodes. */
  public readonly encryptionKey: IEncryptionKey;
  /** Identities of the control plane and of the kubelets. */
  public readonly identity: ClusterIdentity;
  /** Disk encryption set of the nodes. */
  public readonly diskEncryption: DiskEncryption;
  /** Managed Prometheus. */
  public readonly metrics: ManagedPrometheus;
  /** Kubernetes version. @default - the version that AKS recommends */
  public readonly kubernetesVersion?: string;
  /** Labels of the nodes that run controllers. */
  public readonly systemLabels = SYSTEM_LABELS;
  private readonly admins: readonly RoleAssignment[];

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    check(this, props);
    const { resourceGroup } = props;
    this.resourceGroup = resourceGroup;
    this.kubernetesVersion = props.kubernetesVersion;
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    this.identity = new ClusterIdentity(this, 'Identity', { resourceGroup, nodeSubnetId: this.nodeSubnetId });
    const { principalId } = this.identity.controlPlane;
    const { encryptionKey } = this;
    this.diskEncryption = new DiskEncryption(this, 'Disks', { resourceGroup, encryptionKey, principalId });
    this.resource = this.createCluster(props);
    this.metrics = new ManagedPrometheus(this, 'Metrics', { resourceGroup, clusterId: this.id });
    if (props.logs) sendLogs(this, 'Logs', props.logs, this.id, LOGS);
    this.admins = (props.admins ?? []).map((admin, index) => this.grantAdmin(`Admin${index}`, admin));
    this.recordAccess(props);
  }

  /** Resource id of the cluster. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the cluster. */
  get name(): string {
    return this.resource.name;
  }

  /** Resource id of the node subnet. */
  get nodeSubnetId(): string {
    return this.network.nodeSubnetId;
  }

  /** Object id of the identity of the control plane. */
  get principalId(): string {
    return this.identity.controlPlane.principalId;
  }

  /** Issuer URL of the tokens of its pods. */
  get oidcIssuerUrl(): string {
    return this.resource.oidcIssuerUrl;
  }

  /**
   * Connection to the Kubernetes API for Terraform providers: `new HelmProvider(stack, 'Helm', { kubernetes: controlPlane.connection })`. Local
   * accounts are off, so providers sign in with `kubelogin`, which must be installed where Terraform runs. A private API is reachable only from the
   * network.
   */
  get connection(): KubernetesConnection {
    const config = this.resource.kubeConfig.get(0);
    const clusterCaCertificate = Fn.base64decode(config.clusterCaCertificate);
    return { host: config.host, clusterCaCertificate, exec: signInByEntra() };
  }

  /**
   * Makes an Entra principal an administrator of the cluster.
   *
   * @returns the role assignment. Resources that use it must depend on it.
   */
  grantAdmin(id: string, objectId: string): RoleAssignment {
    const grant = { scope: this.id, roleDefinitionName: Role.AKS_CLUSTER_ADMIN, principalId: objectId };
    return new RoleAssignment(this, id, grant);
  }

  /**
   * @internal Makes the principal that runs Terraform an administrator, because it installs charts, and returns its role assignments. Azure rejects
   * duplicate role assignments, so this one is skipped if `admins` contains that principal.
   */
  grantDeployer(): RoleAssignment[] {
    const { objectId } = CurrentSubscription.of(this);
    const grant = this.grantAdmin('Deployer', objectId);
    const admins = this.admins.map(({ principalIdInput }) => principalIdInput);
    if (admins.length > 0) grant.count = Token.asNumber(Fn.conditional(Fn.contains(admins, objectId), 0, 1));
    return [grant, ...this.admins];
  }

  private createCluster(props: ControlPlaneProps): KubernetesCluster {
    const {
      resourceGroup,
      kubernetesVersion: version,
      zones,
      systemNodes,
      authorizedCidrs,
      deletionProtection = true,
    } = props;
    const { controlPlane, kubelet, grants } = this.identity;
    const name = physicalName(this, LONGEST_NAME);
    const isPrivate = (props.apiAccess ?? ApiAccess.PRIVATE) === ApiAccess.PRIVATE;
    return new KubernetesCluster(this, 'Resource', {
      ...CLUSTER_BASICS,
      name,
      dnsPrefix: name,
      nodeResourceGroup: `${name}-nodes`,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      kubernetesVersion: version,
      ...upgrades(props.upgradeChannel),
      privateClusterEnabled: isPrivate,
      ...(isPrivate && { privateDnsZoneId: 'System', privateClusterPublicFqdnEnabled: false }),
      apiServerAccessProfile: accessProfile(this.network, authorizedCidrs),
      azureActiveDirectoryRoleBasedAccessControl: {
        azureRbacEnabled: true,
        tenantId: CurrentSubscription.of(this).tenantId,
      },
      identity: { type: 'UserAssigned', identityIds: [controlPlane.id] },
      kubeletIdentity: {
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
        userAssignedIdentityId: kubelet.id,
      },
      diskEncryptionSetId: this.diskEncryption.resource.id,
      networkProfile: networkProfile(this.network, props.outboundType),
      defaultNodePool: systemPool({ ...systemNodes, zones, nodeSubnetId: this.nodeSubnetId }),
      dependsOn: existingDependencies(this, [
        ...grants,
        this.diskEncryption.grant,
        ...('egress' in this.network ? (this.network as MlNetwork).egress : []),
      ]),
      timeouts: { create: '60m', update: '120m', delete: '60m' },
      lifecycle: {
        preventDestroy: deletionProtection ? true : undefined,
        ignoreChanges: changedByAks(props.upgradeChannel),
      },
    });
  }

  private recordAccess({ apiAccess, authorizedCidrs = [] }: ControlPlaneProps): void {
    if (apiAccess !== ApiAccess.PUBLIC_BY_ENTRA) return;
    const who = authorizedCidrs.length > 0 ? authorizedCidrs.join(', ') : 'any address';
    record(this, {
      id: 'network/public-api',
      level: 'warning',
      message: `The Kubernetes API is reachable from the internet, from ${who}, for principals that Entra authorizes.`,
      fix: 'Remove apiAccess, or list the address ranges in authorizedCidrs and acknowledge this finding.',
      evidence: 'https://learn.microsoft.com/en-us/azure/aks/api-server-authorized-ip-ranges',
    });
  }
}

class ImportedCluster extends Construct implements IAksCluster {
  public readonly id: string;
  public readonly resourceGroup: IResourceGroup;
  public readonly nodeSubnetId: string;
  public readonly kubernetesVersion?: string;
  public readonly principalId?: string;
  public readonly oidcIssuerUrl?: string;

  constructor(scope: Construct, id: string, attrs: ControlPlaneAttributes) {
    super(scope, id);
    assertProps(attrs, CONTROL_PLANE_ATTRIBUTES, { scope: this, name: 'attrs' });
    this.id = attrs.clusterId;
    this.resourceGroup = attrs.resourceGroup;
    this.nodeSubnetId = attrs.nodeSubnetId;
    this.kubernetesVersion = attrs.kubernetesVersion;
    this.principalId = attrs.principalId;
    this.oidcIssuerUrl = attrs.oidcIssuerUrl;
    const problems = new ProblemCollector();
    checkCluster(problems, 'attrs', this);
    problems.throwIfAny(this);
  }
}

function check(scope: Construct, props: ControlPlaneProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CONTROL_PLANE_PROPS)) checkControlPlane(problems, props);
  problems.throwIfAny(scope);
}
