import { Fn, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CurrentProject, ServiceAgent } from '../operations/current-project';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { ContainerCluster } from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkControlPlane } from './control-plane-checks';
import { ApiAccess, type ControlPlaneProps, ReleaseChannel } from './control-plane-props';
import type { ControlPlaneAttributes, IGkeCluster } from './gke-cluster';
import { maintenancePolicy } from './maintenance-policy';
import { CONTROL_PLANE_ATTRIBUTES } from '../prop-schemas';

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
    checkControlPlane(this, props);
    const { region, kubernetesVersion: version } = props;
    this.location = region;
    this.kubernetesVersion = version;
    this.apiAccess = props.apiAccess ?? ApiAccess.PRIVATE;
    this.network = props.network ?? new MlNetwork(this, 'Network', { region });
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { region });
    this.resource = new ContainerCluster(this, 'Resource', {
      name: physicalName(this, LONGEST_NAME),
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
        ...this.encryptionKey.grantTo(ServiceAgent.CONTAINER),
        ...this.encryptionKey.grantTo(ServiceAgent.COMPUTE),
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
    const token = Lazy.stringValue({ produce: ({ scope }) => CurrentProject.of(scope).accessToken });
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
