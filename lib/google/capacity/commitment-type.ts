import type { Problems } from '../../core/errors';
import type { GoogleMachine } from '../machine/machine';

/**
 * The type of a commitment, by the series of its machines.
 *
 * Source: cloud.google.com/compute/docs/committed-use-discounts, "Extend the term of resource-based commitments", a copy of 2026; read
 * 2026-11-26. The same page sends A3 Ultra, A4, A4X and A4X Max to future reservations in AI Hypercomputer, by the account team. It has no TPUs.
 */
const TYPES: readonly (readonly [series: RegExp, type: string])[] = [
  [/^a2-/, 'ACCELERATOR_OPTIMIZED'],
  [/^a3-(high|edge)gpu-/, 'ACCELERATOR_OPTIMIZED_A3'],
  [/^a3-megagpu-/, 'ACCELERATOR_OPTIMIZED_A3_MEGA'],
  [/^g2-/, 'GRAPHICS_OPTIMIZED'],
  [/^g4-/, 'GRAPHICS_OPTIMIZED_G4'],
];

/** The type of a commitment for a machine; a problem, and nothing, where none can be bought by the API. */
export function commitmentType(problems: Problems, prop: string, machine: GoogleMachine): string | undefined {
  const type = TYPES.find(([series]) => series.test(machine.name))?.[1];
  const { vcpus, memoryGB, accelerators } = machine.spec;
  if (type !== undefined && vcpus !== undefined && memoryGB !== undefined && accelerators >= 1) return type;
  problems.add({
    code: 'CommitmentMachine',
    prop,
    allowed: 'a machine of A2, A3 High, A3 Edge, A3 Mega, G2 or G4 with whole GPUs',
    got: machine.name,
    fix: 'Buy commitments for newer machines and for TPUs with a future reservation, from your account team, and name its reservation.',
  });
  return undefined;
}
