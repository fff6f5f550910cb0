import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkBounds, isKnown } from '../../terraform/tokens';
import { MlNetwork } from '../network/ml-network';
import { type IMlNetwork, vswitchIn, zonesOf } from '../network/network-attributes';
import { checkSystemNodes, type SystemNodeOptions } from '../nodes/system-node-pool';
import { CurrentAccount } from '../operations/current-account';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { CONTROL_PLANE_ATTRIBUTES, CONTROL_PLANE_PROPS } from '../prop-schemas';
import {
  CsAutoscalingConfig,
  type CsKubernetesAddon,
  CsKubernetesPermissions,
  CsManagedKubernetes,
  DataAlicloudCsClusterCredential,
  LogProject,
} from '../provider/alicloud';
import { checkVersion, proxyMode } from './ack-version';
import { checkAddOnVersions, creationAddOns, installAddOn, isCreationAddOn } from './cluster-add-ons';
import { checkClusterNetwork, checkZones } from './zone-checks';
import { checkAdmins, checkCluster, type ControlPlaneAttributes, type IAckCluster } from './cluster-source';
import { type KubernetesConnection, signInByRam } from './kubernetes-connection';
import { checkMaintenance, type ClusterMaintenance, maintenanceWindow } from './maintenance';

/** Automatic upgrades of the control plane, in the window of `maintenance`. */
export enum UpgradeChannel {
  /** Newest patch of the current minor version. */
  PATCH = 'patch',
  /** The minor version before the newest, when it is stable. */
  STABLE = 'stable',
  /** Newest minor version. */
  RAPID = 'rapid',
  /** No automatic upgrades. */
  NONE = 'none',
}

/** Access to the Kubernetes API. */
export enum ApiAccess {
  /** From the VPC and networks connected to it. */
  PRIVATE = 'private',
  /** Also from the internet, for clients with a certificate. Terraform can then install charts from outside the network. */
  PUBLIC = 'public',
}

/** Size of the control plane, with guaranteed rates of the Kubernetes API. */
export enum ClusterTier {
  /** ACK Pro. The size follows the number of nodes. */
  SMALL = 'ack.pro.small',
  /** Provisioned: extra large. */
  XLARGE = 'ack.pro.xlarge',
  /** Provisioned: twice the size. */
  XLARGE_2 = 'ack.pro.2xlarge',
  /** Provisioned: four times the size. Only for accounts on an allowlist. */
  XLARGE_4 = 'ack.pro.4xlarge',
}

/** Options for a new ACK cluster. */
export interface NewClusterOptions {
  /** Zones of the control plane and the system nodes, up to 5. @default - the zones of the network; the zone of the nodes for a new network */
  readonly zones?: readonly string[];
  /** Kubernetes version, for example `1.34.1-aliyun.1`. With an upgrade channel this is only the first version. @default - the newest version of ACK */
  readonly kubernetesVersion?: string;
  /** Automatic upgrades of the control plane. @default UpgradeChannel.PATCH */
  readonly upgradeChannel?: UpgradeChannel;
  /** When ACK can upgrade the cluster. @default - Saturday, 16:00 to 24:00 UTC */
  readonly maintenance?: ClusterMaintenance;
  /** Name of the cluster, unique in the account: 1 to 63 letters, digits, hyphens, and underscores. @default - derived from the construct path */
  readonly name?: string;
  /** Size of the control plane. @default ClusterTier.SMALL */
  readonly tier?: ClusterTier;
  /** Key for Kubernetes secrets and the disks of the nodes, in the region of the provider. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Access to the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /**
   * Whether the network enforces network policies. ACK rejects `true` in some accounts, until their quota is enabled.
   *
   * @default true
   * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-network-policies-in-ack-clusters
   */
  readonly networkPolicies?: boolean;
  /** Versions of add-ons by name. Terway has two add-ons, whose versions must match. @default - the newest versions that support the cluster */
  readonly addonVersions?: Readonly<Record<string, string>>;
  /** Days that Simple Log Service keeps the logs of the control plane. @default 30 */
  readonly logRetentionDays?: number;
  /**
   * RAM users that administer the cluster, by their ID, and RAM roles, as `role/<ID>`. Terraform then owns all permissions of each in every cluster of
   * the account.
   *
   * @default - only the RAM identity that creates the cluster
   */
  readonly admins?: readonly string[];
  /** Nodes for controllers. @default - two to five ecs.g8i.2xlarge */
  readonly systemNodes?: SystemNodeOptions;
  /** Whether ACK refuses to delete the cluster. @default true */
  readonly deletionProtection?: boolean;
}

