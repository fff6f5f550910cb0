import { isWithin } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import {
  checkBootDisk,
  checkPoolLabels,
  checkPoolName,
  checkPoolNodes,
  checkWholeAccelerators,
  type PoolRules,
} from '../../terraform/pool-checks';
import { isKnown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { checkCapacity } from '../capacity/capacity-checks';
import { checkCluster } from '../cluster/aks-cluster';
import { checkVersion } from '../cluster/kubernetes-version';
import { checkZone } from '../props/location';
import { checkInfinibandFeature } from './infiniband-feature';
import { type AcceleratorNodeOptions, type AcceleratorNodePoolProps, GpuDriver, minNodesOf } from './node-pool-options';
import { checkPlacement } from './placement-checks';
import { MAX_NODES } from './system-node-options';
import { ACCELERATOR_NODE_POOL_PROPS } from '../prop-schemas';

/** Limits of AKS. The minimum disk size is the choice of this library: images for accelerators are large. Source: Microsoft.ContainerService agentPools 2026-05-01. */
const RULES: PoolRules = {
  name: /^[a-z][a-z0-9]{0,11}$/,
  nameAllowed: '1 to 12 lower-case letters and digits, beginning with a letter',
  reservedLabels: /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|azure\.com|nvidia\.com)\//,
  labelsFix: 'Use another key: the library, AKS, Kubernetes, or an operator sets this label.',
  minDiskGiB: 64,
  maxDiskGiB: 2048,
  diskFix: 'Store data on local NVMe or a file system.',
};

/** Nodes in one fabric: one scale set with one placement group. Azure can raise the limit from 100 to 300. @see https://learn.microsoft.com/en-us/azure/virtual-machines/setup-infiniband */
export const SCALE_SET_NODES = { usual: 100, raised: 300 } as const;

/** Props of a pool before its number of nodes is known. */
export type UncheckedPool = Omit<AcceleratorNodePoolProps, 'nodes'> & Pick<AcceleratorNodeOptions, 'nodes'>;

/**
 * Adds each problem in the props of a pool.
 *
 * @param options collects problems of `NodeOptions`
 * @returns whether the props have the right types
 */
export function checkNodePool(
  problems: ProblemCollector,
  name: string,
  props: UncheckedPool,
  options = problems,
): props is AcceleratorNodePoolProps {
  if (!validateProps(problems, props, ACCELERATOR_NODE_POOL_PROPS)) return false;
  const { machine, cluster, capacity = Capacity.onDemand(), bootDiskGiB, zone, infinibandFeature } = props;
  checkCluster(problems, 'cluster', cluster);
  checkAksPoolName(problems, name);
  checkPoolLabels(options, props.labels, RULES);
  checkZone(problems, 'zone', zone);
  checkWholeAccelerators(problems, machine);
  checkDriver(options, props);
  checkCapacity(problems, machine, capacity);
  checkVersion(problems, 'cluster.kubernetesVersion', cluster.kubernetesVersion, machine);
  checkInfinibandFeature(problems, machine, infinibandFeature);
  checkPlacement(problems, props);
  checkNodes(problems, props);
  checkBootDisk(options, bootDiskGiB, RULES);
  return true;
}

function checkDriver(problems: ProblemCollector, { machine, driver = GpuDriver.GPU_OPERATOR }: UncheckedPool): void {
  if (machine.spec.gpuDriver.includes(driver)) return;
  problems.add({
    code: 'ChoiceUnknown',
    prop: 'driver',
    allowed: `GpuDriver.GPU_OPERATOR for ${machine.name}, because AKS has no driver for it`,
    got: driver,
    fix: 'Remove driver.',
  });
}

function checkNodes(problems: ProblemCollector, props: UncheckedPool): void {
  const { machine, nodes, minNodes } = props;
  const max = machine.infiniband ? SCALE_SET_NODES.raised : MAX_NODES;
  const why = machine.infiniband ? ' (one pool is one InfiniBand fabric)' : '';
  const fine = checkPoolNodes(problems, nodes, max, `${machine.name}${why}`);
  if (!fine || !isKnown(problems, 'minNodes', minNodes)) return;
  if (isWithin(minNodesOf(props), { min: 0, max: nodes })) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'minNodes',
    allowed: `a whole number from 0 to ${nodes}, the value of nodes`,
    got: minNodes,
    fix: 'Use 0 to scale from zero, or remove minNodes to run all nodes.',
  });
}

/** Adds a problem if AKS does not accept the name of a pool. */
export function checkAksPoolName(problems: ProblemCollector, name: string): void {
  checkPoolName(problems, name, RULES);
}
