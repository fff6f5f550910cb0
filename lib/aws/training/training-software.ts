import {
  acceptanceJob,
  autoscalerChart,
  type ChartRelease,
  draDriverChart,
  efaDevicePluginChart,
  expectedAllReduce,
  type ExpectedBandwidth,
  jobSetChart,
  kueueChart,
  type KubernetesManifest,
  neuronChart,
  nvidiaDevicePluginChart,
  trainerChart,
  trainingRuntime,
  SHARED_CLAIM,
  TRAINING_NAMESPACE,
  TRAINING_QUEUE,
  type TrainingSoftware,
} from '../../kubernetes';
import { jobDomains, jobQueue, sharedVolume, trainingCharts } from '../../kubernetes/training-objects';
import { acceleratorPool, fabricEnvironment, ranksPerAccelerator } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';

/** Values of one deployment in charts and manifests: tokens, or names of variables. */
export interface DeploymentValues {
  readonly clusterName: string;
  readonly region: string;
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly string[];
  /** @default - no file system */
  readonly fileSystem?: {
    readonly id: string;
    readonly dnsName: string;
    readonly mountName: string;
  };
}

/** Images of the jobs of a cluster. */
export interface TrainingImages {
  /** PyTorch with the libraries of the fabric. A job can use another image. @default - the AWS image for x86 GPUs and for Neuron; none for arm64 */
  readonly training?: string;
  /** nccl-tests or nccom-test, for the acceptance job. @default - the AWS image for x86 GPUs and for Neuron; none for arm64 */
  readonly acceptance?: string;
  /** Repository of the EFA device plugin image. @default - the repository in the chart, which GovCloud and China cannot reach */
  readonly efaPlugin?: string;
}

// Source: aws/deep-learning-containers, release notes of PyTorch training 2.9 on EC2; read 2026-11-25. Neuron: see ACCEPTANCE_IMAGES.
const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'public.ecr.aws/deep-learning-containers/pytorch-training:2.9.0-gpu-py312-cu130-ubuntu22.04-ec2',
  AWS: 'public.ecr.aws/neuron/pytorch-training-neuronx:2.9.0-neuronx-py312-sdk2.30.0-ubuntu24.04',
};

/**
 * Values of the autoscaler chart that limit it to the elastic groups, by the tags that EKS sets on each Auto Scaling group. By default the chart
 * discovers each group of the cluster. It would then remove idle nodes of a capacity block, which are paid for.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
 */
function discoveryOf(groups: readonly EfaNodeGroup[], clusterName: string): Readonly<Record<string, unknown>> {
  const [first = [], ...others] = elasticNames(groups).map((name) => [
    `eks:cluster-name=${clusterName}`,
    `eks:nodegroup-name=${name}`,
  ]);
  return {
    autoDiscovery: { clusterName, tags: first },
    // The chart renders one filter. The autoscaler accepts several.
    customArgs: others.map((tags) => `--node-group-auto-discovery=asg:tag=${tags.join(',')}`),
  };
}

/** Names of the EKS node groups that the autoscaler manages, including fallbacks. */
export function elasticNames(groups: readonly EfaNodeGroup[]): string[] {
  return groups
    .flatMap((group) => (group.fallback ? [group, group.fallback] : [group]))
    .flatMap(({ isElastic: elastic, resource: { nodegroupName } }) =>
      elastic && nodegroupName ? [nodegroupName] : [],
    );
}

/** The charts and manifests of a training cluster for its groups. A spot group and its fallback are one pool. */
export function trainingSoftware(
  groups: readonly EfaNodeGroup[],
  values: DeploymentValues,
  images: TrainingImages,
): Omit<TrainingSoftware, 'nodeManifests'> {
  return { releases: releasesFor(groups, values, images), manifests: manifestsFor(groups, values, images) };
}

/** The job that tests the fabric of a group. Undefined if the group has no fabric, or no image is known for its machine. */
export function acceptanceOf(
  group: EfaNodeGroup,
  images: TrainingImages,
): { readonly manifests: KubernetesManifest[]; readonly expected: ExpectedBandwidth } | undefined {
  const pool = acceleratorPool(group);
  const expected = expectedAllReduce(pool);
  const image = images.acceptance;
  if (!expected || pool.nodes < 2 || (image === undefined && !hasAcceptanceImage(group))) return undefined;
  const manifests = acceptanceJob({
    namespace: TRAINING_NAMESPACE,
    queue: TRAINING_QUEUE,
    pool,
    expected,
    image,
    env: fabricEnvironment(group),
    ranksPerAccelerator: ranksPerAccelerator(group),
  });
  return { manifests, expected };
}

