import type { GoogleMachineName } from './google-machines';

/** The slices of a TPU machine type. A slice has as many chips as the product of its dimensions. */
export interface TpuTopologyRow {
  /** Placement policy of a multi-machine slice: compact, or a high-throughput workload policy. @default - only single-machine slices */
  readonly placement?: 'compact' | 'workload';
  /** Topologies like `2x4` or `4x4x8`, smallest first. Up to 2,048 chips of v4, and 1,024 of v5p and 7x. Larger slices follow the same rule. */
  readonly topologies: readonly string[];
  /** Maximum number of cubes of 4x4x4 chips in a larger slice. @default - no larger slices */
  readonly maxCubes?: number;
  /** A special case of the machine type. @default - none */
  readonly note?: string;
}

// Source: AI-Hypercomputer/xpk 367c838 (generate_tpu_topologies), GoogleCloudPlatform/cluster-toolkit v1.95.0; read 2026-11.
// Larger slices of v5p and 7x have ascending multiples of 4, up to 140 and 144 cubes of 4x4x4. Slices of v4 have up to 64 cubes in any order.
export const GOOGLE_TPU_TOPOLOGIES = {
  'ct4p-hightpu-4t': { placement: 'compact', topologies: ['2x2x1', '2x2x2', '2x2x4', '2x4x4', '4x4x4', '4x4x8', '4x8x8', '8x8x8', '8x8x12', '8x8x16', '8x16x16'], maxCubes: 64 },
  'ct5lp-hightpu-1t': { topologies: ['1x1'] },
  'ct5lp-hightpu-4t': { placement: 'compact', topologies: ['2x2', '2x4', '4x4', '4x8', '8x8', '8x16', '16x16'] },
  'ct5lp-hightpu-8t': { topologies: ['2x4'] },
  'ct5p-hightpu-4t': { placement: 'compact', topologies: ['2x2x1', '2x2x2', '2x2x4', '2x4x4', '4x4x4', '4x4x8', '4x4x12', '4x4x16', '4x8x8', '4x4x20', '4x4x24', '4x8x12', '4x4x28', '4x4x32', '4x8x16', '8x8x8', '4x12x12', '4x4x36', '4x4x40', '4x8x20', '4x4x44', '4x12x16', '4x4x48', '4x8x24', '8x8x12', '4x4x52', '4x4x56', '4x8x28', '4x12x20', '4x4x60', '4x16x16', '4x4x64', '4x8x32', '8x8x16'], maxCubes: 140 },
  'ct6e-standard-1t': { topologies: ['1x1'] },
  'ct6e-standard-4t': { placement: 'compact', topologies: ['2x2', '2x4', '4x4', '4x8', '8x8', '8x16', '16x16'], note: 'on v6e GKE only: Compute Engine rejects two 4t VMs for 2x4' },
  'ct6e-standard-8t': { topologies: ['2x4'] },
  'tpu7x-standard-4t': { placement: 'workload', topologies: ['2x2x1', '2x2x2', '2x2x4', '2x4x4', '4x4x4', '4x4x8', '4x4x12', '4x4x16', '4x8x8', '4x4x20', '4x4x24', '4x8x12', '4x4x28', '4x4x32', '4x8x16', '8x8x8', '4x12x12', '4x4x36', '4x4x40', '4x8x20', '4x4x44', '4x12x16', '4x4x48', '4x8x24', '8x8x12', '4x4x52', '4x4x56', '4x8x28', '4x12x20', '4x4x60', '4x16x16', '4x4x64', '4x8x32', '8x8x16'], maxCubes: 144 },
} as const satisfies Partial<Record<GoogleMachineName, TpuTopologyRow>>;

const CUBE = 4;
const CHIPS_PER_CUBE = CUBE ** 3;

/** Returns the numbers of chips of the slices of a TPU machine type, in ascending order. */
export function tpuSliceSizes(name: string, maxChips: number): readonly number[] {
  const row = (GOOGLE_TPU_TOPOLOGIES as Readonly<Record<string, TpuTopologyRow>>)[name];
  if (!row) return [];
  const sizes = new Set(row.topologies.map((topology) => topology.split('x').map(Number).reduce((a, b) => a * b)));
  const { maxCubes = 0 } = row;
  for (let a = 1; a ** 3 <= maxCubes; a += 1) {
    for (let b = a; a * b ** 2 <= maxCubes; b += 1) {
      for (let c = b; a * b * c <= maxCubes; c += 1) sizes.add(a * b * c * CHIPS_PER_CUBE);
    }
  }
  return [...sizes].filter((chips) => chips <= maxChips).sort((a, b) => a - b);
}