/** Options for an add-on of ACK. */
export interface AddOnInstallation {
  /**
   * Configuration of the add-on.
   * @default - the defaults of ACK
   * @schema ANY
   */
  readonly config?: object;
  /** Resources that must exist first: nodes that run the add-on. */
  readonly after: readonly ITerraformDependable[];
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps extends Omit<NewClusterOptions, 'systemNodes'> {
  /** Network of the cluster, with vSwitches for pods. @default - a new `MlNetwork` in `zones` */
  readonly network?: IMlNetwork;
}

/** Log components of the control plane. @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/collect-control-plane-component-logs-in-ack-managed-clusters */
const LOGS = ['apiserver', 'kcm', 'scheduler', 'ccm', 'controlplane-events'];

/** Resources that ACK creates, and what happens to them with the cluster. Logs must survive it. */
const DELETE_OPTIONS = [
  { resourceType: 'SLS_Data', deleteMode: 'retain' },
  { resourceType: 'SLS_ControlPlane', deleteMode: 'retain' },
  { resourceType: 'ALB', deleteMode: 'delete' },
  { resourceType: 'SLB', deleteMode: 'delete' },
];

/** A project of Simple Log Service has up to 63 characters, and an account ID 16 digits. Names are unique among all accounts of a region. */
const LONGEST_PROJECT_PREFIX = 63 - 17;

/** Validity of the credential that reads the CA certificate, in minutes. Its private key is part of the state. */
const CREDENTIAL_MINUTES = 15;

/**
 * A private ACK Pro cluster for AI workloads.
 *
 * It has Terway with an address of the VPC for each pod, and RAM roles for service accounts (RRSA). A KMS key encrypts secrets. Simple Log Service has
 * the logs of the control plane and the audit logs. Managed Service for Prometheus collects metrics, with those of GPUs. Nodes are separate: add a
 * `SystemNodePool` and accelerator nodes.
 *
 * ACK never changes the pod vSwitches, the service range, and the access to the API of an existing cluster.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/create-an-ack-managed-cluster-2
 * @example
 * ```ts
 * import { ControlPlane, SystemNodePool } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
 * new SystemNodePool(stack, 'System', { cluster, bootDiskKey: cluster.encryptionKey });
 * ```
 */
export class ControlPlane extends Construct implements IAckCluster {
  /** An existing cluster. Creates no resources. */
  static fromControlPlaneAttributes(scope: Construct, id: string, attributes: ControlPlaneAttributes): IAckCluster {
    return new ExistingControlPlane(scope, id, attributes);
  }

  /** The cluster in Terraform. */
  public readonly resource: CsManagedKubernetes;
  /** Network of the cluster. */
  public readonly network: IMlNetwork;
  /** Key for Kubernetes secrets and the disks of the nodes. */
  public readonly encryptionKey: IEncryptionKey;
  /** Project of Simple Log Service with the logs of the cluster. */
  public readonly logProject: LogProject;
  /** First Kubernetes version. @default - the newest version of ACK */
  public readonly kubernetesVersion?: string;

