import type { ProblemCollector } from './errors';

/** Adds a problem if the size of an artifact is not a positive number. */
export function checkArtifactSize(problems: ProblemCollector, sizeGB: number): void {
  if (sizeGB > 0 && Number.isFinite(sizeGB)) return;
  problems.add({
    code: 'ModelLocation',
    prop: 'sizeGB',
    allowed: 'greater than 0',
    got: sizeGB,
    fix: 'Add up the sizes of its files.',
  });
}
