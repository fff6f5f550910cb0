import { Fn, Lazy, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps, validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CurrentProject, ServiceAgent } from '../operations/current-project';
import { EncryptionKey, type IEncryptionKey, checkKeyRegion } from '../operations/encryption-key';
import { ContainerCluster, type ContainerClusterConfig } from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import { type ControlPlaneAttributes, type IGkeCluster, addNetworkRegion, checkRangeNames } from './cluster-source';
import { CONTROL_PLANE_ATTRIBUTES, CONTROL_PLANE_PROPS } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { checkSystemNodes, type SystemNodeOptions } from '../nodes/system-node-pool';
import { checkRegion, isIn, wholeSeconds } from '../props/location';
import {
  checkMaintenance,
  type ClusterMaintenance,
  MaintenanceScope,
  type MaintenanceWindow,
  WeekDay,
} from './maintenance';

/** How soon GKE offers new versions. */
export enum ReleaseChannel {
  /** New versions first. */
  RAPID = 'RAPID',
  /** New versions a few months after the rapid channel. */
  REGULAR = 'REGULAR',
  /** New versions last. */
  STABLE = 'STABLE',
  /** Keeps a minor version until its support ends. */
  EXTENDED = 'EXTENDED',
}

/** Who can reach the Kubernetes API. */
export enum ApiAccess {
  /** Only clients in the VPC network and in networks connected to it. */
  PRIVATE = 'private',
  /** Also clients anywhere that IAM authorizes, through a DNS name. Terraform can then install charts from outside the network. */
  DNS_BY_IAM = 'dns-by-iam',
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  /** Region of the cluster. Its nodes can be in any zone of the region. */
  readonly region: string;
  /** Network of the cluster. @default - a new network in the region */
  readonly network?: IMlNetwork;
  /** Release channel of the cluster. @default ReleaseChannel.REGULAR */
  readonly releaseChannel?: ReleaseChannel;
  /**
   * Minimum GKE version, for example `1.34`.
   *
   * @default - the version of the release channel
   * @schema GKE_VERSION
   */
  readonly kubernetesVersion?: string;
  /** Name of the cluster: 1 to 40 lower-case letters, digits and hyphens. A change replaces the cluster. @default - derived from the construct path */
  readonly name?: string;
  /** When GKE can upgrade the cluster and its nodes. @default - the nights of Saturday and Sunday */
  readonly maintenance?: ClusterMaintenance;
  /**
   * Google group whose members are the groups that RBAC recognizes, `gke-security-groups@<domain>`. `admins` can then contain groups.
   *
   * @default - none: RBAC recognizes users and service accounts only
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/google-groups-rbac
   */
  readonly securityGroup?: string;
  /** Zones of the system nodes. @default - GKE chooses them */
  readonly zones?: readonly string[];
  /** Key for Kubernetes secrets and boot disks, in the region of the cluster. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Who can reach the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /** CIDR blocks, besides the subnetwork of the nodes, that can reach the API at its private address. @default - none */
  readonly authorizedCidrs?: readonly string[];
  /** Kubernetes beta APIs to enable, for example `resource.k8s.io/v1beta1/deviceclasses`. @default - none */
  readonly betaApis?: readonly string[];
  /**
   * Whether nodes mount Managed Lustre on port 6988. File systems with `legacyGkePort` require it; other file systems require `false`.
   *
   * @default false
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/managed-lustre
   */
  readonly legacyLustrePort?: boolean;
  /** Email of the service account of the default nodes, which GKE removes after creation. @default - the Compute Engine default service account, which some organizations disable */
  readonly serviceAccount?: string;
  /** Whether all nodes must be Shielded VMs. Set it to `false` for a cluster with bare metal machines. @default true */
  readonly shieldedNodes?: boolean;
  /** Whether Terraform is not allowed to delete the cluster. @default true */
  readonly deletionProtection?: boolean;
}

/** Options for a new cluster of a construct, which sets the region, the network and the service account. */
export interface NewClusterOptions extends Omit<
  ControlPlaneProps,
  'region' | 'network' | 'serviceAccount' | 'shieldedNodes'
