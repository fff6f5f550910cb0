import {
  type ChartRelease,
  efaDevicePluginChart,
  karpenterChart,
  type KubernetesManifest,
  leaderWorkerSetChart,
  loadBalancerControllerChart,
  neuronChart,
  nvidiaDevicePluginChart,
} from '../../kubernetes';
import {
  namespaceOf,
  withoutExistingCharts,
  withModelSuffix,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
import { fabricEnvironment } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { acceleratorPoolOf } from './inference-pool';
import { karpenterManifests, type KarpenterValues } from './karpenter-manifests';
import type { ResolvedInference } from './resolved-inference';

/** Values that charts and manifests take from the deployment: tokens, or names of variables. */
export interface InferenceValues {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: string;
  /** CIDR block of the VPC. @default - no load balancer reaches the pods */
  readonly vpcCidr?: string;
  /** Values of the Karpenter objects. @default - a managed node group creates the nodes */
  readonly karpenter?: KarpenterValues;
  /** Name of the interruption queue. @default - this construct does not install Karpenter */
  readonly interruptionQueue?: string;
  /** ARN of the target group. @default - there is no load balancer */
  readonly targetGroupArn?: string;
  /** S3 URI of the model, without a slash at the end. @default - the model is not in a bucket */
  readonly modelAddress?: string;
}

/** Pinned charts and manifests of a model. */
export interface InferenceManifests {
  readonly releases: readonly ChartRelease[];
  readonly manifests: readonly KubernetesManifest[];
}

// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html: the agent of each node has a link-local address.
const IDENTITY_AGENT = { cidr: '169.254.170.23/32', port: 80 };

/** Renders the charts and manifests of a model. */
export function inferenceManifests(
  sized: ResolvedInference,
  values: InferenceValues,
  group: EfaNodeGroup | undefined,
): InferenceManifests {
  return { releases: releasesFor(sized, values, group), manifests: manifestsFor(sized, values, group) };
}

function releasesFor(
  sized: ResolvedInference,
  values: InferenceValues,
  group: EfaNodeGroup | undefined,
): ChartRelease[] {
  const { props, spansMachines } = sized;
  const pools = [acceleratorPoolOf(sized, group)];
  const system = { labels: props.systemLabels };
  const on = { system, pools };
  const { clusterName, region, vpcId, interruptionQueue } = values;
  const wanted = [
    ...[props.machine.isNeuron ? neuronChart({ pools }) : nvidiaDevicePluginChart(on)].map(withModelSuffix(sized)),
    ...(pools[0]?.fabric ? [withModelSuffix(sized)(efaDevicePluginChart({ pools }))] : []),
    ...(spansMachines ? [leaderWorkerSetChart(on)] : []),
    ...scalingCharts(sized, on),
    ...(interruptionQueue === undefined ? [] : [karpenterChart({ ...on, clusterName, interruptionQueue })]),
    ...(props.ingress.kind === 'load-balancer'
      ? [loadBalancerControllerChart({ ...on, clusterName, region, vpcId })]
      : []),
  ];
  return withoutExistingCharts(sized, wanted);
}

function manifestsFor(
  sized: ResolvedInference,
  values: InferenceValues,
  group: EfaNodeGroup | undefined,
): KubernetesManifest[] {
  const { props, spansMachines, surge } = sized;
  const pool = acceleratorPoolOf(sized, group);
  return [
    namespaceOf(sized, spansMachines && pool.fabric !== undefined),
    ...(values.karpenter ? karpenterManifests(sized, values.karpenter) : []),
    ...servedModel(sized, {
      ...{ pool, surge, modelAddress: values.modelAddress },
      clientCidrs: values.vpcCidr === undefined ? [] : [values.vpcCidr],
      egress: props.model.bucketArtifact ? [IDENTITY_AGENT] : [],
      fabricEnv: group && fabricEnvironment(group),
    }),
    ...(values.targetGroupArn === undefined ? [] : [targetGroupBinding(sized, values.targetGroupArn)]),
    ...routeTo(sized),
  ];
}

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/ */
function targetGroupBinding({ props, resolved }: ResolvedInference, targetGroupARN: string): KubernetesManifest {
  const { name, namespace } = props;
  return {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name, namespace },
    spec: { targetGroupARN, targetType: 'ip', serviceRef: { name, port: resolved.port } },
  };
}
