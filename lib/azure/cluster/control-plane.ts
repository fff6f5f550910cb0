import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { MlNetwork, type IMlNetwork } from '../network/ml-network';
import { CurrentSubscription } from '../operations/current-subscription';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { sendLogs, type ILogWorkspace } from '../operations/log-workspace';
import { Role } from '../operations/roles';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { type IResourceGroup, checkResourceGroup } from '../props/resource-group';
import { KubernetesCluster, RoleAssignment } from '../provider/azurerm';
import { checkCluster, type ControlPlaneAttributes, type IAksCluster } from './cluster-source';
import { ClusterIdentity } from './job-identity';
import {
  accessProfile,
  changedByAks,
  CLUSTER_BASICS,
  networkProfile,
  systemPool,
  upgrades,
  checkNewVersion,
  namesPatch,
  DiskEncryption,
} from './cluster-settings';
import { checkMaintenance, type ClusterMaintenance } from './maintenance';
import { ManagedPrometheus } from './managed-prometheus';
import { CONTROL_PLANE_ATTRIBUTES, CONTROL_PLANE_PROPS } from '../prop-schemas';
import { parseCidr } from '../../core/cidr';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { checkSystemNodes, type SystemNodeOptions } from '../nodes/node-pool-options';
import { claimName, SYSTEM_POOLS } from '../nodes/pool-names';
import { checkZone, recordLocation } from '../props/location';

/**
 * Automatic upgrades of Kubernetes. AKS runs them in the window of `maintenance` and drains one node after another.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/auto-upgrade-cluster
 */
export enum UpgradeChannel {
  /** Newest patch of the current minor version. */
  PATCH = 'patch',
  /** Newest patch of the minor version before the newest. */
  STABLE = 'stable',
  /** Newest patch of the newest minor version. */
  RAPID = 'rapid',
  /** Node images only. */
  NODE_IMAGE = 'node-image',
  /** No automatic upgrades: you upgrade the cluster and patch the nodes. */
  NONE = 'none',
}

/** Access to the Kubernetes API. */
export enum ApiAccess {
  /** From the virtual network and networks connected to it. */
  PRIVATE = 'private',
  /** Also from the internet, for principals that Entra authorizes. Terraform can then install charts from outside the network. */
  PUBLIC_BY_ENTRA = 'public-by-entra',
}

/** Outbound internet access of nodes. */
export enum OutboundType {
  /** Through the NAT gateway of the subnet. `MlNetwork` creates one. */
  NAT_GATEWAY = 'userAssignedNATGateway',
  /** Through the route table of the subnet, for example to a firewall. */
  USER_DEFINED_ROUTING = 'userDefinedRouting',
}

/** Options for a new AKS cluster. */
export interface NewClusterOptions {
  /** Outbound internet access of the nodes. @default OutboundType.NAT_GATEWAY */
  readonly outboundType?: OutboundType;
  /**
   * Kubernetes version, for example `1.34`. AKS chooses the newest patch. With `UpgradeChannel.STABLE` and `RAPID` this is only the first version.
   *
   * @default - the version that AKS recommends
   */
  readonly kubernetesVersion?: string;
  /** Automatic upgrades. @default UpgradeChannel.PATCH */
  readonly upgradeChannel?: UpgradeChannel;
  /** When AKS can upgrade the cluster and its nodes. @default - Saturday, 22:00 to 06:00 UTC */
  readonly maintenance?: ClusterMaintenance;
  /** Availability zones of the system nodes, for example `['1', '2', '3']`. @default - none: the region has no zones, or Azure chooses */
  readonly zones?: readonly string[];
  /** Nodes for controllers. @default - two to five Standard_D8ds_v5 */
  readonly systemNodes?: SystemNodeOptions;
  /** Key for the disks of all nodes. It must be in the region of the cluster. @default - the `encryptionKey` of the construct, or a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Access to the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /**
   * Public address ranges that can reach a public API. The NAT address of a new `MlNetwork` is added. For an existing network, list its outbound
   * address here.
   *
   * @default - all addresses, which is a finding
   */
  readonly authorizedCidrs?: readonly string[];
  /** Entra object ids of cluster administrators: users, groups, or service principals. @default - none */
  readonly admins?: readonly string[];
  /** Workspace for control plane logs: audit events and scheduling decisions. @default - no logs */
  readonly logs?: ILogWorkspace;
  /**
   * Whether the cluster enforces the Azure policies that apply to it. The baseline policies reject privileged pods, which agents for GPUs and InfiniBand
   * are, so exclude their namespaces first.
   *
   * @default false
   * @see https://learn.microsoft.com/en-us/azure/aks/use-azure-policy
   */
  readonly azurePolicy?: boolean;
  /** Whether Terraform refuses to delete the cluster. @default true */
  readonly deletionProtection?: boolean;
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps extends NewClusterOptions {
  /** Resource group of the cluster. Its region is the region of the cluster. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the cluster. @default - a new `MlNetwork` in the resource group */
  readonly network?: IMlNetwork;
}

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
    checkProviders(this);
    check(this, props);
    for (const name of Object.values(SYSTEM_POOLS)) claimName(this, this, name);
    const { resourceGroup } = props;
    this.resourceGroup = resourceGroup;
    recordLocation(this, resourceGroup.location);
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
    // The API returns ids in lower case. A comparison with the principal that runs Terraform would miss another case.
    const principalId = isUnknown(objectId) ? objectId : objectId.toLowerCase();
    const grant = { scope: this.id, roleDefinitionName: Role.AKS_CLUSTER_ADMIN, principalId };
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
      ...upgrades(props.upgradeChannel, props.maintenance),
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
      azurePolicyEnabled: props.azurePolicy,
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
    checkProviders(this);
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

/** Authorized address ranges of one API server. @see https://learn.microsoft.com/en-us/azure/aks/api-server-authorized-ip-ranges */
const MAX_RANGES = 200;

/** Adds each problem in the props of a control plane. The props must have the right types. */
export function checkControlPlane(problems: ProblemCollector, props: ControlPlaneProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkNewCluster(problems, props);
}

/** Adds each problem in the options of a new cluster. The options must have the right types. */
export function checkNewCluster(problems: ProblemCollector, props: NewClusterOptions): void {
  checkNewVersion(problems, 'kubernetesVersion', props.kubernetesVersion);
  checkPatch(problems, props);
  props.zones?.forEach((zone, index) => {
    checkZone(problems, `zones[${index}]`, zone);
  });
  checkSystemNodes(problems.within('systemNodes'), props.systemNodes);
  checkMaintenance(problems, props);
  checkAccess(problems, props);
  checkAdmins(problems, props);
}

/** Terraform would undo each automatic patch upgrade if the version names a patch. */
function checkPatch(
  problems: ProblemCollector,
  { kubernetesVersion: version, upgradeChannel = UpgradeChannel.PATCH }: NewClusterOptions,
): void {
  if (version === undefined || isUnknown(version) || !namesPatch(version)) return;
  if (upgradeChannel === UpgradeChannel.NONE || upgradeChannel === UpgradeChannel.NODE_IMAGE) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'kubernetesVersion',
    allowed: `a minor version such as 1.34 with the upgrade channel ${upgradeChannel}, which upgrades the patch`,
    got: version,
    fix: 'Leave out the patch, or use UpgradeChannel.NONE.',
  });
}