> {
  /**
   * IAM principals that administer the cluster: `user:…`, `serviceAccount:…`, or with `securityGroup` also `group:…`. They also need `roles/container.clusterViewer` on the project.
   *
   * @default - only principals that IAM gives access to the cluster
   */
  readonly admins?: readonly string[];
  /** Machine type and number of the system nodes. @default - 1 to 3 n2-standard-8 in each zone */
  readonly systemNodes?: SystemNodeOptions;
}

/** The connection to the Kubernetes API, as the Kubernetes and Helm providers of Terraform expect it. */
export interface KubernetesConnection {
  /** URL of the Kubernetes API. */
  readonly host: string;
  /** Access token, valid for up to one hour. */
  readonly token: string;
  /** CA certificate of the cluster. @default - none; the DNS-based endpoint has a publicly trusted certificate */
  readonly clusterCaCertificate?: string;
}

// Source: container API v1, LoggingComponentConfig and MonitoringComponentConfig (names recalled, unverified). DCGM has the GPU metrics.
const LOGS = ['SYSTEM_COMPONENTS', 'WORKLOADS', 'APISERVER', 'CONTROLLER_MANAGER', 'SCHEDULER'];
const METRICS = [
  ...['SYSTEM_COMPONENTS', 'APISERVER', 'CONTROLLER_MANAGER', 'SCHEDULER', 'STORAGE', 'POD', 'DEPLOYMENT'],
  ...['STATEFULSET', 'DAEMONSET', 'HPA', 'CADVISOR', 'KUBELET', 'DCGM', 'JOBSET'],
];

/**
 * A private GKE control plane for AI workloads.
 *
 * It has Dataplane V2 with multi-networking, Workload Identity Federation, secrets encrypted with a Cloud KMS key, and cost allocation by namespace.
 *
 * Dataplane V2 cannot be enabled on an existing cluster. The default node pool is removed: add a `SystemNodePool` and accelerator nodes.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 * @example
 * ```ts
 * import { ControlPlane, ReleaseChannel, SystemNodePool } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', {
 *   region: 'us-central1',
 *   releaseChannel: ReleaseChannel.STABLE,
 * });
 * new SystemNodePool(stack, 'System', { cluster, bootDiskKey: cluster.encryptionKey });
 * ```
 */
export class ControlPlane extends Construct implements IGkeCluster {
  /** An existing cluster. */
  static fromControlPlaneAttributes(scope: Construct, id: string, attributes: ControlPlaneAttributes): IGkeCluster {
    return new ExistingControlPlane(scope, id, attributes);
  }

