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
  notRunning,
  ofThisModel,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
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

function releasesFor(sized: SizedInference): ChartRelease[] {
  const { props, pool } = sized;
  const system = { labels: props.systemLabels };
  const pools = [pool];
  const on = { system, pools };
  const isNvidia = pool.acceleratorVendor === 'NVIDIA';
  const operated = isNvidia && props.driver === GpuDriver.GPU_OPERATOR;
  const wanted = [
    ...(operated ? [gpuOperatorChart({ ...on, besideNetworkOperator: false })] : []),
    ...(isNvidia && !operated
      ? [nvidiaDevicePluginChart(on), dcgmExporterChart({ pools })].map(ofThisModel(sized))
      : []),
    ...scalingCharts(sized, on),
  ];
  return notRunning(sized, wanted);
}

function manifestsFor(sized: SizedInference, { modelAddress, clientId }: InferenceValues): KubernetesManifest[] {
  const { props, elastic: surge, pool } = sized;
  const { balancer } = props.ingress;
  return [
    namespaceOf(sized, false),
    ...servedModel(sized, {
      ...{ pool, surge, modelAddress },
      clientCidrs: balancer?.clients,
      identity: clientId === undefined ? undefined : serverIdentity(clientId),
    }),
    ...(balancer ? [loadBalancer(sized)] : []),
    ...routeTo(sized),
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
