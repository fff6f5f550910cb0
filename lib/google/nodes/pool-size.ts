import { GOOGLE_NVL72_MACHINES } from '../../core/catalog/google-machines';
import type { Problems } from '../../core/errors';
import { checkPoolNodes, checkWholeAccelerators } from '../../terraform/pool-checks';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNodePoolProps } from './node-pool-options';

/** Nodes of a pool in a zone. Source: https://cloud.google.com/kubernetes-engine/quotas; read 2026-11-26. */
export const MOST_NODES = 1000;

/** How many nodes a pool has, and of which slice. */
export interface PoolSize {
  readonly nodes: number;
  /** @default - GPUs */
  readonly slice?: TpuSlice;
}

/** The size of a pool; nothing, with the problem added, where it is none. */
export function sizeOf(problems: Problems, props: AcceleratorNodePoolProps): PoolSize | undefined {
  return props.machine.isTpu ? tpuSize(problems, props) : gpuSize(problems, props);
}

function tpuSize(
  problems: Problems,
  { machine, topology, nodes, driver }: AcceleratorNodePoolProps,
): PoolSize | undefined {
  const slice = tpuSlice(problems, machine, topology);
  if (driver !== undefined) {
    problems.add({
      code: 'ChoiceUnknown',
      prop: 'driver',
      allowed: `left out: ${machine.name} has TPUs`,
      got: driver,
      fix: 'Leave it out.',
    });
  }
  if (!slice) return undefined;
  // One-host slices are machines of their own: a pool has as many as you like.
  if (slice.nodes === 1) return sized(problems, nodes ?? 1, MOST_NODES, machine.name, slice);
  if (nodes === undefined || nodes === slice.nodes) return { nodes: slice.nodes, slice };
  const allowed = `left out, or ${slice.nodes}: a slice ${slice.topology} of ${machine.name}`;
  problems.add({
    code: 'TpuTopology',
    prop: 'nodes',
    allowed,
    got: nodes,
    fix: 'One pool is one slice: make several pools for several slices.',
  });
  return undefined;
}

function gpuSize(problems: Problems, { machine, topology, nodes }: AcceleratorNodePoolProps): PoolSize | undefined {
  if (topology !== undefined) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `left out: ${machine.name} has GPUs`,
      got: topology,
      fix: 'Leave it out.',
    });
  }
  checkWholeAccelerators(problems, machine);
  const domain = machine.spec.placement === '1x72';
  const most = domain ? GOOGLE_NVL72_MACHINES : MOST_NODES;
  return sized(problems, nodes, most, `${machine.name}${domain ? ': one pool is one NVL72 domain' : ''}`);
}

function sized(
  problems: Problems,
  nodes: number | undefined,
  most: number,
  why: string,
  slice?: TpuSlice,
): PoolSize | undefined {
  return checkPoolNodes(problems, nodes, most, why) ? { nodes, slice } : undefined;
}