  private autoscaler?: CsAutoscalingConfig;
  private credential?: DataAlicloudCsClusterCredential;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    this.kubernetesVersion = props.kubernetesVersion;
    this.network = props.network ?? new MlNetwork(this, 'Network', { zones: props.zones! });
    this.encryptionKey = props.encryptionKey ?? EncryptionKey.of(this);
    this.logProject = new LogProject(this, 'Logs', {
      projectName: `${physicalName(this, LONGEST_PROJECT_PREFIX)}-${CurrentAccount.of(this).accountId}`,
      description: 'Logs of the control plane, audit logs, events, and container logs',
      lifecycle: { preventDestroy: true },
    });
    this.resource = this.createCluster(props);
    (props.admins ?? []).forEach((admin) => this.grantAdmin(admin));
    this.recordAccess(props);
  }

  /** ID of the cluster. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the cluster. */
  get name(): string {
    return this.resource.name;
  }

  /** ARN of the OIDC identity provider that ACK creates for RAM roles of pods. */
  get oidcProviderArn(): string {
    return this.resource.rrsaMetadata.get(0).ramOidcProviderArn;
  }

  /** Issuer URL of the tokens of pods. */
  get oidcIssuerUrl(): string {
    return this.resource.rrsaMetadata.get(0).rrsaOidcIssuerUrl;
  }

  /**
   * Connection for a Terraform provider: `new HelmProvider(stack, 'Helm', { kubernetes: controlPlane.connection })`. The provider signs in with
   * `ack-ram-tool`, which must be installed where Terraform runs. A private API is reachable only from the network.
   */
  get connection(): KubernetesConnection {
    // No resource has the CA certificate. The data source also returns a key, so its credential expires soon.
    this.credential ??= new DataAlicloudCsClusterCredential(this, 'Credential', {
      clusterId: this.id,
      temporaryDurationMinutes: CREDENTIAL_MINUTES,
    });
    return {
      host: this.resource.connections.lookup(this.endpoint),
      clusterCaCertificate: Fn.base64decode(this.credential.certificateAuthority.lookup('cluster_cert')),
      exec: signInByRam(this.id, this.network.region),
    };
  }

  /** @internal Installs the cluster autoscaler once. @param nodes a node pool that it runs on */
  startAutoscaler(nodes: ITerraformDependable): void {
    this.autoscaler ??= new CsAutoscalingConfig(this, 'Autoscaler', {
      clusterId: this.id,
      scalerType: 'cluster-autoscaler',
      expander: 'least-waste',
      scanInterval: '30s',
      coolDownDuration: '10m',
      unneededDuration: '10m',
      utilizationThreshold: '0.5',
      gpuUtilizationThreshold: '0.5',
      scaleDownEnabled: true,
      scaleUpFromZero: true,
      // Scratch data of finished pods must not keep idle nodes.
      skipNodesWithLocalStorage: false,
      skipNodesWithSystemPods: true,
      daemonsetEvictionForNodes: false,
      maxGracefulTerminationSec: 600,
      minReplicaCount: 0,
      recycleNodeDeletionEnabled: false,
      dependsOn: [nodes],
    });
  }

  /**
   * Installs an add-on of ACK after nodes that run it, and returns it. A second call for the same add-on returns the first one.
   *
   * @see https://www.alibabacloud.com/help/en/ack/product-overview/component-overview
   */
  addAddOn(name: string, options: AddOnInstallation): CsKubernetesAddon {
    const { config, after } = options;
    const found = this.addOns.get(name);
    const text = JSON.stringify(config ?? {});
    if (found?.text === text) return found.addOn;
    const problems = new ProblemCollector();
    if (found || isCreationAddOn(name)) {
      problems.add({
        code: 'ClusterOption',
        prop: 'name',
        allowed: 'an add-on that the cluster does not have yet with other settings',
        got: name,
        fix: 'Install it once.',
      });
    }
    problems.throwIfAny(this);
    const addOn = installAddOn(this, `AddOn-${name}`, { clusterId: this.id, name, config, after });
    this.addOns.set(name, { text, addOn });
    return addOn;
  }

  private readonly addOns = new Map<string, { readonly text: string; readonly addOn: CsKubernetesAddon }>();
  private endpoint = 'api_server_intranet';

