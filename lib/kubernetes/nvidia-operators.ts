import { ProblemCollector } from '../core/errors';
import { type ChartRelease, releaseOf, checkController, type ControllerChartProps } from './controller-charts';
import { checkSystemNodes, onSystemNodes, type SystemNodes, onPools } from './placement';
import { type AcceleratorPool, type Toleration, tolerationsOf, checkPools, POOL_LABEL } from './pool';

/** Properties for `gpuOperatorChart`. */
export interface GpuOperatorChartProps extends NodeAndControllerChartProps {
  /** Whether the network operator also runs. It installs node feature discovery and the drivers of the fabric. @default false */
  readonly withNetworkOperator?: boolean;
}

/**
 * Node label whose value `true` selects the nodes of the DRA driver agent. The operator changes it before it replaces a driver, so that the
 * agent releases the old driver.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/dra-intro-install.html
 */
export const DRA_AGENT_LABEL = 'nvidia.com/dra-kubelet-plugin';

/** Node label whose value `false` excludes nodes from the operator, for example if another tool installs their driver. */
export const OPERANDS_LABEL = 'nvidia.com/gpu.deploy.operands';

/** Directory of the driver that the operator installs on the node. Source: values.yaml of NVIDIA/gpu-operator v26.7.0, `hostPaths`. */
export const OPERATOR_DRIVER_ROOT = '/run/nvidia/driver';

/**
 * Returns the GPU operator chart for nodes without a driver. It installs the driver, container toolkit, device plugin, GPU feature discovery
 * and DCGM exporter.
 *
 * GPU partitions (MIG) are off, because a training job uses whole nodes.
 */
export function gpuOperatorChart(props: GpuOperatorChartProps): ChartRelease {
  const { pools, system, withNetworkOperator = false } = props;
  const tolerations = checkedTolerations(pools, system);
  const spansNodes = pools.some(({ multiNodeScaleUp }) => multiNodeScaleUp);
  return releaseOf('gpu-operator', {
    operator: onSystemNodes(system),
    daemonsets: { tolerations },
    nfd: { enabled: !withNetworkOperator },
    ...(withNetworkOperator ? {} : discovery(system, tolerations)),
    driver: {
      rdma: { enabled: withNetworkOperator },
      ...(spansNodes && { manager: { env: [{ name: 'NODE_LABEL_FOR_GPU_POD_EVICTION', value: DRA_AGENT_LABEL }] } }),
    },
    migManager: { enabled: false },
  });
}

/**
 * Returns the network operator chart. It installs the drivers and the device plugins of NVIDIA network adapters that a `NicClusterPolicy`
 * lists, and node feature discovery.
 */
export function networkOperatorChart({ pools, system }: NodeAndControllerChartProps): ChartRelease {
  const tolerations = checkedTolerations(pools, system);
  return releaseOf('network-operator', {
    operator: onSystemNodes(system),
    // The default rule selects every adapter of the vendor, including plain Ethernet adapters.
    nfd: { enabled: true, deployNodeFeatureRules: false },
    sriovNetworkOperator: { enabled: false },
    ...discovery(system, tolerations),
  });
}

function discovery(system: SystemNodes, tolerations: readonly Toleration[]): Record<string, unknown> {
  const controllers = onSystemNodes(system);
  return {
    'node-feature-discovery': { master: controllers, gc: controllers, worker: { tolerations: [...tolerations] } },
  };
}

function checkedTolerations(pools: readonly AcceleratorPool[], system: SystemNodes): Toleration[] {
  const problems = new ProblemCollector();
  checkPools(problems, pools);
  checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
  return tolerationsOf(pools);
}

/** Properties for charts that run an agent on the nodes of accelerator pools. */
export interface NodeChartProps {
  /** Accelerator pools whose nodes have the hardware. The agent only runs on these nodes. */
  readonly pools: readonly AcceleratorPool[];
}

/** Properties for charts that run agents on nodes and a controller. */
export interface NodeAndControllerChartProps extends NodeChartProps {
  /** Nodes that the controller runs on. */
  readonly system: SystemNodes;
}

