import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import {
  type ChartRelease,
  dcgmExporterChart,
  gpuOperatorChart,
  type KubernetesManifest,
  nvidiaDevicePluginChart,
  type TrainingSoftware,
} from '../../kubernetes';
import { internalService } from '../../kubernetes/serving/internal-service';
import {
  namespaceOf,
  withoutExistingCharts,
  withModelSuffix,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
import { ClusterSoftware } from '../../terraform/cluster-software';
import { amdDevicePlugin, amdDriverAgent } from '../nodes/host-agents';
import { GpuDriver } from '../nodes/node-pool-options';
import { type ModelIdentity, serverIdentity } from './model-identity';
import type { ResolvedInference } from './resolved-inference';

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
    ...(isNvidia && !usesOperator
      ? [nvidiaDevicePluginChart(on), dcgmExporterChart({ pools })].map(withModelSuffix(sized))
      : []),
    ...scalingCharts(sized, on),
  ];
  return withoutExistingCharts(sized, charts);
}

function manifestsFor(sized: ResolvedInference, { modelAddress, clientId }: InferenceValues): KubernetesManifest[] {
  const { props, elastic: surge, pool } = sized;
  const { balancer } = props.ingress;
  return [
    namespaceOf(sized, false),
    ...servedModel(sized, {
      ...{ pool, surge, modelAddress },
      clientCidrs: balancer?.clientCidrs,
      identity: clientId === undefined ? undefined : serverIdentity(clientId),
    }),
    ...(balancer ? [loadBalancer(sized)] : []),
    ...routeTo(sized),
  ];
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
