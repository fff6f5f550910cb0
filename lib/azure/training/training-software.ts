import {
  type AcceleratorPool,
  type ChartRelease,
  dcgmExporterChart,
  draDriverChart,
  DRA_AGENT_LABEL,
  gpuOperatorChart,
  infinibandObjects,
  jobSetChart,
  kueueChart,
  type KubernetesManifest,
  networkOperatorChart,
  nvidiaDevicePluginChart,
  OPERATOR_DRIVER_ROOT,
  type PodIdentity,
  SHARED_CLAIM,
  type SystemNodes,
  trainerChart,
  TRAINING_NAMESPACE,
  type TrainingImages,
  trainingRuntime,
  type TrainingSoftware,
} from '../../kubernetes';
import { jobDomains, jobQueue, sharedVolume, trainingCharts } from '../../kubernetes/training-objects';
import { gpuMetrics } from '../cluster/managed-prometheus';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { topologyObjects } from '../nodes/fabric-pod';
import { amdDevicePlugin, amdDriverAgent, faultAgent, peerMemoryAgent } from '../nodes/host-agents';
import { GpuDriver } from '../nodes/node-pool-options';
import { LUSTRE_DRIVER, lustreDriver } from '../storage/lustre-driver';
import { acceleratorPool } from '../nodes/accelerator-pool';
import type { AzureMachine } from '../machine/machine';

/** Deployment-specific values in charts and manifests: tokens, or names of variables. */
export interface DeploymentValues {
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly string[];
  /** Shared file system. @default - none */
  readonly fileSystem?: { readonly mgsAddress: string };
  /** Identity and service account of jobs. @default - none */
  readonly jobs?: { readonly pods: PodIdentity; readonly account: KubernetesManifest };
  /** Whether AKS repairs nodes with a permanent GPU fault. */
  readonly repairsFaults: boolean;
  /** Whether this app configures the metrics add-on of the cluster. */
  readonly configuresMetrics: boolean;
}

/** Returns the software of a training cluster. */
export function trainingSoftware(
  groups: readonly AcceleratorNodePool[],
  values: DeploymentValues,
  images: TrainingImages,
): TrainingSoftware {
  const sets = poolsOf(groups);
  return {
    releases: releasesFor(sets, values),
    manifests: manifestsFor(groups, sets, values, images),
    nodeManifests: [
      ...(values.fileSystem ? lustreDriver(sets.all) : []),
      ...peerMemoryAgent(sets.peerMemory),
      ...(values.repairsFaults ? faultAgent(sets.nvidia) : []),
      ...amdDriverAgent(sets.amd),
      ...amdDevicePlugin(sets.amd),
      ...(values.configuresMetrics && sets.nvidia.length > 0 ? [gpuMetrics()] : []),
    ],
  };
}

/** Groups by the software that their nodes need. */
interface PoolSets {
  readonly all: readonly AcceleratorPool[];
  readonly nvidia: readonly AcceleratorPool[];
  readonly amd: readonly AcceleratorPool[];
  /** Groups with the GPU operator. */
  readonly operated: readonly AcceleratorPool[];
  /** NVIDIA groups with the AKS driver, which installs nothing else. */
  readonly byAks: readonly AcceleratorPool[];
  readonly infiniband: readonly AcceleratorPool[];
  /** Groups that need a module for InfiniBand access to GPU memory, which AKS does not load. */
  readonly peerMemory: readonly AcceleratorPool[];
  readonly domains: readonly AcceleratorPool[];
}

function poolsOf(groups: readonly AcceleratorNodePool[]): PoolSets {
  const described = groups.map((group) => ({ pool: acceleratorPool(group), driver: group.driver }));
  const where = (test: (pool: AcceleratorPool, driver: GpuDriver) => boolean) =>
    described.filter(({ pool, driver }) => test(pool, driver)).map(({ pool }) => pool);
  const isNvidia = ({ acceleratorVendor }: AcceleratorPool) => acceleratorVendor === 'NVIDIA';
  return {
    all: where(() => true),
    nvidia: where(isNvidia),
    amd: where(({ acceleratorVendor }) => acceleratorVendor === 'AMD'),
    operated: where((pool, driver) => isNvidia(pool) && driver === GpuDriver.GPU_OPERATOR),
    byAks: where((pool, driver) => isNvidia(pool) && driver === GpuDriver.AKS),
    infiniband: where(({ fabric }) => fabric !== undefined),
    peerMemory: where((pool, driver) => driver === GpuDriver.AKS && pool.fabric !== undefined),
    domains: where(({ multiNodeScaleUp }) => multiNodeScaleUp === true),
  };
}

