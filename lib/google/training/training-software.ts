import {
  type ChartRelease,
  claimsOf,
  claimTemplate,
  draDriverChart,
  jobSetChart,
  kueueChart,
  type KubernetesManifest,
  SHARED_CLAIM,
  trainerChart,
  TRAINING_NAMESPACE,
  type TrainingImages,
  trainingRuntime,
  type TrainingSoftware,
  sliceJob,
  trainJob,
  TRAINING_QUEUE,
} from '../../kubernetes';
import {
  jobDomains,
  jobQueue,
  sharedVolume,
  groupNamed,
  MAIN_GROUP,
  trainingCharts,
} from '../../kubernetes/training-objects';
import { adminBinding } from '../cluster/cluster-source';
import { fabricInstallers, FABRIC_PATHS } from '../nodes/fabric-installer';
import { acceleratorPool } from '../nodes/accelerator-pool';
import { computeClass } from '../nodes/compute-class';
import type { TrainingGroup } from './training-group';
import { withConstructPath, ProblemCollector } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import { checkBucketAccess } from '../../kubernetes/job-volume';
import type { TrainJobOptions as JobOptions } from '../../kubernetes/train-job';
import type { TrainingCluster } from './training-cluster';
import { TRAIN_JOB_OPTIONS } from '../prop-schemas';

/** Values in charts and manifests that are unknown at synthesis: tokens, or names of variables. */
export interface DeploymentValues {
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly string[];
  /** File system of the cluster. @default - none */
  readonly fileSystem?: { readonly volumeHandle: string; readonly serverIp: string; readonly fsName: string };
  /** Kubernetes objects of the additional networks. */
  readonly networks: readonly KubernetesManifest[];
  /** IAM principals that administer the cluster. */
  readonly admins: readonly string[];
}

/**
 * Public images by accelerator vendor. Both are released about monthly. The NVIDIA image supports both CPU architectures.
 *
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/pytorch
 * @see https://github.com/google/maxtext
 */
export const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'nvcr.io/nvidia/pytorch:25.12-py3',
  Google: 'us-docker.pkg.dev/cloud-tpu-images/jax-ai-image/tpu:jax0.8.1-rev1',
};

/** The image for the jobs of a group. Every machine of the table has one. */
export function imageOf({ machine }: Pick<TrainingGroup, 'machine'>, { training }: TrainingImages): string {
  return training ?? TRAINING_IMAGES[machine.isTpu ? 'Google' : 'NVIDIA']!;
}

/** The software of a training cluster. */
export function trainingSoftware(
  groups: readonly TrainingGroup[],
  values: DeploymentValues,
  images: TrainingImages,
): TrainingSoftware {
  return {
    releases: releasesFor(groups, values),
    manifests: manifestsFor(groups, values, images),
    nodeManifests: [
      ...values.networks,
      ...fabricInstallers(groups.map((group) => ({ machine: group.machine, pool: acceleratorPool(group) }))),
      ...adminBinding('training-admins', values.admins),
    ],
  };
}

// GKE installs the driver, the device plugins, the GPU metrics exporter, and the autoscaler.
function releasesFor(
  groups: readonly TrainingGroup[],
  { systemLabels, existingCharts }: DeploymentValues,
): ChartRelease[] {
  const pools = groups.map(acceleratorPool);
  const domains = pools.filter(({ multiNodeScaleUp }) => multiNodeScaleUp);
  const system = { labels: systemLabels };
  const charts = [
    jobSetChart({ system, pools }),
    ...(groups.some(({ machine }) => !machine.isTpu) ? [trainerChart({ system, pools })] : []),
    kueueChart({ system, pools }),
    ...(domains.length > 0
      ? [draDriver(draDriverChart({ system, pools: domains, driverRoot: FABRIC_PATHS.nvidia }))]
      : []),
  ];
  return trainingCharts(charts, existingCharts);
}

