import { CHIPS } from '../../core/catalog/chips';
import type { Problems } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';
import type { ModelArtifact } from './model-artifact';

const GB_PER_GIB = 2 ** 30 / 1e9;

/** Adds a problem where the files of a model are more than the accelerators of a machine hold. Without a load nothing else is known of its size. */
export function checkModelFit(problems: Problems, { sizeGB }: ModelArtifact, { name, spec }: AzureMachine): void {
  if (sizeGB === undefined || isUnknown(sizeGB)) return;
  const each = Math.min(spec.acceleratorMemoryGB, CHIPS[spec.chip].memoryGiB * Math.min(1, spec.accelerators));
  const room = Math.max(1, spec.accelerators) * each * GB_PER_GIB;
  if (!(sizeGB > room)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'artifact.sizeGB',
    allowed: `at most ${Math.floor(room)} GB, which the accelerators of one ${name} hold: a model never leaves its machine`,
    got: sizeGB,
    fix: 'Take a larger machine, or store weights in fewer bits.',
  });
}