function releasesFor(sets: PoolSets, { systemLabels, existingCharts }: DeploymentValues): ChartRelease[] {
  const system = { labels: systemLabels };
  const { all: pools, infiniband, operated, byAks, domains } = sets;
  const withNetworkOperator = infiniband.length > 0;
  const charts = [
    jobSetChart({ system, pools }),
    trainerChart({ system, pools }),
    kueueChart({ system, pools }),
    // Its node feature discovery must run on all pools, because the GPU operator installs drivers only on nodes with the discovered labels.
    ...(infiniband.length > 0 ? [networkOperatorChart({ system, pools })] : []),
    ...(operated.length > 0 ? [gpuOperatorChart({ system, pools: operated, withNetworkOperator })] : []),
    ...(byAks.length > 0
      ? [nvidiaDevicePluginChart({ system, pools: byAks }), dcgmExporterChart({ pools: byAks })]
      : []),
    ...(domains.length > 0 ? [domainDriver(domains, system, operated.length > 0)] : []),
  ];
  return trainingCharts(charts, existingCharts);
}

/** Multi-node NVLink. The release does not wait for its agents, because they need drivers that are installed after all charts. */
function domainDriver(pools: readonly AcceleratorPool[], system: SystemNodes, byOperator: boolean): ChartRelease {
  const driverRoot = byOperator ? OPERATOR_DRIVER_ROOT : '/';
  const nodeSelector = { [DRA_AGENT_LABEL]: 'true' };
  return { ...draDriverChart({ system, pools, driverRoot, nodeSelector }), wait: false };
}

function manifestsFor(
  groups: readonly AcceleratorNodePool[],
  { all, infiniband }: PoolSets,
  { fileSystem, jobs }: DeploymentValues,
  images: TrainingImages,
): KubernetesManifest[] {
  const claim = fileSystem ? SHARED_CLAIM : undefined;
  return [
    ...jobQueue(all),
    ...(jobs ? [jobs.account] : []),
    ...(fileSystem ? volumeOf(fileSystem) : []),
    ...(infiniband.length > 0 ? infinibandObjects(infiniband) : []),
    ...topologyObjects(groups.map(({ machine }) => machine)),
    ...jobDomains(all),
    ...groups.map((group) =>
      trainingRuntime({
        pool: acceleratorPool(group),
        image: imageFor(group.machine, images),
        claim,
        identity: jobs?.pods,
      }),
    ),
  ];
}

/** @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/use-csi-driver-kubernetes */
function volumeOf({ mgsAddress }: NonNullable<DeploymentValues['fileSystem']>) {
  return sharedVolume({
    driver: LUSTRE_DRIVER,
    // The driver requires only a unique name in the cluster.
    volumeHandle: `${TRAINING_NAMESPACE}-${SHARED_CLAIM.claimName}`,
    volumeAttributes: { 'mgs-ip-address': mgsAddress },
    // `noatime` avoids a write for each read. `flock` makes locks work across nodes.
    mountOptions: ['noatime', 'flock'],
    // The capacity has no effect. A claim cannot shrink, so it must not follow the size of the file system.
    capacityGiB: 4096,
  });
}

/**
 * Public PyTorch images by accelerator vendor. The NVIDIA image supports both architectures.
 *
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/pytorch
 * @see https://hub.docker.com/r/rocm/pytorch
 */
export const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'nvcr.io/nvidia/pytorch:25.12-py3',
  AMD: 'docker.io/rocm/pytorch:rocm7.2.1_ubuntu24.04_py3.12_pytorch_release_2.9.1',
};

/**
 * Image of nccl-tests from Azure, for both architectures. It supports Hopper and Blackwell, requires driver 580 or later, and has only this tag.
 *
 * Source: Azure/aks-rdma-infiniband 700dabb, tests/containers/nccl-tests/Dockerfile and .github/workflows/build-nccl-tests-image.yaml;
 * read 2026-11.
 */
export const ACCEPTANCE_IMAGE = 'ghcr.io/azure/aks-rdma-infiniband/nccl-tests:latest';

const SUPPORTED: ReadonlySet<string> = new Set(['H100', 'H200', 'GB200', 'GB300']);

/** The image for jobs of a group. Every machine of the table has one. */
export function imageFor({ chip }: AzureMachine, { training }: TrainingImages): string {
  return training ?? TRAINING_IMAGES[chip.vendor]!;
}

/** The image that tests the fabric of a machine. Undefined if no image is known. */
export function acceptanceImage({ spec }: AzureMachine, { acceptance }: TrainingImages): string | undefined {
  return acceptance ?? (SUPPORTED.has(spec.chip) ? ACCEPTANCE_IMAGE : undefined);
}
