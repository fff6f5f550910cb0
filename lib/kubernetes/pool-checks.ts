import type { Problems } from '../core/errors';
import { checkAllocatable } from './allocatable';
import { isDnsLabel } from './manifest';
import { type AcceleratorPool, HOSTNAME_LABEL } from './pool';

// The ResourceFlavor of Kueue v1beta2 takes 8 labels and 8 tolerations; one label is ours.
const MOST_LABELS = 7;
const MOST_TAINTS = 8;
const MOST_NODES = 100_000;

/** Pools of a queue: a resource group of Kueue v1beta2 takes 64 flavors. */
export const MOST_POOLS = 64;

/** Adds what is wrong with some pools: names, counts that no node has, and more labels or taints than a queue takes. */
export function checkPools(problems: Problems, pools: readonly AcceleratorPool[]): void {
  if (pools.length === 0) {
    problems.add({
      code: 'GroupsMissing',
      prop: 'pools',
      allowed: 'one pool or more',
      got: pools,
      fix: 'Name the pools that the cluster has.',
    });
  }
  pools.forEach((pool, index) => checkPool(problems.within(`pools[${index}]`), pool));
  const names = pools.map(({ name }) => name);
  for (const name of new Set(names.filter((candidate, index) => names.indexOf(candidate) !== index))) {
    problems.add({
      code: 'GroupDuplicate',
      prop: 'pools',
      allowed: 'pools of different names',
      got: name,
      fix: 'Rename one of them.',
    });
  }
}

/** Adds what is wrong with one pool. */
export function checkPool(problems: Problems, pool: AcceleratorPool): void {
  if (!isDnsLabel(pool.name)) {
    problems.add({
      code: 'GroupName',
      prop: 'name',
      allowed: 'a DNS label: up to 63 lower-case letters, digits or "-"',
      got: pool.name,
      fix: 'Rename the pool.',
    });
  }
  const whole = (prop: string, value: number | undefined, least: number, most = Number.MAX_SAFE_INTEGER) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return;
    const allowed =
      most < Number.MAX_SAFE_INTEGER
        ? `a whole number from ${least} to ${most}`
        : `a whole number of at least ${least}`;
    problems.add({
      code: 'PoolInvalid',
      prop,
      allowed,
      got: value,
      fix: 'Pods are scheduled on whole units: give the count of one node.',
    });
  };
  whole('nodes', pool.nodes, 1, MOST_NODES);
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
      fix: 'Take the figure from the machine’s data sheet.',
    });
  };
  positive('vcpus', pool.vcpus);
  positive('memoryGiB', pool.memoryGiB);
  positive('fabric.bandwidthGbps', pool.fabric?.bandwidthGbps);
  checkSelection(problems, pool);
  checkAllocatable(problems, 'vcpus', pool);
}

function checkSelection(problems: Problems, { taints, nodeLabels, topologyLevels = [] }: AcceleratorPool): void {
  if (taints.length > MOST_TAINTS) {
    problems.add({
      code: 'PoolInvalid',
      prop: 'taints',
      allowed: `at most ${MOST_TAINTS}, since a queue tolerates no more`,
      got: taints.length,
      fix: 'Merge some taints.',
    });
  }
  if (Object.keys(nodeLabels).length > MOST_LABELS) {
    problems.add({
      code: 'PoolInvalid',
      prop: 'nodeLabels',
      allowed: `at most ${MOST_LABELS}, since a queue selects by no more`,
      got: Object.keys(nodeLabels).length,
      fix: 'Leave out labels that do not tell pools apart.',
    });
  }
  const hostname = topologyLevels.indexOf(HOSTNAME_LABEL);
  const ordered = hostname === -1 || hostname === topologyLevels.length - 1;
  if (!ordered || new Set(topologyLevels).size < topologyLevels.length || topologyLevels.length > 15) {
    problems.add({
      code: 'TopologyLevels',
      prop: 'topologyLevels',
      allowed: `up to 15 different node labels, with ${HOSTNAME_LABEL} last if at all`,
      got: topologyLevels,
      fix: 'List the labels from the outermost to the innermost.',
    });
  }
}
