import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits } from '../../core/shapes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CurrentSubscription } from '../operations/current-subscription';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { sendLogs } from '../operations/log-workspace';
import { Role } from '../operations/roles';
import { standingBefore } from '../../terraform/standing-before';
import type { IResourceGroup } from '../props/resource-group';
import { KubernetesCluster, RoleAssignment } from '../provider/azurerm';
import type { IAksCluster } from './aks-cluster';
import { ClusterIdentity } from './cluster-identity';
import { CLUSTER_BASICS, letIn, movedByAks, networkProfile, systemPool, upgrades } from './cluster-settings';
import { checkControlPlane, CONTROL_PLANE } from './control-plane-checks';
import { ApiAccess, type ControlPlaneProps } from './control-plane-props';
import { DiskEncryption } from './disk-encryption';
import { type KubernetesConnection, signInByEntra } from './kubernetes-connection';
import { ManagedPrometheus } from './managed-prometheus';

/** The audit without mere reads, and what decides where pods and nodes go. @see https://learn.microsoft.com/en-us/azure/aks/monitor-aks-reference */
const LOGS = [
  'kube-audit-admin',
  'guard',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cluster-autoscaler',
];

/** Longest name that leaves room for what is made of it: AKS takes 63, its DNS prefix 54 and its group of nodes 80. */
const LONGEST_NAME = 54;

/**
 * An AKS control plane as a training cluster wants it: private API and nodes, Entra and the roles of Azure in place of local accounts, Cilium
 * on an overlay, workload identity, disks under a key of its own, managed Prometheus, costs by namespace. Its system nodes come with it, since
 * no cluster of AKS stands without; accelerators are pools of their own.
 *
 * Network, key of the disks and identity of the kubelets can never be changed later.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/best-practices
 */
export class ControlPlane extends Construct implements IAksCluster {
  public readonly resource: KubernetesCluster;
  public readonly resourceGroup: IResourceGroup;
  public readonly network: IMlNetwork;
  public readonly encryptionKey: IEncryptionKey;
  public readonly identity: ClusterIdentity;
  public readonly diskEncryption: DiskEncryption;
  public readonly metrics: ManagedPrometheus;
  public readonly version?: string;
  /** Labels of the nodes that controllers run on. */
  public readonly systemLabels = SYSTEM_LABELS;
  private readonly admins: readonly RoleAssignment[];

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    check(this, props);
    const { resourceGroup } = props;
    this.resourceGroup = resourceGroup;
    this.version = props.version;
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

  get id(): string {
    return this.resource.id;
  }

  get name(): string {
    return this.resource.name;
  }

  get nodeSubnetId(): string {
    return this.network.nodeSubnetId;
  }

  /** Object id of the identity of the control plane. */
  get principalId(): string {
    return this.identity.controlPlane.principalId;
  }

  get oidcIssuerUrl(): string {
    return this.resource.oidcIssuerUrl;
  }

  /**
   * How a provider of Terraform reaches the Kubernetes API: `new HelmProvider(stack, 'Helm', { kubernetes: controlPlane.connection })`. Local
   * accounts are off, so that it signs in by `kubelogin`, which must be installed where Terraform runs; a private API is reached from the
   * network alone.
   */
  get connection(): KubernetesConnection {
    const config = this.resource.kubeConfig.get(0);
    const clusterCaCertificate = Fn.base64decode(config.clusterCaCertificate);
    return { host: config.host, clusterCaCertificate, exec: signInByEntra() };
  }

  /** Lets someone in Entra, by the object id, do everything in the cluster. What acts by that right must wait for it. */
  grantAdmin(id: string, objectId: string): RoleAssignment {
    const right = { scope: this.id, roleDefinitionName: Role.AKS_CLUSTER_ADMIN, principalId: objectId };
    return new RoleAssignment(this, id, right);
  }

  /**
   * @internal Lets in whoever applies, who installs charts, and tells by which rights. Azure refuses a right that someone has already: it is left
   * out where `admins` name whoever applies.
   */
  grantDeployer(): RoleAssignment[] {
    const { objectId } = CurrentSubscription.of(this);
    const right = this.grantAdmin('Deployer', objectId);
    const admins = this.admins.map(({ principalIdInput }) => principalIdInput);
    if (admins.length > 0) right.count = Token.asNumber(Fn.conditional(Fn.contains(admins, objectId), 0, 1));
    return [right, ...this.admins];
  }

  private createCluster(props: ControlPlaneProps): KubernetesCluster {
    const { resourceGroup, version, zones, systemNodes, authorizedCidrs, deletionProtection = true } = props;
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
      apiServerAccessProfile: letIn(this.network, authorizedCidrs),
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
      dependsOn: standingBefore(this, [
        ...grants,
        this.diskEncryption.grant,
        ...('egress' in this.network ? (this.network as MlNetwork).egress : []),
      ]),
      timeouts: { create: '60m', update: '120m', delete: '60m' },
      lifecycle: {
        preventDestroy: deletionProtection ? true : undefined,
        ignoreChanges: movedByAks(props.upgradeChannel),
      },
    });
  }

  private recordAccess({ apiAccess, authorizedCidrs = [] }: ControlPlaneProps): void {
    if (apiAccess !== ApiAccess.PUBLIC_BY_ENTRA) return;
    const who = authorizedCidrs.length > 0 ? authorizedCidrs.join(', ') : 'any address';
    record(this, {
      id: 'network/public-api',
      level: 'warning',
      message: `The Kubernetes API answers the internet, from ${who}, to whom Entra lets in.`,
      fix: 'Leave apiAccess out, or name the addresses in authorizedCidrs and acknowledge this.',
      evidence: 'https://learn.microsoft.com/en-us/azure/aks/api-server-authorized-ip-ranges',
    });
  }
}

function check(scope: Construct, props: ControlPlaneProps): void {
  const problems = new Problems();
  if (fits(problems, props, CONTROL_PLANE)) checkControlPlane(problems, props);
  problems.throwIfAny(scope);
}
