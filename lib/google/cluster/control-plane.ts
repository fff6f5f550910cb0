import { Fn, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CurrentProject } from '../operations/current-project';
import { EncryptionKey } from '../operations/encryption-key';
import { ContainerCluster } from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import { checkControlPlane } from './control-plane-checks';
import { ApiAccess, type ControlPlaneProps, ReleaseChannel } from './control-plane-props';
import type { IGkeCluster } from './gke-cluster';
import { maintenancePolicy } from './maintenance-policy';

/** Where the Kubernetes API answers, and by what right: what providers of Kubernetes and Helm take. */
export interface KubernetesConnection {
  readonly host: string;
  readonly token: string;
  /** @default - a certificate that the system trusts, as the DNS name has */
  readonly clusterCaCertificate?: string;
}

// Source: container API v1, LoggingComponentConfig and MonitoringComponentConfig (names recalled, unverified). DCGM are the figures of GPUs.
const LOGS = ['SYSTEM_COMPONENTS', 'WORKLOADS', 'APISERVER', 'CONTROLLER_MANAGER', 'SCHEDULER'];
const METRICS = [
  ...['SYSTEM_COMPONENTS', 'APISERVER', 'CONTROLLER_MANAGER', 'SCHEDULER', 'STORAGE', 'POD', 'DEPLOYMENT'],
  ...['STATEFULSET', 'DAEMONSET', 'HPA', 'CADVISOR', 'KUBELET', 'DCGM', 'JOBSET'],
];

/**
 * A GKE control plane as a training cluster wants it: private nodes and API, Dataplane V2 with several networks a pod, workload identity,
 * secrets under a key of their own, costs by namespace.
 *
 * Dataplane V2 can never be switched on later. Its own default pool is removed: add pools for the system and for accelerators.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 */
export class ControlPlane extends Construct implements IGkeCluster {
  public readonly resource: ContainerCluster;
  public readonly network: IMlNetwork;
  public readonly encryptionKey: EncryptionKey;
  public readonly location: string;
  public readonly version?: string;
  private readonly apiAccess: ApiAccess;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    checkControlPlane(this, props);
    const { region, version } = props;
    this.location = region;
    this.version = version;
    this.apiAccess = props.apiAccess ?? ApiAccess.PRIVATE;
    this.network = props.network ?? new MlNetwork(this, 'Network', { region });
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { location: region });
    this.resource = new ContainerCluster(this, 'Resource', {
      name: physicalName(this, LONGEST_NAME),
      location: region,
      nodeLocations: props.zones && [...props.zones],
      minMasterVersion: version,
      releaseChannel: { channel: props.releaseChannel ?? ReleaseChannel.REGULAR },
      maintenancePolicy: maintenancePolicy(props.maintenance),
      deletionProtection: props.deletionProtection ?? true,
      // Pools are resources of their own; a cluster is made with one, which goes at once.
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
      dependsOn: standingBefore(this, [this.encryptionKey.grantTo('container'), this.encryptionKey.grantTo('compute')]),
      timeouts: { create: '60m', update: '120m', delete: '60m' },
      lifecycle: { ignoreChanges: ['node_config'] },
    });
    if (this.apiAccess === ApiAccess.DNS_BY_IAM) this.recordDnsAccess();
  }

  get name(): string {
    return this.resource.name;
  }

  /**
   * How a provider of Terraform reaches the Kubernetes API: `new HelmProvider(stack, 'Helm', { kubernetes: controlPlane.connection })`. By the
   * DNS name where `apiAccess` opens it, else by the private address: Terraform must then run in the network, or in one that is peered.
   */
  get connection(): KubernetesConnection {
    // It lives an hour: one of the stack of the cluster would be too old for another stack, which has it from a state.
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
      // GKE switches it on by itself, at the latest with 1.36: to the provider a cluster that has it and did not ask for it would be another one.
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

  /** Where policies of the organisation demand keys, shielded boot or accounts of one's own, they stop a cluster over nodes that go at once. */
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
      message: 'The Kubernetes API answers by a DNS name from any network, to whom IAM lets in.',
      fix: 'Leave apiAccess out, or limit it with a VPC Service Controls perimeter and acknowledge this.',
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
