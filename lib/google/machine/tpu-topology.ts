import { GOOGLE_TPU_TOPOLOGIES, type TpuTopologyRow } from '../../core/catalog/google-tpu-topologies';
import type { ProblemCollector } from '../../core/errors';
import type { GoogleMachine } from './machine';

/** A TPU slice: machines that are connected by ICI. */
export interface TpuSlice {
  /** Topology of the chips, for example `4x4x8`. */
  readonly topology: string;
  /** Number of chips. */
  readonly chips: number;
  /** Number of nodes. */
  readonly nodes: number;
  /** How several nodes are placed. @default - none, for one node */
  readonly placement?: TpuTopologyRow['placement'];
}

/** Returns the slice with a topology. Adds a problem if the machine does not support it. */
export function tpuSlice(
  problems: ProblemCollector,
  machine: GoogleMachine,
  topology: string | undefined,
): TpuSlice | undefined {
  const row = (GOOGLE_TPU_TOPOLOGIES as Readonly<Record<string, TpuTopologyRow>>)[machine.name];
  const chosen = topology ?? (row?.topologies.length === 1 ? row.topologies[0] : undefined);
  if (chosen === undefined || !row || !forms(machine, row, chosen)) {
    problems.add(wrongTopology(machine, row, topology));
    return undefined;
  }
  const chips = product(dimensionsOf(chosen));
  const nodes = chips / machine.spec.accelerators;
  return { topology: chosen, chips, nodes, placement: nodes > 1 ? row.placement : undefined };
}

function forms(machine: GoogleMachine, row: TpuTopologyRow, topology: string): boolean {
  return row.topologies.includes(topology) || isCubes(topology, row.maxCubes, machine.chip);
}

/** Whether a topology consists of whole cubes: each dimension is a multiple of 4, dimensions do not decrease, and there are not too many cubes. */
function isCubes(
  topology: string,
  max: number | undefined,
  { scaleUpDomain }: { readonly scaleUpDomain: number },
): boolean {
  const dimensions = dimensionsOf(topology);
  if (max === undefined || dimensions.length !== 3) return false;
  const rising = dimensions.every((dimension, index) => index === 0 || dimension >= dimensions[index - 1]!);
  const cubes = product(dimensions) / 64;
  return (
    dimensions.every((dimension) => dimension > 0 && dimension % 4 === 0) &&
    rising &&
    cubes <= max &&
    product(dimensions) <= scaleUpDomain
  );
}

function dimensionsOf(topology: string): number[] {
  return /^\d+(x\d+){1,2}$/.test(topology) ? topology.split('x').map(Number) : [];
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a * b, 1);
}

function wrongTopology({ name }: GoogleMachine, row: TpuTopologyRow | undefined, got: string | undefined) {
  const known = row?.topologies.slice(0, 8).join(', ') ?? '';
  const more =
    row?.maxCubes === undefined
      ? ''
      : `, or up to ${row.maxCubes} whole cubes of 4x4x4, with the smallest dimension first`;
  return {
    code: 'TpuTopology',
    prop: 'topology',
    allowed: row
      ? `a topology of ${name}: ${known}${(row.topologies.length ?? 0) > 8 ? ', …' : ''}${more}`
      : `a topology of a TPU machine with known slices`,
    got,
    fix: 'The product of the dimensions is the number of chips. Use the next larger slice.',
  } as const;
}