/** GKE admits its priority class, system-node-critical, without a quota only in this namespace. */
function draDriver(release: ChartRelease): ChartRelease {
  return { ...release, namespace: 'kube-system' };
}

function manifestsFor(
  groups: readonly TrainingGroup[],
  { fileSystem }: DeploymentValues,
  images: TrainingImages,
): KubernetesManifest[] {
  const pools = groups.map(acceleratorPool);
  return [
    ...groups.flatMap(({ name, computeClass: isChosen, fallback }) =>
      isChosen && fallback ? [computeClass(name, [name, fallback.name])] : [],
    ),
    ...jobQueue(pools),
    ...(fileSystem ? volumeOf(fileSystem) : []),
    ...claimsOf(pools).map((claim) => claimTemplate(claim, TRAINING_NAMESPACE)),
    ...jobDomains(pools),
    // Jobs on TPU slices need no runtime: see `sliceJob`.
    ...groups
      .filter(({ machine }) => !machine.isTpu)
      .map((group) => {
        const claim = fileSystem ? SHARED_CLAIM : undefined;
        return trainingRuntime({ pool: acceleratorPool(group), image: imageOf(group, images), claim });
      }),
  ];
}

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/managed-lustre */
function volumeOf({ volumeHandle, serverIp, fsName }: NonNullable<DeploymentValues['fileSystem']>) {
  return sharedVolume({
    driver: 'lustre.csi.storage.gke.io',
    volumeHandle,
    volumeAttributes: { ip: serverIp, filesystem: fsName },
    // The number limits nothing. A claim cannot shrink, so it stays the same when the file system grows.
    capacityGiB: 9000,
  });
}

/** Options for a job of a training cluster. By default, it uses all nodes, all slices and the image of its group. */
export interface TrainJobOptions extends JobOptions {
  /** Number of TPU slices. @default - all slices of the group */
  readonly slices?: number;
}

/** The job as a Kubernetes object: a TrainJob for GPUs, or a JobSet for TPU slices. */
export function trainJobOn(
  cluster: TrainingCluster,
  options: TrainJobOptions,
  images: TrainingImages,
): KubernetesManifest {
  assertProps(options, TRAIN_JOB_OPTIONS, { scope: cluster, name: 'options' });
  const problems = new ProblemCollector();
  const group = groupNamed(problems, cluster.groups, options.group ?? MAIN_GROUP);
  if (group) checkParts(problems, group, options);
  checkBucketAccess(problems, options.volumes, cluster.jobs);
  problems.throwIfAny(cluster);
  return withConstructPath(cluster, () => jobOn(cluster, group!, options, images));
}

function jobOn(cluster: TrainingCluster, group: TrainingGroup, options: TrainJobOptions, images: TrainingImages) {
  const { name, command, priority, nodes, slices, image, env, volumes } = options;
  const pool = acceleratorPool(group);
  const job = { name, command, priority, env, volumes };
  const queued = { ...job, namespace: TRAINING_NAMESPACE, queue: TRAINING_QUEUE, pool };
  if (!group.machine.isTpu) return trainJob({ ...queued, nodes, image });
  const claim = cluster.fileSystem ? SHARED_CLAIM : undefined;
  return sliceJob({ ...queued, slices, claim, image: image ?? imageOf(group, images) });
}

/** Jobs count GPUs in nodes and TPUs in slices. */
function checkParts(problems: ProblemCollector, { machine }: TrainingGroup, options: TrainJobOptions): void {
  const [prop, unit, other] = machine.isTpu
    ? (['nodes', 'TPUs', 'slices'] as const)
    : (['slices', 'GPUs', 'nodes'] as const);
  if (options[prop] === undefined) return;
  problems.add({
    code: 'TpuTopology',
    prop,
    allowed: `undefined, because jobs on ${unit} use ${other}`,
    got: options[prop],
    fix: `Use \`${other}\`, or leave both out for the whole group.`,
  });
}
