import {
  type ChartRelease,
  efaDevicePluginChart,
  inferenceRoute,
  karpenterChart,
  kedaChart,
  type KubernetesManifest,
  leaderWorkerSetChart,
  loadBalancerControllerChart,
  modelServing,
  neuronChart,
  nvidiaDevicePluginChart,
  prometheusChart,
  servingNamespace,
  type ServingClient,
} from '../../kubernetes';
import { fabricEnvironment } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { acceleratorPoolOf } from './inference-pool';
import { karpenterManifests, type KarpenterValues } from './karpenter-manifests';
import type { SizedInference } from './sized-inference';

/** Values of one deployment that charts and manifests hold: tokens, or names of variables. */
export interface InferenceValues {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: string;
  /** @default - no load balancer reaches the pods */
  readonly vpcCidr?: string;
  /** @default - a managed group makes the machines */
  readonly karpenter?: KarpenterValues;
  /** @default - the cluster runs Karpenter already, or none */
  readonly interruptionQueue?: string;
  /** @default - there is no load balancer */
  readonly targetGroupArn?: string;
  /** Where the model is, without a slash at its end. @default - it is in no bucket */
  readonly modelAddress?: string;
}

/** What the inference of a model runs on its cluster: pinned charts, and the objects that need them. */
export interface InferenceManifests {
  readonly releases: readonly ChartRelease[];
  readonly manifests: readonly KubernetesManifest[];
}

// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html: the agent of each node, on a link-local address.
const IDENTITY_AGENT = { cidr: '169.254.170.23/32', port: 80 };

/** Charts and objects of a model. */
export function inferenceManifests(
  sized: SizedInference,
  values: InferenceValues,
  group: EfaNodeGroup | undefined,
): InferenceManifests {
  return { releases: releasesFor(sized, values, group), manifests: manifestsFor(sized, values, group) };
}

function releasesFor(sized: SizedInference, values: InferenceValues, group: EfaNodeGroup | undefined): ChartRelease[] {
  const { props, spansMachines } = sized;
  const pools = [acceleratorPoolOf(sized, group)];
  const system = { labels: props.systemLabels };
  const on = { system, pools };
  const { clusterName, region, vpcId, interruptionQueue } = values;
  const wanted = [
    ...[props.machine.isNeuron ? neuronChart({ pools }) : nvidiaDevicePluginChart(on)].map(ofThisModel(props)),
    ...(pools[0]?.fabric ? [ofThisModel(props)(efaDevicePluginChart({ pools }))] : []),
    ...(spansMachines ? [leaderWorkerSetChart(on)] : []),
    ...(props.scaling.kind === 'keda' ? [kedaChart(on)] : []),
    ...(props.scaling.needsPrometheus ? [prometheusChart(on)] : []),
    ...(interruptionQueue === undefined ? [] : [karpenterChart({ ...on, clusterName, interruptionQueue })]),
    ...(props.ingress.kind === 'load-balancer'
      ? [loadBalancerControllerChart({ ...on, clusterName, region, vpcId })]
      : []),
  ];
  return wanted.filter(({ chart }) => !(props.existingCharts as readonly string[]).includes(chart));
}

/** Agents run on the machines of one model: in a cluster that has others, each has agents of its own. */
function ofThisModel({ cluster, name }: SizedInference['props']): (release: ChartRelease) => ChartRelease {
  return (release) => (cluster ? { ...release, release: `${release.release}-${name}` } : release);
}

function manifestsFor(
  sized: SizedInference,
  values: InferenceValues,
  group: EfaNodeGroup | undefined,
): KubernetesManifest[] {
  const { props, resolved, scale, acceleratorsPerReplica, spansMachines, surge } = sized;
  const { name, namespace, model, cache, ingress } = props;
  const pool = acceleratorPoolOf(sized, group);
  const restricted = cache.cache.kind !== 'node' && !(spansMachines && pool.fabric);
  return [
    servingNamespace(namespace, { restricted }),
    ...(values.karpenter ? karpenterManifests(sized, values.karpenter) : []),
    ...modelServing({
      ...{ name, namespace, pool, scale, acceleratorsPerReplica, surge },
      server: resolved,
      source: model.source(values.modelAddress),
      cache: cache.cache,
      weightsGiB: model.sizeGiB,
      clients: clientsOf(sized, values),
      metricsNamespaces: props.scaling.metricsNamespace === undefined ? [] : [props.scaling.metricsNamespace],
      egress: model.bucketArtifact ? [IDENTITY_AGENT] : [],
      fabricEnv: group && fabricEnvironment(group),
    }),
    ...(values.targetGroupArn === undefined ? [] : [targetGroupBinding(sized, values.targetGroupArn)]),
    ...(ingress.route ? inferenceRoute({ ...ingress.route, name, namespace, port: resolved.port }) : []),
  ];
}

/** Pods of the namespace, and whatever the way in sends from. */
function clientsOf({ props: { namespace, ingress } }: SizedInference, { vpcCidr }: InferenceValues): ServingClient[] {
  return [
    { namespace },
    ...(vpcCidr === undefined ? [] : [{ cidr: vpcCidr }]),
    ...(ingress.route ? [{ namespace: ingress.route.gateway.namespace }] : []),
  ];
}

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/ */
function targetGroupBinding({ props, resolved }: SizedInference, targetGroupARN: string): KubernetesManifest {
  const { name, namespace } = props;
  return {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name, namespace },
    spec: { targetGroupARN, targetType: 'ip', serviceRef: { name, port: resolved.port } },
  };
}
