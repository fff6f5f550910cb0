import { Problems } from '../core/errors';
import { type ChartRelease, releaseOf } from './charts';
import { checkController, type ControllerChartProps } from './controller-charts';
import { checkSystemNodes, onPools, onSystemNodes, type SystemNodes } from './placement';
import { type AcceleratorPool, POOL_LABEL, tolerationsOf } from './pool';
import { checkPools } from './pool-checks';

/** Properties of a chart that runs an agent on the nodes of some pools. */
export interface NodeChartProps {
  /** The pools whose nodes have the hardware: the agent runs there and nowhere else. */
  readonly pools: readonly AcceleratorPool[];
}

/** Properties of a chart with agents on nodes and a controller beside them. */
export interface NodeAndControllerChartProps extends NodeChartProps {
  /** Where the controller runs. */
  readonly system: SystemNodes;
}

/**
 * NVIDIA device plugin: GPUs as `nvidia.com/gpu`. Where one scale-up domain spans nodes, GPU feature discovery runs beside it
 * and labels each node with its domain, `nvidia.com/gpu.clique`.
 */
export function nvidiaDevicePluginChart({ pools, system }: NodeAndControllerChartProps): ChartRelease {
  const tolerations = agents(pools, system);
  const spansNodes = pools.some(({ multiNodeScaleUp }) => multiNodeScaleUp);
  return releaseOf('nvidia-device-plugin', {
    affinity: onPools(pools),
    tolerations,
    ...(spansNodes && {
      gfd: { enabled: true },
      nfd: {
        master: onSystemNodes(system),
        gc: onSystemNodes(system),
        worker: { tolerations, affinity: onPools(pools) },
      },
    }),
  });
}

/** Properties of the EFA device plugin's chart. */
export interface EfaChartProps extends NodeChartProps {
  /** @default - the chart's own, in us-west-2: give one where the nodes cannot reach it, as in GovCloud and China */
  readonly imageRepository?: string;
}

/**
 * EFA device plugin: interfaces as `vpc.amazonaws.com/efa`. The chart's list of instance types is replaced by the pools
 * themselves, so that a machine newer than the chart gets its plugin, too.
 */
export function efaDevicePluginChart({ pools, imageRepository }: EfaChartProps): ChartRelease {
  const tolerations = agents(pools);
  return releaseOf('aws-efa-k8s-device-plugin', {
    supportedInstanceLabels: { keys: [POOL_LABEL], values: pools.map(({ name }) => name) },
    tolerations,
    ...(imageRepository !== undefined && { image: { repository: imageRepository } }),
  });
}

/**
 * Neuron device plugin: Trainium and Inferentia as `aws.amazon.com/neuron`. Its scheduler extension, for pods that take part of
 * a node, and its problem detector, which tells pools apart by no label, stay off.
 */
export function neuronChart({ pools }: NodeChartProps): ChartRelease {
  const tolerations = agents(pools);
  return releaseOf('neuron-helm-chart', {
    devicePlugin: { enabled: true, affinity: onPools(pools), tolerations },
    draDriver: { enabled: false },
    scheduler: { enabled: false },
    ultraserverOperator: { enabled: false },
    npd: { enabled: false },
  });
}

/** Properties of the DCGM exporter's chart. */
export interface DcgmChartProps extends NodeChartProps {
  /** Whether the Prometheus operator is there to read its metrics: without it, the chart cannot be installed. @default false */
  readonly serviceMonitor?: boolean;
}

/** DCGM exporter: health and load of every GPU as metrics. */
export function dcgmExporterChart({ pools, serviceMonitor = false }: DcgmChartProps): ChartRelease {
  const tolerations = agents(pools);
  return releaseOf('dcgm-exporter', {
    affinity: onPools(pools),
    tolerations,
    serviceMonitor: { enabled: serviceMonitor },
  });
}

/** Properties of the chart of NVIDIA's DRA driver. */
export interface DraDriverChartProps extends NodeAndControllerChartProps {
  /** Where the driver lies on the node. @default '/', as where the node image has it installed */
  readonly driverRoot?: string;
  /** Further labels of the nodes that its agents run on: what updates the driver takes them away first. @default - none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** NVIDIA DRA driver, for compute domains only: GPUs stay with the device plugin. */
export function draDriverChart({ pools, system, driverRoot = '/', nodeSelector }: DraDriverChartProps): ChartRelease {
  const tolerations = agents(pools, system);
  return releaseOf('dra-driver-nvidia-gpu', {
    nvidiaDriverRoot: driverRoot,
    resources: { gpus: { enabled: false }, computeDomains: { enabled: true } },
    controller: onSystemNodes(system),
    kubeletPlugin: {
      affinity: onPools(pools),
      tolerations,
      ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
    },
  });
}

/** FSx CSI driver: its node agent runs on every node, whatever its taints, since any pod may mount the file system. */
export function fsxCsiDriverChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('aws-fsx-csi-driver', { controller: onSystemNodes(system), node: { tolerateAllTaints: true } });
}

/** Checks the pools of an agent, and the system nodes where it has a controller; returns the tolerations that it needs. */
function agents(pools: readonly AcceleratorPool[], system?: SystemNodes): ReturnType<typeof tolerationsOf> {
  const problems = new Problems();
  checkPools(problems, pools);
  if (system) checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
  return tolerationsOf(pools);
}