  private createCluster(props: ControlPlaneProps): CsManagedKubernetes {
    const { kubernetesVersion: version, upgradeChannel: channel = UpgradeChannel.PATCH, logRetentionDays = 30 } = props;
    const isPublic = props.apiAccess === ApiAccess.PUBLIC;
    if (isPublic) this.endpoint = 'api_server_internet';
    const { network, encryptionKey, logProject } = this;
    const upgrades = channel !== UpgradeChannel.NONE;
    return new CsManagedKubernetes(this, 'Resource', {
      name: props.name ?? physicalName(this),
      profile: 'Default',
      clusterSpec: props.tier ?? ClusterTier.SMALL,
      version,
      vswitchIds: (props.zones ?? zonesOf(network)).map((zone) => vswitchIn(network, zone)!.vswitchId),
      podVswitchIds: network.podVswitches!.map(({ vswitchId }) => vswitchId),
      securityGroupId: network.securityGroupId,
      serviceCidr: network.serviceCidr,
      ipStack: 'ipv4',
      proxyMode: proxyMode(version),
      slbInternetEnabled: isPublic,
      newNatGateway: false,
      skipSetCertificateAuthority: true,
      enableRrsa: true,
      encryptionProviderKey: encryptionKey.keyId,
      disableEncryption: false,
      deletionProtection: props.deletionProtection ?? true,
      controlPlaneLogComponents: LOGS,
      controlPlaneLogTtl: `${logRetentionDays}`,
      controlPlaneLogProject: logProject.projectName,
      auditLogConfig: { enabled: true, slsProjectName: logProject.projectName },
      maintenanceWindow: maintenanceWindow(props.maintenance),
      // The provider reads both levels without a check.
      operationPolicy: {
        clusterAutoUpgrade: { enabled: upgrades, channel: upgrades ? channel : UpgradeChannel.PATCH },
      },
      addons: creationAddOns({
        networkPolicies: props.networkPolicies ?? true,
        addonVersions: props.addonVersions,
        logProject: logProject.projectName,
      }),
      deleteOptions: DELETE_OPTIONS,
      dependsOn: existingDependencies(this, 'egress' in network ? (network as MlNetwork).egress : []),
      timeouts: { create: '90m', update: '60m', delete: '60m' },
      lifecycle: {
        // ACK upgrades add-ons, and with a channel also the cluster. A version can never go down.
        ignoreChanges: ['addons', ...(upgrades ? ['version'] : [])],
        ...(isPublic ? {} : { postcondition: [PRIVATE] }),
      },
    });
  }

  private grantAdmin(admin: string): void {
    const isRamRole = admin.startsWith(ROLE_PREFIX);
    const uid = isRamRole ? admin.slice(ROLE_PREFIX.length) : admin;
    new CsKubernetesPermissions(this, `Admin-${admin.replace('/', '-')}`, {
      uid,
      permissions: [{ cluster: this.id, roleType: 'cluster', roleName: 'admin', isRamRole }],
    });
    record(this, {
      id: 'access/permissions-owner',
      level: 'warning',
      message: `Terraform replaces all permissions of ${admin} in the clusters of the account with those of this cluster.`,
      fix: 'List each administrator in one cluster of the account only, and acknowledge this finding.',
      evidence:
        'https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cs_kubernetes_permissions',
    });
  }

  private recordAccess({ apiAccess }: ControlPlaneProps): void {
    record(this, {
      id: 'access/service-roles',
      level: 'warning',
      message: `The account must have the service roles of ACK before its first cluster: ${SERVICE_ROLES.join(', ')}.`,
      fix: 'Confirm the authorization in the console of ACK once. Assign optional roles, such as those for security and auto scaling, by hand. Then acknowledge this finding.',
      evidence: 'https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/ack-default-roles',
    });
    if (apiAccess !== ApiAccess.PUBLIC) return;
    record(this, {
      id: 'network/public-api',
      level: 'warning',
      message: 'The Kubernetes API is reachable from the internet, for clients with a certificate of the cluster.',
      fix: 'Remove apiAccess, or add an access control list to its load balancer and acknowledge this finding.',
      evidence:
        'https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/control-public-access-to-the-api-server-of-a-cluster',
    });
  }
}