/**
 * Returns the chart of the NVIDIA device plugin, which offers GPUs as `nvidia.com/gpu`. If an NVLink domain spans nodes, the chart also runs
 * GPU feature discovery, which labels each node with its domain, `nvidia.com/gpu.clique`.
 */
export function nvidiaDevicePluginChart({ pools, system }: NodeAndControllerChartProps): ChartRelease {
  const tolerations = agentTolerations(pools, system);
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

/** Properties for `efaDevicePluginChart`. */
export interface EfaChartProps extends NodeChartProps {
  /** Image repository, for nodes that cannot reach us-west-2, for example in GovCloud and China. @default - the repository of the chart, in us-west-2 */
  readonly imageRepository?: string;
}

/**
 * Returns the chart of the EFA device plugin, which offers interfaces as `vpc.amazonaws.com/efa`. It selects nodes by pool, so that it also
 * runs on machines that are missing from the list of instance types in the chart.
 */
export function efaDevicePluginChart({ pools, imageRepository }: EfaChartProps): ChartRelease {
  const tolerations = agentTolerations(pools);
  return releaseOf('aws-efa-k8s-device-plugin', {
    supportedInstanceLabels: { keys: [POOL_LABEL], values: pools.map(({ name }) => name) },
    tolerations,
    ...(imageRepository !== undefined && { image: { repository: imageRepository } }),
  });
}

/**
 * Returns the chart of the Neuron device plugin, which offers Trainium and Inferentia as `aws.amazon.com/neuron`. The scheduler extension is
 * off, because it is for pods that use a part of a node. The node problem detector is off, because it cannot select pools by label.
 */
export function neuronChart({ pools }: NodeChartProps): ChartRelease {
  const tolerations = agentTolerations(pools);
  return releaseOf('neuron-helm-chart', {
    devicePlugin: { enabled: true, affinity: onPools(pools), tolerations },
    draDriver: { enabled: false },
    scheduler: { enabled: false },
    ultraserverOperator: { enabled: false },
    npd: { enabled: false },
  });
}

/** Properties for `dcgmExporterChart`. */
export interface DcgmChartProps extends NodeChartProps {
  /** Whether to create a service monitor. Requires the Prometheus operator on the cluster. @default false */
  readonly serviceMonitor?: boolean;
}

/** Returns the DCGM exporter chart, which exports the health and the load of every GPU as metrics. */
export function dcgmExporterChart({ pools, serviceMonitor = false }: DcgmChartProps): ChartRelease {
  const tolerations = agentTolerations(pools);
  return releaseOf('dcgm-exporter', {
    affinity: onPools(pools),
    tolerations,
    serviceMonitor: { enabled: serviceMonitor },
  });
}

/** Properties for `draDriverChart`. */
export interface DraDriverChartProps extends NodeAndControllerChartProps {
  /** Root directory of the GPU driver on the node. @default '/', for node images with a preinstalled driver */
  readonly driverRoot?: string;
  /** More labels that a node must have to run the agents. The driver update removes them first. @default - none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** Returns the chart of the NVIDIA DRA driver. It only manages compute domains. The device plugin manages GPUs. */
export function draDriverChart({ pools, system, driverRoot = '/', nodeSelector }: DraDriverChartProps): ChartRelease {
  const tolerations = agentTolerations(pools, system);
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

/** Returns the FSx CSI driver chart. Its node agent tolerates all taints, because any pod can mount the file system. */
export function fsxCsiDriverChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('aws-fsx-csi-driver', { controller: onSystemNodes(system), node: { tolerateAllTaints: true } });
}

/** Checks the pools of an agent, and the system nodes if it has a controller. Returns the tolerations of the agent. */
function agentTolerations(pools: readonly AcceleratorPool[], system?: SystemNodes): ReturnType<typeof tolerationsOf> {
  const problems = new ProblemCollector();
  checkPools(problems, pools);
  if (system) checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
  return tolerationsOf(pools);
}
