import {
  type ChartRelease,
  endpointPicker,
  inferenceRoute,
  type KubernetesManifest,
  leaderWorkerSetChart,
  type ModelServer,
  PICKER_PORT,
  pickerKinds,
  pickerName,
} from '../../kubernetes';
import { namespaceOf, notRunning, routeTo, scalingCharts, servedModel } from '../../kubernetes/serving/served-model';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { fabricInstallers } from '../nodes/fabric-installer';
import { computeClass, gatewayObjects, internalBalancer, podMonitoring } from './gke-objects';
import { acceleratorPoolOf, nodeSelectorOf } from './inference-pool';
import type { SizedInference } from './sized-inference';

/** What names the objects of a model, and what it serves with. */
export interface ServerIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly server: ModelServer;
}

/** Values of one deployment that manifests hold: tokens, or names of variables. */
export interface InferenceValues {
  /** Where the model is, without a slash at its end. @default - it is in no bucket */
  readonly modelAddress?: string;
  /** Networks of the further interfaces. */
  readonly networks: readonly AcceleratorNetwork[];
  /** The Kubernetes objects of these networks. */
  readonly networkObjects: readonly KubernetesManifest[];
  /** Name of the reserved address of the load balancer, or of the gateway. @default - Google picks one */
  readonly address?: string;
  /** Addresses of the proxies of the gateway. @default - there is no gateway */
  readonly proxyCidr?: string;
  /** Names of the pools that a ComputeClass chooses between. @default - there is one pool */
  readonly pools?: readonly string[];
  /** Whether the cluster keeps metrics in Managed Service for Prometheus. */
  readonly managedPrometheus: boolean;
}

/** What the inference of a model runs on its cluster: pinned charts, and the objects that need them. */
export interface InferenceManifests {
  readonly releases: readonly ChartRelease[];
  readonly manifests: readonly KubernetesManifest[];
}

/**
 * Where pods get their identity: with Dataplane V2, and without it. Recalled, unverified.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export const IDENTITY_SERVERS = [
  { cidr: '169.254.169.254/32', port: 80 },
  { cidr: '169.254.169.252/32', port: 988 },
];

/** @see https://cloud.google.com/load-balancing/docs/health-checks#firewall_rules */
const HEALTH_CHECKS = ['35.191.0.0/16', '130.211.0.0/22'];

/** Where the collectors of Managed Service for Prometheus run, in Standard and in Autopilot. Recalled, unverified. */
const COLLECTORS = ['gmp-system', 'gke-gmp-system'];

/** Charts and objects of a model. */
export function inferenceManifests(sized: SizedInference, values: InferenceValues): InferenceManifests {
  return { releases: releasesFor(sized), manifests: manifestsFor(sized, values) };
}

function releasesFor(sized: SizedInference): ChartRelease[] {
  const { props, spansMachines } = sized;
  const on = { system: { labels: props.systemLabels }, pools: [acceleratorPoolOf(sized)] };
  const wanted = [...(spansMachines ? [leaderWorkerSetChart(on)] : []), ...scalingCharts(sized, on)];
  return notRunning(sized, wanted);
}

function manifestsFor(sized: SizedInference, values: InferenceValues): KubernetesManifest[] {
  const { props, resolved, spansMachines, surge } = sized;
  const { name, namespace, model, machine, ingress } = props;
  const { managedPrometheus, modelAddress, proxyCidr } = values;
  const pool = acceleratorPoolOf(sized, values.networks);
  const fabric = spansMachines && pool.fabric !== undefined;
  return [
    namespaceOf(sized, fabric),
    ...(fabric ? [...values.networkObjects, ...fabricInstallers([{ machine, pool }])] : []),
    ...(values.pools ? [computeClass(name, values.pools)] : []),
    ...servedModel(sized, {
      ...{ pool, surge, modelAddress },
      clientCidrs: proxyCidr === undefined ? ingress.balancer?.clientCidrs : [proxyCidr, ...HEALTH_CHECKS],
      collectors: managedPrometheus ? COLLECTORS : [],
      egress: model.inBucket ? IDENTITY_SERVERS : [],
      nodeSelector: nodeSelectorOf(sized),
    }),
    ...(managedPrometheus ? [podMonitoring({ name, namespace, server: resolved })] : []),
    ...entranceOf(sized, values),
  ];
}

function entranceOf(sized: SizedInference, { address }: InferenceValues): KubernetesManifest[] {
  const { props, resolved } = sized;
  const { name, namespace, ingress, systemLabels, existingCharts } = props;
  const identity = { name, namespace, server: resolved };
  const route = { name, namespace, port: resolved.port };
  if (ingress.route) return routeTo(sized);
  if (ingress.balancer) return [internalBalancer(identity, ingress.balancer.clientCidrs, address)];
  if (!ingress.own) return [];
  const { certificate, hostnames } = ingress.own;
  const picker = { name: pickerName(name), port: PICKER_PORT };
  return [
    ...(existingCharts.includes('picker-kinds') ? [] : pickerKinds()),
    ...endpointPicker({ pool: name, namespace, system: { labels: systemLabels } }),
    ...gatewayObjects(identity, { address: address!, certificate }),
    ...inferenceRoute({ ...route, gateway: { name, namespace }, endpointPicker: picker, hostnames }),
  ];
}
