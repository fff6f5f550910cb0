import { Problems } from '../core/errors';
import { type ChartRelease, releaseOf } from './charts';
import { type NodeAndControllerChartProps } from './node-charts';
import { checkSystemNodes, onSystemNodes, type SystemNodes } from './placement';
import { type AcceleratorPool, type Toleration, tolerationsOf } from './pool';
import { checkPools } from './pool-checks';

/** Properties of the chart of NVIDIA's GPU operator. */
export interface GpuOperatorChartProps extends NodeAndControllerChartProps {
  /** Whether the network operator runs beside it: that one brings node feature discovery, and the drivers of the fabric. @default false */
  readonly besideNetworkOperator?: boolean;
}

/**
 * A node label with the value `true` marks the nodes of the DRA driver's agent: before a driver is replaced, the operator changes it, so
 * that the agent lets go of the old one.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/dra-intro-install.html
 */
export const DRA_AGENT_LABEL = 'nvidia.com/dra-kubelet-plugin';

/** A node label with the value `false` keeps the operator off nodes whose driver someone else installs. */
export const OPERANDS_LABEL = 'nvidia.com/gpu.deploy.operands';

/** Where the operator's driver container keeps the driver on the node. Source: values.yaml of NVIDIA/gpu-operator v26.7.0, `hostPaths`. */
export const OPERATOR_DRIVER_ROOT = '/run/nvidia/driver';

/**
 * GPU operator: driver, container toolkit, device plugin, GPU feature discovery and DCGM exporter, on nodes that come without a driver.
 *
 * Partitions of GPUs (MIG) are left out: a training job takes whole nodes.
 */
export function gpuOperatorChart(props: GpuOperatorChartProps): ChartRelease {
  const { pools, system, besideNetworkOperator = false } = props;
  const tolerations = operands(pools, system);
  const spansNodes = pools.some(({ multiNodeScaleUp }) => multiNodeScaleUp);
  return releaseOf('gpu-operator', {
    operator: onSystemNodes(system),
    daemonsets: { tolerations },
    nfd: { enabled: !besideNetworkOperator },
    ...(besideNetworkOperator ? {} : discovery(system, tolerations)),
    driver: {
      rdma: { enabled: besideNetworkOperator },
      ...(spansNodes && { manager: { env: [{ name: 'NODE_LABEL_FOR_GPU_POD_EVICTION', value: DRA_AGENT_LABEL }] } }),
    },
    migManager: { enabled: false },
  });
}

/** Network operator: drivers and device plugins of NVIDIA's network adapters, as a `NicClusterPolicy` names them, and node feature discovery. */
export function networkOperatorChart({ pools, system }: NodeAndControllerChartProps): ChartRelease {
  const tolerations = operands(pools, system);
  return releaseOf('network-operator', {
    operator: onSystemNodes(system),
    // Its own rule marks every adapter of the vendor, also those of plain Ethernet.
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

function operands(pools: readonly AcceleratorPool[], system: SystemNodes): Toleration[] {
  const problems = new Problems();
  checkPools(problems, pools);
  checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
  return tolerationsOf(pools);
}
