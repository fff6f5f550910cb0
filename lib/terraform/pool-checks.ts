import type { Problems } from '../core/errors';
import { POOL_LABEL } from '../kubernetes/pool';
import { isKnown } from './tokens';

/** What a Kubernetes service takes of a pool of nodes. */
export interface PoolRules {
  /** Names of pools, and the same in words. */
  readonly name: RegExp;
  readonly nameAllowed: string;
  /** Labels that are set by others, and a sentence that says by whom. */
  readonly reservedLabels: RegExp;
  readonly labelsFix: string;
  /** Size of a boot disk, and where data belong in its place. */
  readonly leastDiskGiB: number;
  readonly mostDiskGiB: number;
  readonly diskFix: string;
}

/** Adds a problem where the name of a pool is none that the service takes. */
export function checkPoolName(problems: Problems, name: string, rules: Pick<PoolRules, 'name' | 'nameAllowed'>): void {
  if (rules.name.test(name)) return;
  const fix = 'Give a shorter or simpler name.';
  problems.add({ code: 'PoolName', prop: 'name', allowed: rules.nameAllowed, got: name, fix });
}

/** Adds a problem for each label that the library, the service or Kubernetes sets. */
export function checkPoolLabels(
  problems: Problems,
  labels: Readonly<Record<string, string>> = {},
  { reservedLabels, labelsFix }: Pick<PoolRules, 'reservedLabels' | 'labelsFix'>,
): void {
  for (const key of Object.keys(labels)) {
    if (key !== POOL_LABEL && !reservedLabels.test(key)) continue;
    problems.add({
      code: 'NodeLabel',
      prop: `labels.${key}`,
      allowed: 'a key of your own',
      got: key,
      fix: labelsFix,
    });
  }
}

/** Adds a problem where a boot disk is of no size that the service takes. */
export function checkBootDisk(
  problems: Problems,
  bootDiskGiB: number | undefined,
  { leastDiskGiB, mostDiskGiB, diskFix }: Pick<PoolRules, 'leastDiskGiB' | 'mostDiskGiB' | 'diskFix'>,
): void {
  if (!isKnown(problems, 'bootDiskGiB', bootDiskGiB)) return;
  if (Number.isInteger(bootDiskGiB) && bootDiskGiB >= leastDiskGiB && bootDiskGiB <= mostDiskGiB) return;
  problems.add({
    code: 'VolumeOutOfRange',
    prop: 'bootDiskGiB',
    allowed: `a whole number from ${leastDiskGiB} to ${mostDiskGiB}`,
    got: bootDiskGiB,
    fix: diskFix,
  });
}