/**
 * RAM roles that ACK and its add-ons use. A public list of a complete account has these (unverified for each add-on), besides the one for secrets.
 * @see https://www.alibabacloud.com/help/doc-detail/187472.html, for `AliyunCSManagedSecurityRole`
 */
const SERVICE_ROLES = [
  ...['Default', 'ManagedKubernetes', 'ManagedLog', 'ManagedCms', 'ManagedCsi', 'ManagedCsiPlugin'],
  ...['ManagedCsiProvisioner', 'ManagedVK', 'ManagedNetwork', 'ManagedArms', 'ManagedNlc', 'ManagedAutoScaler'],
  ...['ManagedAcr', 'ManagedCost', 'ManagedSecurity'],
].map((name) => `AliyunCS${name}Role`);

const ROLE_PREFIX = 'role/';

const PRIVATE = {
  condition: '${lookup(self.connections, "api_server_internet", "") == ""}',
  errorMessage: 'The Kubernetes API has a public address. Remove the EIP from its load balancer.',
};

class ExistingControlPlane extends Construct implements IAckCluster {
  readonly id: string;
  readonly network: IMlNetwork;
  readonly kubernetesVersion?: string;
  readonly oidcProviderArn?: string;
  readonly oidcIssuerUrl?: string;

  constructor(scope: Construct, id: string, attributes: ControlPlaneAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attributes, CONTROL_PLANE_ATTRIBUTES, { scope: this, name: 'attributes' });
    this.id = attributes.clusterId;
    this.network = attributes.network;
    this.kubernetesVersion = attributes.kubernetesVersion;
    this.oidcProviderArn = attributes.oidcProviderArn;
    this.oidcIssuerUrl = attributes.oidcIssuerUrl;
    const problems = new ProblemCollector();
    checkCluster(problems, 'clusterId', this);
    problems.throwIfAny(this);
  }
}

function check(scope: Construct, props: ControlPlaneProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CONTROL_PLANE_PROPS)) {
    checkNewCluster(problems, props);
    checkClusterNetwork(problems, props.network);
    checkZones(problems, props.zones, props.network);
  }
  problems.throwIfAny(scope);
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
/** @see https://www.alibabacloud.com/help/en/sls/product-overview/basic-resources */
const LOG_DAYS = { min: 1, max: 3650 };

/** Adds each problem in the options of a new cluster, except its zones and its network. */
export function checkNewCluster(problems: ProblemCollector, options: NewClusterOptions): void {
  const { name, kubernetesVersion, maintenance, addonVersions, logRetentionDays, admins, systemNodes } = options;
  if (isKnown(problems, 'name', name) && !NAME.test(name)) {
    const allowed = '1 to 63 letters, digits, hyphens, and underscores, starting with a letter or digit';
    problems.add({ code: 'ResourceIdInvalid', prop: 'name', allowed, got: name, fix: 'Shorten or simplify the name.' });
  }
  checkVersion(problems, 'kubernetesVersion', kubernetesVersion);
  checkMaintenance(problems.within('maintenance'), maintenance);
  checkAddOnVersions(problems, addonVersions);
  checkBounds(problems, 'LogRetention', 'logRetentionDays', logRetentionDays, LOG_DAYS);
  checkAdmins(problems, admins);
  if (systemNodes) checkSystemNodes(problems.within('systemNodes'), systemNodes);
  checkSchedule(problems, options);
}

/** A window without upgrades has no effect. */
function checkSchedule(problems: ProblemCollector, { maintenance, upgradeChannel }: NewClusterOptions): void {
  if (maintenance === undefined || upgradeChannel !== UpgradeChannel.NONE) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'maintenance',
    allowed: 'left out with UpgradeChannel.NONE, because ACK then upgrades nothing',
    got: maintenance,
    fix: 'Remove maintenance, or use another channel.',
  });
}