function checkAccess(problems: ProblemCollector, { apiAccess, authorizedCidrs = [] }: NewClusterOptions): void {
  if (authorizedCidrs.length > 0 && apiAccess !== ApiAccess.PUBLIC_BY_ENTRA) {
    problems.add({
      code: 'ClusterOption',
      prop: 'authorizedCidrs',
      allowed: 'left out for a private API, which no public address can reach',
      got: authorizedCidrs,
      fix: 'Connect your network to the virtual network, or use ApiAccess.PUBLIC_BY_ENTRA.',
    });
  }
  if (authorizedCidrs.length > MAX_RANGES) {
    const allowed = `at most ${MAX_RANGES} ranges`;
    problems.add({
      code: 'CidrInvalid',
      prop: 'authorizedCidrs',
      allowed,
      got: authorizedCidrs.length,
      fix: 'Merge some ranges.',
    });
  }
  authorizedCidrs.forEach((cidr, index) => {
    if (isUnknown(cidr) || parseCidr(cidr)) return;
    const allowed = 'an IPv4 CIDR block, for example 203.0.113.0/24';
    problems.add({
      code: 'CidrInvalid',
      prop: `authorizedCidrs[${index}]`,
      allowed,
      got: cidr,
      fix: 'Use the first address of the block.',
    });
  });
}

const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkAdmins(problems: ProblemCollector, { admins = [] }: NewClusterOptions): void {
  const known = admins.map((id) => (isUnknown(id) ? undefined : id.toLowerCase()));
  admins.forEach((id, index) => {
    const add = (allowed: string, fix: string) => {
      problems.add({ code: 'AdminInvalid', prop: `admins[${index}]`, allowed, got: id, fix });
    };
    if (known[index] === undefined) return;
    if (!OBJECT_ID.test(id)) {
      const fix = 'Copy it from `az ad group show --query id` or `az ad user show --query id`.';
      add('the object id of an Entra user, group, or service principal', fix);
    } else if (known.indexOf(known[index]) < index) {
      add('a principal that is not in the list yet, because Azure rejects a second role assignment', 'Remove it.');
    }
  });
}

/** A command that returns a token for the Kubernetes API. */
export interface TokenCommand {
  /** API version of the credential plugin. */
  readonly apiVersion: string;
  /** Command. */
  readonly command: string;
  /** Arguments of the command. */
  readonly args: string[];
}

/** Connection to the Kubernetes API, for the Kubernetes and Helm providers. */
export interface KubernetesConnection {
  /** URL of the Kubernetes API. */
  readonly host: string;
  /** CA certificate of the cluster, in PEM format. */
  readonly clusterCaCertificate: string;
  /** Command that returns a token. */
  readonly exec: TokenCommand;
}

/** Application id of AKS in every Entra tenant. @see https://learn.microsoft.com/en-us/azure/aks/kubelogin-authentication */
const AKS_SERVER = '6dae42f8-4368-4678-94ff-3960e28e3630';

/**
 * Signs in with the account of the Azure CLI. Set AAD_LOGIN_METHOD for another method, for example `workloadidentity` in a pipeline.
 *
 * @see https://azure.github.io/kubelogin/
 */
export function signInByEntra(): TokenCommand {
  return {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'kubelogin',
    args: ['get-token', '--login', 'azurecli', '--server-id', AKS_SERVER],
  };
}
