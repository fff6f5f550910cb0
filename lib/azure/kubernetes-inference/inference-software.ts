import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import {
  type ChartRelease,
  dcgmExporterChart,
  gpuOperatorChart,
  type KubernetesManifest,
  nvidiaDevicePluginChart,
  serverLabels,
  servingSelector,
  type TrainingSoftware,
  type ServerIdentity,
} from '../../kubernetes';
import { internalService } from '../../kubernetes/serving/gateway';
import {
  namespaceOf,
  chartsToInstall,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
import { ClusterSoftware } from '../../terraform/cluster-software';
import { amdDevicePlugin, amdDriverAgent } from '../nodes/host-agents';
import { GpuDriver } from '../nodes/node-pool-options';
import type { ResolvedInference } from './resolved-inference';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { assignRole, Role } from '../operations/roles';
import type { IResourceGroup } from '../props/resource-group';
import { FederatedIdentityCredential, UserAssignedIdentity } from '../provider/azurerm';
import { containerIdOf, type IDataBucket } from '../storage/data-bucket';
import { beforeRightsTo } from '../storage/account-config';

/** Values of one deployment in its manifests: tokens, or names of variables. */
interface InferenceValues {
  /** Address of the model, without a trailing slash. @default - the model is not in a bucket */
  readonly modelAddress?: string;
  /** Client id of the identity of the servers. @default - no identity */
  readonly clientId?: string;
}

/** Properties for `inferenceSoftware`. */
export interface InferenceSoftwareProps {
  /** Resolved props. */
  readonly sized: ResolvedInference;
  /** Identity of the servers. @default - no identity */
  readonly identity?: ModelIdentity;
  /** Resources to create before the software. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  MODEL_ADDRESS: 'Address of the model, https://…, without a trailing slash',
  MODEL_CLIENT_ID: 'Client id of the identity that reads the model',
} as const;

/** Charts and manifests of a model on AKS. The deployment installs them, or writes them as a bundle for GitOps. */
export function inferenceSoftware(scope: Construct, id: string, props: InferenceSoftwareProps): ClusterSoftware {
  const { sized, identity, after } = props;
  const { address } = sized.props.model;
  const known: InferenceValues = { modelAddress: address, clientId: identity?.resource.clientId };
  const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
  const named: InferenceValues = identity
    ? { modelAddress: reference('MODEL_ADDRESS'), clientId: reference('MODEL_CLIENT_ID') }
    : {};
  return new ClusterSoftware(scope, id, {
    installation: sized.props.installation,
    software: () => softwareOf(sized, known),
    bundle: () => {
      const { releases, manifests, nodeManifests } = softwareOf(sized, named);
      return { releases, manifests: [...nodeManifests, ...manifests], variables: identity ? VARIABLES : {} };
    },
    acceptance: () => [],
    outputs: identity ? { ModelAddress: address!, ModelClientId: identity.resource.clientId } : {},
    after,
  });
}

function softwareOf(sized: ResolvedInference, values: InferenceValues): TrainingSoftware {
  const pools = [sized.pool];
  const isAmd = sized.pool.acceleratorVendor === 'AMD';
  return {
    releases: releasesFor(sized),
    manifests: manifestsFor(sized, values),
    nodeManifests: isAmd ? [...amdDriverAgent(pools), ...amdDevicePlugin(pools)] : [],
  };
}

function releasesFor(sized: ResolvedInference): ChartRelease[] {
  const { props, pool } = sized;
  const system = { labels: props.systemLabels };
  const pools = [pool];
  const on = { system, pools };
  const isNvidia = pool.acceleratorVendor === 'NVIDIA';
  const usesOperator = isNvidia && props.nodeOptions.driver === GpuDriver.GPU_OPERATOR;
  const charts = [
    ...(usesOperator ? [gpuOperatorChart({ ...on, withNetworkOperator: false })] : []),
    ...(isNvidia && !usesOperator ? [nvidiaDevicePluginChart(on), dcgmExporterChart({ pools })] : []),
    ...scalingCharts(sized, on),
  ];
  return chartsToInstall(sized, charts);
}

function manifestsFor(sized: ResolvedInference, { modelAddress, clientId }: InferenceValues): KubernetesManifest[] {
  const { props, elastic: surge, pool } = sized;
  const { balancer } = props.ingress;
  const { collectsMetrics: collects } = props.source;
  return [
    namespaceOf(sized, false),
    ...servedModel(sized, {
      ...{ pool, surge, modelAddress },
      collectors: collects ? [COLLECTORS] : [],
      clientCidrs: balancer?.clientCidrs,
      identity: clientId === undefined ? undefined : serverIdentity(clientId),
    }),
    ...(collects ? [podMonitor(sized)] : []),
    ...(balancer ? [loadBalancer(sized)] : []),
    ...routeTo(sized),
  ];
}

/** Namespace of the collectors of the metrics add-on. */
const COLLECTORS = 'kube-system';

/** Limits as in the PodMonitor of Microsoft's reference app; read 2026-11. The add-on can drop a job without them. @see https://learn.microsoft.com/en-us/azure/azure-monitor/containers/prometheus-metrics-scrape-crd */
const LABEL_LIMITS = { labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 } as const;

/**
 * Collects the metrics of each serving pod in managed Prometheus. The add-on has its own kind.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/containers/prometheus-metrics-scrape-crd
 */
function podMonitor({ props: { name, namespace }, resolved }: ResolvedInference): KubernetesManifest {
  const port = resolved.metricsPort === resolved.port ? 'http' : 'metrics';
  return {
    apiVersion: 'azmonitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: `${name}-managed`, namespace, labels: serverLabels(name) },
    spec: {
      ...LABEL_LIMITS,
      selector: { matchLabels: servingSelector(name) },
      podMetricsEndpoints: [{ port, path: '/metrics', interval: '30s' }],
    },
  };
}

/**
 * An internal load balancer. It preserves the client address, which the network policy uses.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/internal-lb
 * @see https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 */
function loadBalancer({ props, resolved: { port } }: ResolvedInference): KubernetesManifest {
  const { name, namespace, ingress } = props;
  const { address, clientCidrs } = ingress.balancer!;
  const annotations = {
    'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
    ...(address !== undefined && { 'service.beta.kubernetes.io/azure-load-balancer-ipv4': address }),
  };
  return internalService({ name, namespace, port, clientCidrs, annotations });
}

/** Properties for `ModelIdentity`. */
export interface ModelIdentityProps {
  /** Resource group of the identity. */
  readonly resourceGroup: IResourceGroup;
  /** OIDC issuer of the cluster. */
  readonly oidcIssuerUrl: string;
  /** Namespace of the servers. */
  readonly namespace: string;
  /** Service account of the servers. */
  readonly serviceAccount: string;
  /** Bucket of the model. */
  readonly bucket: IDataBucket;
}

/** @see https://azure.github.io/azure-workload-identity/docs/topics/federated-identity-credential.html */
const AUDIENCE = 'api://AzureADTokenExchange';

/** Identity of the servers of a model: it can only read the bucket of the model. */
export class ModelIdentity extends Construct {
  /** The managed identity itself. */
  public readonly resource: UserAssignedIdentity;
  /** Resources that must exist before the servers start. */
  public readonly grants: readonly ITerraformDependable[];

  /** @internal */
  constructor(scope: Construct, id: string, props: ModelIdentityProps) {
    super(scope, id);
    checkProviders(this);
    const { resourceGroup, oidcIssuerUrl, namespace, serviceAccount, bucket } = props;
    const name = physicalName(this);
    const { name: resourceGroupName, location } = resourceGroup;
    this.resource = new UserAssignedIdentity(this, 'Resource', { name, resourceGroupName, location });
    const trust = new FederatedIdentityCredential(this, 'Trust', {
      name,
      resourceGroupName,
      parentId: this.resource.id,
      issuer: oidcIssuerUrl,
      subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      audience: [AUDIENCE],
    });
    const grant = { role: Role.BLOB_DATA_READER, on: containerIdOf(bucket), to: this.resource.principalId };
    const dependsOn = beforeRightsTo(bucket);
    this.grants = [trust, assignRole(this, 'Read', { ...grant, dependsOn })];
  }
}

/** Annotations and labels for workload identity. @param clientId client id of the identity, or a variable for it */
export function serverIdentity(clientId: string): ServerIdentity {
  return {
    annotations: { 'azure.workload.identity/client-id': clientId },
    podLabels: { 'azure.workload.identity/use': 'true' },
  };
}
