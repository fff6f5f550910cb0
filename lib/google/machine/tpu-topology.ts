import { GOOGLE_TPU_TOPOLOGIES, type TpuTopologyRow } from '../../core/catalog/google-tpu-topologies';
import type { Problems } from '../../core/errors';
import type { GoogleMachine } from './machine';

/** A slice of TPU machines that one ICI network joins. */
export interface TpuSlice {
  /** `4x4x8`. */
  readonly topology: string;
  readonly chips: number;
  readonly nodes: number;
  /** Placement of several nodes. @default - one node needs none */
  readonly placement?: TpuTopologyRow['placement'];
}

/** Cubes of 4x4x4 chips in the largest slice. Source: AI-Hypercomputer/xpk 367c838; read 2026-11. */
const MOST_CUBES: Readonly<Record<string, number>> = {
  'ct5p-hightpu-4t': 140,
  'tpu7x-standard-4t': 144,
  'ct4p-hightpu-4t': 64,
};

/** The slice of that topology; a problem, and nothing, where the machine does not form it. */
export function tpuSlice(
  problems: Problems,
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
  return row.topologies.includes(topology) || isCubes(topology, MOST_CUBES[machine.name], machine.chip);
}

/** Whether a topology is made of whole cubes: each dimension a multiple of 4, not falling but for TPU v4, and few enough cubes. */
function isCubes(
  topology: string,
  most: number | undefined,
  { scaleUpDomain }: { readonly scaleUpDomain: number },
): boolean {
  const dimensions = dimensionsOf(topology);
  if (most === undefined || dimensions.length !== 3) return false;
  const rising = dimensions.every((dimension, index) => index === 0 || dimension >= dimensions[index - 1]!);
  const cubes = product(dimensions) / 64;
  return (
    dimensions.every((dimension) => dimension > 0 && dimension % 4 === 0) &&
    rising &&
    cubes <= most &&
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
    MOST_CUBES[name] === undefined
      ? ''
      : `, or whole cubes of 4x4x4, up to ${MOST_CUBES[name]}, smallest dimension first`;
  return {
    code: 'TpuTopology',
    prop: 'topology',
    allowed: row
      ? `one that ${name} forms: ${known}${(row.topologies.length ?? 0) > 8 ? ', …' : ''}${more}`
      : `of a TPU machine whose slices are known`,
    got,
    fix: 'Chips are the product of the dimensions; take the next slice that holds as many.',
  } as const;
}
