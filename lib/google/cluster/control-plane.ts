import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { FLAG, fits, kind, listOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { record } from '../../terraform/findings';
import { checkRegion, isIn } from '../props/location';
import { ML_NETWORK, MlNetwork } from '../network/ml-network';
import { CurrentProject } from '../operations/current-project';
import { ENCRYPTION_KEY, EncryptionKey } from '../operations/encryption-key';
import { ContainerCluster } from '../provider/google';
import type { IGkeCluster } from './gke-cluster';

/** How soon GKE brings new versions. */
export enum ReleaseChannel {
  RAPID = 'RAPID',
  REGULAR = 'REGULAR',
  STABLE = 'STABLE',
  /** Stays on a minor version until its support ends. */
  EXTENDED = 'EXTENDED',
}

/** How the Kubernetes API is reached. */
export enum ApiAccess {
  /** From the network alone, and what is connected to it. */
  PRIVATE = 'private',
  /** Also by a DNS name from anywhere, for those whom IAM lets in: so Terraform installs charts from outside the network. */
  DNS_BY_IAM = 'dns-by-iam',
}

/** Where the Kubernetes API answers, and by what right: what providers of Kubernetes and Helm take. */
export interface KubernetesConnection {
  readonly host: string;
  readonly token: string;
  /** @default - a certificate that the system trusts, as the DNS name has */
  readonly clusterCaCertificate?: string;
}

/** Properties for `ControlPlane`. */
export interface ControlPlaneProps {
  /** The region that it stands in: its nodes may be in any zone of it. */
  readonly region: string;
  /** @default - a new one in that region */
  readonly network?: MlNetwork;
  /** @default ReleaseChannel.REGULAR */
  readonly releaseChannel?: ReleaseChannel;
  /** Least GKE version, e.g. `1.34`. @default - that of the channel */
  readonly version?: string;
  /** Zones of the system nodes. @default - those that GKE picks */
  readonly zones?: readonly string[];
  /** The key of Kubernetes secrets, in that region. @default - a new key */
  readonly encryptionKey?: EncryptionKey;
  /** Who reaches the Kubernetes API. @default ApiAccess.PRIVATE */
  readonly apiAccess?: ApiAccess;
  /** Blocks beyond the subnetwork of the nodes that reach the API by its private address. @default - none */
  readonly authorizedCidrs?: readonly string[];
  /** Kubernetes APIs that are still beta, e.g. `resource.k8s.io/v1beta1/deviceclasses`. @default - none */
  readonly betaApis?: readonly string[];
  /** Whether Terraform may not delete it. @default true */
  readonly deletionProtection?: boolean;
}

const SHAPE: Shape<ControlPlaneProps> = {
  region: required(TEXT),
  network: ML_NETWORK,
  releaseChannel: oneOf(Object.values(ReleaseChannel)),
  version: kind(
    'a GKE version, e.g. 1.34',
    (value) => typeof value === 'string' && /^\d+\.\d+(\.\d+(-gke\.\d+)?)?$/.test(value),
    'Copy it from `gcloud container get-server-config`.',
    'GkeVersion',
  ),
  zones: listOf(TEXT),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: oneOf(Object.values(ApiAccess)),
  authorizedCidrs: listOf(TEXT),
  betaApis: listOf(TEXT),
  deletionProtection: FLAG,
};

// Source: container API, LoggingComponentConfig and MonitoringComponentConfig. DCGM are the figures of GPUs.
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
  public readonly network: MlNetwork;
  public readonly encryptionKey: EncryptionKey;
  public readonly location: string;
  public readonly version?: string;
  private readonly apiAccess: ApiAccess;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    check(this, props);
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
      deletionProtection: props.deletionProtection ?? true,
      // Pools are resources of their own; a cluster is made with one, which goes at once.
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      ...this.networking(props),
      ...this.security(),
      ...OBSERVED,
      addonsConfig: {
        gcsFuseCsiDriverConfig: { enabled: true },
        lustreCsiDriverConfig: { enabled: true },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        dnsCacheConfig: { enabled: true },
        httpLoadBalancing: { disabled: false },
        horizontalPodAutoscaling: { disabled: false },
      },
      gatewayApiConfig: { channel: 'CHANNEL_STANDARD' },
      enableK8SBetaApis: props.betaApis?.length ? { enabledApis: [...props.betaApis] } : undefined,
      dependsOn: [this.encryptionKey.grantTo('container')],
      timeouts: { create: '60m', update: '120m', delete: '60m' },
      lifecycle: { ignoreChanges: ['node_config'] },
    });
    if (props.apiAccess === ApiAccess.DNS_BY_IAM) this.recordDnsAccess();
  }

  get name(): string {
    return this.resource.name;
  }

  /**
   * How a provider of Terraform reaches the Kubernetes API: `new HelmProvider(stack, 'Helm', { kubernetes: controlPlane.connection })`. By the
   * DNS name where `apiAccess` opens it, else by the private address: Terraform must then run in the network, or in one that is peered.
   */
  get connection(): KubernetesConnection {
    const token = CurrentProject.of(this).accessToken;
    if (this.apiAccess === ApiAccess.DNS_BY_IAM) {
      return { host: `https://${this.resource.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint}`, token };
    }
    const clusterCaCertificate = Fn.base64decode(this.resource.masterAuth.clusterCaCertificate);
    return { host: `https://${this.resource.privateClusterConfig.privateEndpoint}`, token, clusterCaCertificate };
  }

  private networking({ authorizedCidrs = [], apiAccess }: ControlPlaneProps) {
    const { network, subnetwork, rangeNames } = this.network;
    return {
      network: network.id,
      subnetwork: subnetwork.id,
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: {
        clusterSecondaryRangeName: rangeNames.pods,
        servicesSecondaryRangeName: rangeNames.services,
      },
      datapathProvider: 'ADVANCED_DATAPATH',
      enableMultiNetworking: true,
      enableIntranodeVisibility: true,
      privateClusterConfig: {
        enablePrivateNodes: true,
        enablePrivateEndpoint: true,
        masterGlobalAccessConfig: { enabled: false },
      },
      controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: apiAccess === ApiAccess.DNS_BY_IAM } },
      masterAuthorizedNetworksConfig: {
        cidrBlocks: authorizedCidrs.map((cidrBlock) => ({ cidrBlock })),
        gcpPublicCidrsAccessEnabled: false,
      },
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

  private security() {
    return {
      workloadIdentityConfig: { workloadPool: CurrentProject.of(this).workloadPool },
      databaseEncryption: { state: 'ENCRYPTED', keyName: this.encryptionKey.keyId },
      enableShieldedNodes: true,
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

/** @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
const LONGEST_NAME = 40;

function check(scope: Construct, props: ControlPlaneProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE)) {
    checkRegion(problems, 'region', props.region);
    props.zones?.forEach((zone, index) => {
      if (isIn(zone, props.region)) return;
      const allowed = `a zone of ${props.region}`;
      problems.add({
        code: 'LocationInvalid',
        prop: `zones[${index}]`,
        allowed,
        got: zone,
        fix: 'Name zones of the region of the cluster.',
      });
    });
  }
  problems.throwIfAny(scope);
}