// The public nccl-tests image is for x86, and has no code for these chips: see ACCEPTANCE_IMAGES.
const CHIPS_WITHOUT_IMAGE: readonly unknown[] = ['T4', 'RTXPRO4500', 'RTXPRO6000'];

function hasAcceptanceImage({ machine: { spec } }: EfaNodeGroup): boolean {
  return spec.arch === 'amd64' && !CHIPS_WITHOUT_IMAGE.includes(spec.chip);
}

// Name patterns of elastic groups: spot before its fallback.
const SPOT_FIRST = { 50: ['.*-spot-[0-9a-f]{8}-.*'], 10: ['.*-on-demand-[0-9a-f]{8}-.*'] };

function releasesFor(
  groups: readonly EfaNodeGroup[],
  { clusterName, region, systemLabels, existingCharts }: DeploymentValues,
  images: TrainingImages,
): ChartRelease[] {
  const pools = groups.map(acceleratorPool);
  const gpus = pools.filter(({ acceleratorVendor }) => acceleratorVendor === 'NVIDIA');
  const neurons = pools.filter(({ acceleratorVendor }) => acceleratorVendor === 'AWS');
  const fabrics = pools.filter(({ fabric }) => fabric);
  const domains = pools.filter(({ multiNodeScaleUp }) => multiNodeScaleUp);
  const system = { labels: systemLabels };
  const charts = [
    jobSetChart({ system, pools }),
    trainerChart({ system, pools }),
    kueueChart({ system, pools }),
    ...(gpus.length > 0 ? [nvidiaDevicePluginChart({ system, pools: gpus })] : []),
    ...(neurons.length > 0 ? [neuronChart({ pools: neurons })] : []),
    ...(fabrics.length > 0 ? [efaDevicePluginChart({ pools: fabrics, imageRepository: images.efaPlugin })] : []),
    ...(domains.length > 0 ? [draDriverChart({ system, pools: domains })] : []),
    ...(isElastic(groups)
      ? [
          autoscalerChart({
            system,
            pools,
            cloudProvider: 'aws',
            clusterName,
            priorities: SPOT_FIRST,
            cloudValues: { awsRegion: region, ...discoveryOf(groups, clusterName) },
          }),
        ]
      : []),
  ];
  return trainingCharts(charts, existingCharts);
}

function manifestsFor(
  groups: readonly EfaNodeGroup[],
  { fileSystem }: DeploymentValues,
  images: TrainingImages,
): KubernetesManifest[] {
  const pools = groups.map(acceleratorPool);
  return [
    ...jobQueue(pools),
    ...(fileSystem ? volumeOf(fileSystem) : []),
    ...jobDomains(pools),
    ...groups.flatMap((group) => runtimeOf(group, images, fileSystem !== undefined)),
  ];
}

function volumeOf({ id, dnsName, mountName }: NonNullable<DeploymentValues['fileSystem']>): KubernetesManifest[] {
  return sharedVolume({
    driver: 'fsx.csi.aws.com',
    volumeHandle: id,
    volumeAttributes: { dnsname: dnsName, mountname: mountName },
    // `kubectl apply` cannot change the size of a claim, and the size is not a limit, so it does not follow the file system.
    capacityGiB: 1200,
    mountOptions: ['flock'],
  });
}

function runtimeOf(group: EfaNodeGroup, images: TrainingImages, mounted: boolean): KubernetesManifest[] {
  const pool = acceleratorPool(group);
  const image =
    images.training ?? (group.machine.spec.arch === 'arm64' ? undefined : TRAINING_IMAGES[pool.acceleratorVendor]);
  if (image === undefined) return [];
  return [trainingRuntime({ pool, image, env: fabricEnvironment(group), claim: mounted ? SHARED_CLAIM : undefined })];
}

/** Returns whether an autoscaler changes the number of nodes of any group. */
export function isElastic(groups: readonly EfaNodeGroup[]): boolean {
  return groups.some((group) => group.isElastic);
}