  /** The cluster in Terraform. */
  public readonly resource: ContainerCluster;
  /** Network of the cluster. */
  public readonly network: IMlNetwork;
  /** Key for Kubernetes secrets and boot disks. */
  public readonly encryptionKey: IEncryptionKey;
  /** Region of the cluster. */
  public readonly location: string;
  /** Minimum GKE version. @default - the version of the release channel */
  public readonly kubernetesVersion?: string;
  private readonly apiAccess: ApiAccess;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    checkProviders(this);
    checkControlPlane(this, props);
    const { region, kubernetesVersion: version } = props;
    this.location = region;
    this.kubernetesVersion = version;
    this.apiAccess = props.apiAccess ?? ApiAccess.PRIVATE;
    this.network = props.network ?? new MlNetwork(this, 'Network', { region });
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { region });
    this.resource = new ContainerCluster(this, 'Resource', {
      name: props.name ?? physicalName(this, LONGEST_NAME),
      authenticatorGroupsConfig: props.securityGroup === undefined ? undefined : { securityGroup: props.securityGroup },
      location: region,
      nodeLocations: props.zones && [...props.zones],
      minMasterVersion: version,
      releaseChannel: { channel: props.releaseChannel ?? ReleaseChannel.REGULAR },
      maintenancePolicy: maintenancePolicy(props.maintenance),
      deletionProtection: props.deletionProtection ?? true,
      // Node pools are separate resources. GKE requires one at creation, which the provider removes immediately.
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodeConfig: this.firstNodes(props),
      ...this.networking(props),
      ...this.security(props),
      ...OBSERVED,
      addonsConfig: {
        gcsFuseCsiDriverConfig: { enabled: true },
        lustreCsiDriverConfig: { enabled: true, enableLegacyLustrePort: props.legacyLustrePort },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        dnsCacheConfig: { enabled: true },
        httpLoadBalancing: { disabled: false },
        horizontalPodAutoscaling: { disabled: false },
      },
      gatewayApiConfig: { channel: 'CHANNEL_STANDARD' },
      enableK8SBetaApis: props.betaApis?.length ? { enabledApis: [...props.betaApis] } : undefined,
      dependsOn: existingDependencies(this, [
        ...this.encryptionKey.grantTo(ServiceAgent.CONTAINER, this),
        ...this.encryptionKey.grantTo(ServiceAgent.COMPUTE, this),
      ]),
      timeouts: { create: '60m', update: '120m', delete: '60m' },
      lifecycle: { ignoreChanges: ['node_config'] },
    });
    if (this.apiAccess === ApiAccess.DNS_BY_IAM) this.recordDnsAccess();
  }

  /** Name of the cluster. */
  get name(): string {
    return this.resource.name;
  }

  /**
   * Connection for a Terraform provider: `new HelmProvider(stack, 'Helm', { kubernetes: controlPlane.connection })`.
   *
   * It uses the DNS-based endpoint with `ApiAccess.DNS_BY_IAM`, and the private address otherwise. Terraform must then run in the network, or in a
   * network that is connected to it.
   */
  get connection(): KubernetesConnection {
    // A token lives for one hour. Another stack would read an expired token from the state, so each stack requests its own.
    const token = Lazy.stringValue({
      produce: ({ scope }) =>
        CurrentProject.of(TerraformStack.of(scope) === TerraformStack.of(this) ? this : scope).accessToken,
    });
    if (this.apiAccess === ApiAccess.DNS_BY_IAM) {
      return { host: `https://${this.resource.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint}`, token };
    }
    const clusterCaCertificate = Fn.base64decode(this.resource.masterAuth.clusterCaCertificate);
    return { host: `https://${this.resource.privateClusterConfig.privateEndpoint}`, token, clusterCaCertificate };
  }

  private networking({ authorizedCidrs = [] }: ControlPlaneProps) {
    const { networkId, subnetworkId, rangeNames } = this.network;
    return {
      network: networkId,
      subnetwork: subnetworkId,
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: {
        clusterSecondaryRangeName: rangeNames!.pods,
        servicesSecondaryRangeName: rangeNames!.services,
      },
      datapathProvider: 'ADVANCED_DATAPATH',
      enableMultiNetworking: true,
      enableIntranodeVisibility: true,
      // GKE enables it automatically, at the latest with 1.36. Without this setting, the provider would then replace the cluster.
      // Source: hashicorp/terraform-provider-google#24718.
      enableL4IlbSubsetting: true,
      privateClusterConfig: {
        enablePrivateNodes: true,
        enablePrivateEndpoint: true,
        masterGlobalAccessConfig: { enabled: false },
      },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: this.apiAccess === ApiAccess.DNS_BY_IAM },
      },
      masterAuthorizedNetworksConfig: {
        cidrBlocks: authorizedCidrs.map((cidrBlock) => ({ cidrBlock })),
        gcpPublicCidrsAccessEnabled: false,
      },
    };
  }

  /** The default nodes exist only briefly, but they must satisfy organization policies for keys, Shielded VMs and service accounts. */
  private firstNodes({ serviceAccount, shieldedNodes = true }: ControlPlaneProps) {
    return {
      serviceAccount,
      bootDiskKmsKey: this.encryptionKey.keyId,
      shieldedInstanceConfig: { enableIntegrityMonitoring: shieldedNodes, enableSecureBoot: shieldedNodes },
    };
  }

  private recordDnsAccess(): void {
    record(this, {
      id: 'network/public-api',
      level: 'warning',
      message: 'Clients in any network can reach the Kubernetes API by its DNS name, if IAM authorizes them.',
      fix: 'Remove `apiAccess`, or add a VPC Service Controls perimeter and acknowledge this finding.',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-based_endpoint',
    });
  }

  private security({ shieldedNodes = true }: ControlPlaneProps) {
    return {
      workloadIdentityConfig: { workloadPool: CurrentProject.of(this).workloadPool },
      databaseEncryption: { state: 'ENCRYPTED', keyName: this.encryptionKey.keyId },
      enableShieldedNodes: shieldedNodes,
      enableLegacyAbac: false,
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      anonymousAuthenticationConfig: { mode: 'LIMITED' },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      securityPostureConfig: { mode: 'BASIC', vulnerabilityMode: 'VULNERABILITY_DISABLED' },
      nodePoolDefaults: {
        nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: 'FALSE', gcfsConfig: { enabled: true } },
      },
    };
  }
}

