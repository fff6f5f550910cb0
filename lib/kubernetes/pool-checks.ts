import type { ProblemCollector } from '../core/errors';
import { checkAllocatable } from './allocatable';
import { isDnsLabel } from './manifest';
import { type AcceleratorPool, HOSTNAME_LABEL } from './pool';

// The ResourceFlavor of Kueue v1beta2 supports 8 labels and 8 tolerations. This library uses one of the labels.
const MAX_LABELS = 7;
const MAX_TAINTS = 8;
const MAX_NODES = 100_000;

/** Maximum number of pools of a queue: a resource group of Kueue v1beta2 supports 64 flavors. */
export const MAX_POOLS = 64;

/** Adds problems for the pools: invalid or duplicate names, invalid counts, and more labels or taints than a queue supports. */
export function checkPools(problems: ProblemCollector, pools: readonly AcceleratorPool[]): void {
  if (pools.length === 0) {
    problems.add({
      code: 'GroupsMissing',
      prop: 'pools',
      allowed: 'a list of at least one pool',
      got: pools,
      fix: 'Add the accelerator pools of the cluster.',
    });
  }
  pools.forEach((pool, index) => checkPool(problems.within(`pools[${index}]`), pool));
  const names = pools.map(({ name }) => name);
  for (const name of new Set(names.filter((candidate, index) => names.indexOf(candidate) !== index))) {
    problems.add({
      code: 'GroupDuplicate',
      prop: 'pools',
      allowed: 'pools with unique names',
      got: name,
      fix: 'Rename one of them.',
    });
  }
}

/** Adds problems for one pool. */
export function checkPool(problems: ProblemCollector, pool: AcceleratorPool): void {
  if (!isDnsLabel(pool.name)) {
    problems.add({
      code: 'GroupName',
      prop: 'name',
      allowed: 'a DNS label: at most 63 lowercase letters, digits or "-"',
      got: pool.name,
      fix: 'Rename the pool.',
    });
  }
  const whole = (prop: string, value: number | undefined, min: number, max = Number.MAX_SAFE_INTEGER) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
    const allowed =
      max < Number.MAX_SAFE_INTEGER ? `a whole number from ${min} to ${max}` : `a whole number of at least ${min}`;
    problems.add({
      code: 'PoolInvalid',
      prop,
      allowed,
      got: value,
      fix: 'Set the count of one node.',
    });
  };
  whole('nodes', pool.nodes, 1, MAX_NODES);
  whole('acceleratorsPerNode', pool.acceleratorsPerNode, 1);
  whole('fabric.interfacesPerNode', pool.fabric?.interfacesPerNode, 1);
  whole('hugepages2MiB', pool.hugepages2MiB, 0);
  const positive = (prop: string, value: number | undefined) => {
    if (value === undefined || (Number.isFinite(value) && value > 0)) return;
    problems.add({
      code: 'PoolInvalid',
      prop,
      allowed: 'a positive number',
      got: value,
      fix: 'Use the value in the data sheet of the machine.',
    });
  };
  positive('vcpus', pool.vcpus);
  positive('memoryGiB', pool.memoryGiB);
  positive('fabric.bandwidthGbps', pool.fabric?.bandwidthGbps);
  checkSelection(problems, pool);
  checkAllocatable(problems, 'vcpus', pool);
}

function checkSelection(
  problems: ProblemCollector,
  { taints, nodeLabels, topologyLevels = [] }: AcceleratorPool,
): void {
  if (taints.length > MAX_TAINTS) {
    problems.add({
      code: 'PoolInvalid',
      prop: 'taints',
      allowed: `a list of at most ${MAX_TAINTS} taints, the limit of a queue`,
      got: taints.length,
      fix: 'Combine some of the taints.',
    });
  }
  if (Object.keys(nodeLabels).length > MAX_LABELS) {
    problems.add({
      code: 'PoolInvalid',
      prop: 'nodeLabels',
      allowed: `at most ${MAX_LABELS} labels, the limit of a queue`,
      got: Object.keys(nodeLabels).length,
      fix: 'Remove labels that do not distinguish pools.',
    });
  }
  const hostname = topologyLevels.indexOf(HOSTNAME_LABEL);
  const ordered = hostname === -1 || hostname === topologyLevels.length - 1;
  if (!ordered || new Set(topologyLevels).size < topologyLevels.length || topologyLevels.length > 15) {
    problems.add({
      code: 'TopologyLevels',
      prop: 'topologyLevels',
      allowed: `at most 15 unique node labels, with ${HOSTNAME_LABEL} only in the last position`,
      got: topologyLevels,
      fix: 'List the labels from the outermost level to the innermost level.',
    });
  }
}
