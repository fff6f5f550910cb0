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
  chartsToInstall,
  routeTo,
  scalingCharts,
  servedModel,
} from '../../kubernetes/serving/served-model';
import { fabricEnvironment } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { acceleratorPoolOf } from './serving-nodes';
import { type ResolvedInference, acceleratorsOf } from './resolved-inference';
import { POOL_LABEL } from '../../kubernetes/pool';
import { acceleratorResource } from '../nodes/node-launch-template';

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
    props.machine.isNeuron ? neuronChart({ pools }) : nvidiaDevicePluginChart(on),
    ...(pools[0]?.fabric ? [efaDevicePluginChart({ pools })] : []),
    ...(spansMachines ? [leaderWorkerSetChart(on)] : []),
    ...scalingCharts(sized, on),
    ...(interruptionQueue === undefined ? [] : [karpenterChart({ ...on, clusterName, interruptionQueue })]),
    ...(props.ingress.kind === 'load-balancer'
      ? [loadBalancerControllerChart({ ...on, clusterName, region, vpcId })]
      : []),
  ];
  return chartsToInstall(sized, wanted);
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

/** Values that Karpenter objects take from the deployment: tokens, or names of variables. */
export interface KarpenterValues {
  readonly instanceProfile: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** ID of the capacity reservation. @default - no reserved capacity */
  readonly reservationId?: string;
  /** ARN of the KMS key of the boot disks. @default - the default EBS key of the account */
  readonly volumeKey?: string;
  /** Tags of the resources that Karpenter creates, plain or a token. */
  readonly tags: unknown;
}

/** The Karpenter objects of a model: machine type, image, capacity type and maximum number of nodes. */
export function karpenterManifests(sized: ResolvedInference, values: KarpenterValues): KubernetesManifest[] {
  return [nodeClass(sized, values), nodePool(sized)];
}

/** @see https://karpenter.sh/docs/concepts/nodeclasses/ */
function nodeClass({ props }: ResolvedInference, values: KarpenterValues): KubernetesManifest {
  const { name, nodes, machine, bootDisk } = props;
  const { reservationId, volumeKey, tags } = values;
  return {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name },
    spec: {
      amiSelectorTerms: [{ alias: `al2023@${nodes.options.imageVersion ?? 'latest'}` }],
      instanceProfile: values.instanceProfile,
      subnetSelectorTerms: values.subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: values.securityGroupId }],
      associatePublicIPAddress: false,
      ...(reservationId !== undefined && { capacityReservationSelectorTerms: [{ id: reservationId }] }),
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          rootVolume: true,
          ebs: {
            volumeType: 'gp3',
            volumeSize: `${bootDisk.toGibibytes()}Gi`,
            encrypted: true,
            ...(volumeKey !== undefined && { kmsKeyID: volumeKey }),
            deleteOnTermination: true,
          },
        },
      ],
      // Local disks become one array for pods and images.
      ...((machine.spec.localNvmeGB ?? 0) > 0 && { instanceStorePolicy: 'RAID0' }),
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpProtocolIPv6: 'disabled',
        httpTokens: 'required',
        // Pods reach IMDS with one more hop. A network policy denies this to the pods of the model.
        httpPutResponseHopLimit: 2,
      },
      detailedMonitoring: true,
      tags,
    },
  };
}

/** @see https://karpenter.sh/docs/concepts/nodepools/ */
function nodePool({ props, machines }: ResolvedInference): KubernetesManifest {
  const { name, machine } = props;
  const key = acceleratorResource(machine);
  const one = (label: string, ...values: string[]) => ({ key: label, operator: 'In', values });
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name },
    spec: {
      template: {
        metadata: { labels: { [POOL_LABEL]: name } },
        spec: {
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name },
          requirements: [
            one('node.kubernetes.io/instance-type', machine.name),
            one('karpenter.sh/capacity-type', ...capacityTypes(props)),
            one('kubernetes.io/arch', machine.spec.arch),
          ],
          taints: [{ key, value: 'present', effect: 'NoSchedule' }],
          // A replica starts slowly, so only a change of the image or of these objects replaces its node.
          expireAfter: 'Never',
        },
      },
      limits: { [key]: String(machines * acceleratorsOf(machine)) },
      disruption: {
        consolidationPolicy: 'WhenEmpty',
        consolidateAfter: '10m',
        budgets: [{ nodes: '1' }],
      },
    },
  };
}

function capacityTypes({ capacity }: ResolvedInference['props']): string[] {
  if (capacity.usesReservation || capacity.createsReservation) return ['reserved'];
  return [capacity.market, ...(capacity.fallback ? [capacity.fallback.market] : [])];
}