class ExistingControlPlane extends Construct implements IGkeCluster {
  readonly name: string;
  readonly location: string;
  readonly kubernetesVersion?: string;

  constructor(scope: Construct, id: string, attributes: ControlPlaneAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attributes, CONTROL_PLANE_ATTRIBUTES, { scope: this, name: 'attributes' });
    this.name = attributes.name;
    this.location = attributes.location;
    this.kubernetesVersion = attributes.kubernetesVersion;
  }
}

const OBSERVED = {
  loggingConfig: { enableComponents: LOGS },
  monitoringConfig: {
    enableComponents: METRICS,
    managedPrometheus: { enabled: true },
    advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
  },
  costManagementConfig: { enabled: true },
};

/** Recalled, unverified. @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
const LONGEST_NAME = 40;

/** Adds each problem in the options of a new cluster, except the network. */
export function checkNewCluster(problems: ProblemCollector, options: NewClusterOptions, region: string): void {
  checkNames(problems, options);
  checkKeyRegion(problems, options.encryptionKey, region);
  checkMaintenance(problems.within('maintenance'), options.maintenance);
  options.zones?.forEach((zone, index) => {
    if (isIn(zone, region)) return;
    problems.add({
      code: 'LocationInvalid',
      prop: `zones[${index}]`,
      allowed: `a zone of ${region}`,
      got: zone,
      fix: 'Use zones of the region of the cluster.',
    });
  });
  if (options.systemNodes) checkSystemNodes(problems.within('systemNodes'), options.systemNodes);
}

const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const SECURITY_GROUP = /^gke-security-groups@[^\s@]+$/;

function checkNames(problems: ProblemCollector, { name, securityGroup }: NewClusterOptions): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ResourceIdInvalid', prop, allowed, got, fix });
  if (isKnown(problems, 'name', name) && !NAME.test(name))
    wrong('name', '1 to 40 lower-case letters, digits and hyphens, starting with a letter', name, 'Shorten the name.');
  if (isKnown(problems, 'securityGroup', securityGroup) && !SECURITY_GROUP.test(securityGroup))
    wrong('securityGroup', 'gke-security-groups@<domain>', securityGroup, 'GKE accepts only a group with this name.');
}

/** Throws an error with each problem in the props of a control plane. */
export function checkControlPlane(scope: Construct, props: ControlPlaneProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CONTROL_PLANE_PROPS)) {
    const { region, network } = props;
    checkRegion(problems, 'region', region);
    checkNewCluster(problems, props, region);
    if (network && network.region !== region) addNetworkRegion(problems, network, region);
    checkRangeNames(problems, network);
  }
  problems.throwIfAny(scope);
}

const WEEKEND: MaintenanceWindow = { days: [WeekDay.SATURDAY, WeekDay.SUNDAY], start: '22:00', hours: 8 };
/** A Monday. The window starts in this fixed week, so that a later synthesis does not change the cluster. */
const FIRST_WEEK = '2026-01-05';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The maintenance policy in Terraform. */
export function maintenancePolicy(maintenance: ClusterMaintenance = {}): ContainerClusterConfig['maintenancePolicy'] {
  const { window: { days, start, hours } = WEEKEND, exclusions = [] } = maintenance;
  const inOrder = Object.values(WeekDay).filter((day) => days.includes(day));
  const firstDay = Object.values(WeekDay).indexOf(inOrder[0]!);
  const opens = new Date(Date.parse(`${FIRST_WEEK}T${start}:00Z`) + firstDay * DAY_MS);
  return {
    recurringWindow: {
      startTime: wholeSeconds(opens),
      endTime: wholeSeconds(new Date(opens.getTime() + hours * HOUR_MS)),
      recurrence: `FREQ=WEEKLY;BYDAY=${inOrder.join(',')}`,
    },
    maintenanceExclusion: exclusions.map(({ name, from, until, scope }) => ({
      exclusionName: name,
      startTime: wholeSeconds(from),
      endTime: wholeSeconds(until),
      exclusionOptions: { scope: scope ?? MaintenanceScope.NODES_AND_MINOR_VERSIONS },
    })),
  };
}
