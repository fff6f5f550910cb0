import type { Problems } from './errors';

/** Adds a problem where the size of an artefact is none. */
export function checkArtifactSize(problems: Problems, sizeGB: number): void {
  if (sizeGB > 0 && Number.isFinite(sizeGB)) return;
  problems.add({
    code: 'ModelLocation',
    prop: 'sizeGB',
    allowed: 'more than 0',
    got: sizeGB,
    fix: 'Add up its files.',
  });
}
