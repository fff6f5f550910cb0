import { GOOGLE_NVL72_MACHINES } from '../../core/catalog/google-machines';
import type { ProblemCollector } from '../../core/errors';
import { checkPoolNodes, checkWholeAccelerators } from '../../terraform/pool-checks';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNodePoolProps } from './node-pool-options';

/** Maximum number of nodes of a pool in a zone. Source: https://cloud.google.com/kubernetes-engine/quotas; read 2026-11-26. */
export const MAX_NODES = 1000;

/** The size of a node pool. */
export interface PoolSize {
  /** Number of nodes. */
  readonly nodes: number;
  /** TPU slice that the nodes form. @default - the nodes have GPUs */
  readonly slice?: TpuSlice;
}

/** Returns the size of a pool, or adds a problem if it is invalid. */
export function sizeOf(
  problems: ProblemCollector,
  props: AcceleratorNodePoolProps,
  nodeOptions: ProblemCollector,
): PoolSize | undefined {
  return props.machine.isTpu ? tpuSize(problems, props, nodeOptions) : gpuSize(problems, props);
}

function tpuSize(
  problems: ProblemCollector,
  { machine, topology, nodes, driver }: AcceleratorNodePoolProps,
  nodeOptions: ProblemCollector,
): PoolSize | undefined {
  const slice = tpuSlice(problems, machine, topology);
  if (driver !== undefined) {
    nodeOptions.add({
      code: 'ChoiceUnknown',
      prop: 'driver',
      allowed: `left out for ${machine.name}, which has TPUs`,
      got: driver,
      fix: 'Remove it.',
    });
  }
  if (!slice) return undefined;
  // A pool can have any number of single-host slices.
  if (slice.nodes === 1) return sized(problems, nodes ?? 1, MAX_NODES, machine.name, slice);
  if (nodes === undefined || nodes === slice.nodes) return { nodes: slice.nodes, slice };
  const allowed = `undefined or ${slice.nodes} for a ${slice.topology} slice of ${machine.name}`;
  problems.add({
    code: 'TpuTopology',
    prop: 'nodes',
    allowed,
    got: nodes,
    fix: 'Create a node pool for each slice.',
  });
  return undefined;
}

function gpuSize(
  problems: ProblemCollector,
  { machine, topology, nodes }: AcceleratorNodePoolProps,
): PoolSize | undefined {
  if (topology !== undefined) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `left out for ${machine.name}, which has GPUs`,
      got: topology,
      fix: 'Remove it.',
    });
  }
  checkWholeAccelerators(problems, machine);
  const domain = machine.spec.placement === '1x72';
  const max = domain ? GOOGLE_NVL72_MACHINES : MAX_NODES;
  return sized(problems, nodes, max, `${machine.name}${domain ? ', where one pool is one NVL72 domain' : ''}`);
}

function sized(
  problems: ProblemCollector,
  nodes: number | undefined,
  max: number,
  why: string,
  slice?: TpuSlice,
): PoolSize | undefined {
  return checkPoolNodes(problems, nodes, max, why) ? { nodes, slice } : undefined;
}
