import { CHIPS } from '../../core/catalog/chips';
import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';
import type { ModelArtifact } from './model-artifact';

const GB_PER_GIB = 2 ** 30 / 1e9;

/** Adds a problem if the files of a model do not fit in the accelerators of one machine. Without a load, this is the only known size. */
export function checkModelFit(
  problems: ProblemCollector,
  { sizeGB }: ModelArtifact,
  { name, spec }: AzureMachine,
): void {
  if (sizeGB === undefined || isUnknown(sizeGB)) return;
  const each = Math.min(spec.acceleratorMemoryGB, CHIPS[spec.chip].memoryGiB * Math.min(1, spec.accelerators));
  const maxGB = Math.max(1, spec.accelerators) * each * GB_PER_GIB;
  if (!(sizeGB > maxGB)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'artifact.sizeGB',
    allowed: `at most ${Math.floor(maxGB)} GB, the accelerator memory of one ${name}: a model runs on one machine`,
    got: sizeGB,
    fix: 'Use a larger machine, or store the weights with fewer bits.',
  });
}
