import { ProblemCollector } from '../core/errors';
import { type ChartRelease, releaseOf } from './charts';
import { type NodeAndControllerChartProps } from './node-charts';
import { checkSystemNodes, onSystemNodes, type SystemNodes } from './placement';
import { type AcceleratorPool, type Toleration, tolerationsOf } from './pool';
import { checkPools } from './pool-checks';

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
