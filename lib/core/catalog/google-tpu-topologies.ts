import type { GoogleMachineName } from './google-machines';

/** The slices that TPU machines of one type form. Chips are the product of the dimensions, machines are chips by chips a machine. */
export interface TpuTopologyRow {
  /** Placement policy of a slice of several machines: compact, or a high-throughput workload policy. @default - one machine only */
  readonly placement?: 'compact' | 'workload';
  /** `2x4` or `4x4x8`, smallest first, up to 2,048 chips of v4 and 1,024 of v5p and 7x; larger slices follow the same rule. */
  readonly topologies: readonly string[];
  readonly note?: string;
}

// Source: AI-Hypercomputer/xpk 367c838 (generate_tpu_topologies), GoogleCloudPlatform/cluster-toolkit v1.95.0; read 2026-11.
// Beyond the list: v5p and 7x take multiples of 4, not falling, to 140 and 144 cubes of 4x4x4; v4 takes 64 cubes in any order.
export const GOOGLE_TPU_TOPOLOGIES = {
  'ct4p-hightpu-4t': { placement: 'compact', topologies: ['2x2x1', '2x2x2', '2x2x4', '2x4x4', '4x4x4', '4x4x8', '4x8x8', '8x8x8', '8x8x12', '8x8x16', '8x16x16'] },
  'ct5lp-hightpu-1t': { topologies: ['1x1'] },
  'ct5lp-hightpu-4t': { placement: 'compact', topologies: ['2x2', '2x4', '4x4', '4x8', '8x8', '8x16', '16x16'] },
  'ct5lp-hightpu-8t': { topologies: ['2x4'] },
  'ct5p-hightpu-4t': { placement: 'compact', topologies: ['2x2x1', '2x2x2', '2x2x4', '2x4x4', '4x4x4', '4x4x8', '4x4x12', '4x4x16', '4x8x8', '4x4x20', '4x4x24', '4x8x12', '4x4x28', '4x4x32', '4x8x16', '8x8x8', '4x12x12', '4x4x36', '4x4x40', '4x8x20', '4x4x44', '4x12x16', '4x4x48', '4x8x24', '8x8x12', '4x4x52', '4x4x56', '4x8x28', '4x12x20', '4x4x60', '4x16x16', '4x4x64', '4x8x32', '8x8x16'] },
  'ct6e-standard-1t': { topologies: ['1x1'] },
  'ct6e-standard-4t': { placement: 'compact', topologies: ['2x2', '2x4', '4x4', '4x8', '8x8', '8x16', '16x16'], note: 'on v6e GKE only: Compute Engine refuses two 4t VMs for 2x4' },
  'ct6e-standard-8t': { topologies: ['2x4'] },
  'tpu7x-standard-4t': { placement: 'workload', topologies: ['2x2x1', '2x2x2', '2x2x4', '2x4x4', '4x4x4', '4x4x8', '4x4x12', '4x4x16', '4x8x8', '4x4x20', '4x4x24', '4x8x12', '4x4x28', '4x4x32', '4x8x16', '8x8x8', '4x12x12', '4x4x36', '4x4x40', '4x8x20', '4x4x44', '4x12x16', '4x4x48', '4x8x24', '8x8x12', '4x4x52', '4x4x56', '4x8x28', '4x12x20', '4x4x60', '4x16x16', '4x4x64', '4x8x32', '8x8x16'] },
} as const satisfies Partial<Record<GoogleMachineName, TpuTopologyRow>>;
