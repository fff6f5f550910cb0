import type { ProblemCollector } from '../../core/errors';
import type { GoogleMachine } from '../machine/machine';

/**
 * The commitment type for each machine series.
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

/** Returns the commitment type of a machine. Adds a problem if the API does not support commitments for it. */
export function commitmentType(problems: ProblemCollector, prop: string, machine: GoogleMachine): string | undefined {
  const type = TYPES.find(([series]) => series.test(machine.name))?.[1];
  const { vcpus, memoryGB, accelerators } = machine.spec;
  if (type !== undefined && vcpus !== undefined && memoryGB !== undefined && accelerators >= 1) return type;
  problems.add({
    code: 'CommitmentMachine',
    prop,
    allowed: 'an A2, A3 High, A3 Edge, A3 Mega, G2 or G4 machine with whole GPUs',
    got: machine.name,
    fix: 'For newer machines and TPUs, buy the commitment with a future reservation from your account team, and use its reservation.',
  });
  return undefined;
}
