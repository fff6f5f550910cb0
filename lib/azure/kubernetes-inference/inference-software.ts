import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import {
  type ChartRelease,
  dcgmExporterChart,
  gpuOperatorChart,
  inferenceRoute,
  kedaChart,
  type KubernetesManifest,
  modelServing,
  nvidiaDevicePluginChart,
  prometheusChart,
  servingNamespace,
  type ServingClient,
  type TrainingSoftware,
} from '../../kubernetes';
import { internalService } from '../../kubernetes/serving/internal-service';
import { ClusterSoftware } from '../../terraform/cluster-software';
import { amdDevicePlugin, amdDriverAgent } from '../nodes/host-agents';
import { GpuDriver } from '../nodes/node-pool-options';
import { type ModelIdentity, serverIdentity } from './model-identity';
import type { SizedInference } from './sized-inference';

/** Values of one deployment that manifests hold: tokens, or names of variables. */
interface InferenceValues {
  /** Where the model is, without a slash at its end. @default - it is in no bucket */
  readonly modelAddress?: string;
  /** Client id of the identity of the servers. @default - they have none */
  readonly clientId?: string;
}

/** What must stand before, and whom servers act as. */
export interface InferenceSoftwareProps {
  readonly sized: SizedInference;
  /** @default - servers act as nobody */
  readonly identity?: ModelIdentity;
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  MODEL_ADDRESS: 'Where the model is, https://…, without a slash at its end',
  MODEL_CLIENT_ID: 'Client id of the identity that reads the model',
} as const;

/** Charts and manifests of a model on AKS: installed by the deployment, or written beside the stack for whoever installs. */
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

function softwareOf(sized: SizedInference, values: InferenceValues): TrainingSoftware {
  const pools = [sized.pool];
  const isAmd = sized.pool.acceleratorVendor === 'AMD';
  return {
    releases: releasesFor(sized),
    manifests: manifestsFor(sized, values),
    nodeManifests: isAmd ? [...amdDriverAgent(pools), ...amdDevicePlugin(pools)] : [],
  };
}

function releasesFor({ props, pool }: SizedInference): ChartRelease[] {
  const system = { labels: props.systemLabels };
  const pools = [pool];
  const on = { system, pools };
  const isNvidia = pool.acceleratorVendor === 'NVIDIA';
  const operated = isNvidia && props.driver === GpuDriver.GPU_OPERATOR;
  const wanted = [
    ...(operated ? [gpuOperatorChart({ ...on, besideNetworkOperator: false })] : []),
    ...(isNvidia && !operated
      ? [nvidiaDevicePluginChart(on), dcgmExporterChart({ pools })].map(ofThisModel(props))
      : []),
    ...(props.scaling.kind === 'keda' ? [kedaChart(on)] : []),
    ...(props.scaling.needsPrometheus ? [prometheusChart(on)] : []),
  ];
  return wanted.filter(({ chart }) => !(props.existingCharts as readonly string[]).includes(chart));
}

/** Agents run on the machines of one model: in a cluster that has others, each has agents of its own. */
function ofThisModel({ cluster, name }: SizedInference['props']): (release: ChartRelease) => ChartRelease {
  return (release) => (cluster ? { ...release, release: `${release.release}-${name}` } : release);
}

function manifestsFor(sized: SizedInference, { modelAddress, clientId }: InferenceValues): KubernetesManifest[] {
  const { props, resolved, scale, acceleratorsPerReplica, elastic, pool } = sized;
  const { name, namespace, model, cache, ingress } = props;
  return [
    servingNamespace(namespace, { restricted: cache.cache.kind !== 'node' }),
    ...modelServing({
      ...{ name, namespace, pool, scale, acceleratorsPerReplica },
      surge: elastic,
      server: resolved,
      source: model.source(modelAddress),
      cache: cache.cache,
      weightsGiB: model.sizeGiB,
      clients: clientsOf(sized),
      metricsNamespaces: props.scaling.metricsNamespace === undefined ? [] : [props.scaling.metricsNamespace],
      identity: clientId === undefined ? undefined : serverIdentity(clientId),
    }),
    ...(ingress.balancer ? [loadBalancer(sized)] : []),
    ...(ingress.route ? inferenceRoute({ ...ingress.route, name, namespace, port: resolved.port }) : []),
  ];
}

/** Pods of the namespace, and whatever the way in sends from. */
function clientsOf({ props: { namespace, ingress } }: SizedInference): ServingClient[] {
  return [
    { namespace },
    ...(ingress.balancer?.clients ?? []).map((cidr) => ({ cidr })),
    ...(ingress.route ? [{ namespace: ingress.route.gateway.namespace }] : []),
  ];
}

/**
 * A load balancer of the network alone. It keeps the address of who calls, by which the network policy lets in.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/internal-lb
 * @see https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 */
function loadBalancer({ props, resolved: { port } }: SizedInference): KubernetesManifest {
  const { name, namespace, ingress } = props;
  const { address, clients } = ingress.balancer!;
  const annotations = {
    'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
    ...(address !== undefined && { 'service.beta.kubernetes.io/azure-load-balancer-ipv4': address }),
  };
  return internalService({ name, namespace, port, clientCidrs: clients, annotations });
}
