import { isWithin } from '../core/bounds';
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

/** Adds a problem where a machine has a part of an accelerator alone. */
export function checkWholeAccelerators(
  problems: Problems,
  { name, spec }: { readonly name: string; readonly spec: { readonly accelerators: number; readonly chip: string } },
): void {
  if (spec.accelerators >= 1) return;
  problems.add({
    code: 'AcceleratorSlice',
    prop: 'machine',
    allowed: 'a machine with whole accelerators',
    got: name,
    fix: `It has ${spec.accelerators} of a ${spec.chip}: take a larger machine of the family.`,
  });
}

/** Whether a pool has a number of nodes; adds a problem where that is left out, or beyond the most. @param why a pool of what has no more */
export function checkPoolNodes(
  problems: Problems,
  nodes: number | undefined,
  most: number,
  why: string,
): nodes is number {
  if (nodes === undefined) {
    problems.add({ code: 'ValueMissing', prop: 'nodes', allowed: 'given', got: nodes, fix: 'Give nodes.' });
    return false;
  }
  if (!isKnown(problems, 'nodes', nodes)) return false;
  if (isWithin(nodes, { least: 1, most })) return true;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `a whole number from 1 to ${most} for ${why}`,
    got: nodes,
    fix: nodes > most ? 'Spread the nodes over several pools.' : 'Give a whole number of nodes.',
  });
  return false;
}

/** Adds a problem where the fewest and the most nodes of a pool are no range. @param range both, by prop */
export function checkNodeRange(problems: Problems, range: Readonly<Record<string, number>>, most: number): void {
  const counts = Object.entries(range);
  const known = counts.map(([prop, count]) => isKnown(problems, prop, count)).every(Boolean);
  const [fewest = 0, top = 0] = Object.values(range);
  const whole = [fewest, top].every((count) => isWithin(count, { least: 1, most }));
  if (!known || (whole && fewest <= top)) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: Object.keys(range).join(' and '),
    allowed: `whole numbers from 1 to ${most}, the least no more than the most`,
    got: [fewest, top],
    fix: 'Give both, or leave both out.',
  });
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
