import { isWithin } from '../core/bounds';
import type { ProblemCollector } from '../core/errors';
import { POOL_LABEL } from '../kubernetes/pool';
import { isKnown } from './tokens';

/** Limits of a Kubernetes service for node pools. */
export interface PoolRules {
  /** Pattern of valid names. */
  readonly name: RegExp;
  /** Description of valid names. */
  readonly nameAllowed: string;
  /** Pattern of reserved label keys. */
  readonly reservedLabels: RegExp;
  /** Fix for a reserved label key. */
  readonly labelsFix: string;
  /** Minimum size of a boot disk, in GiB. */
  readonly minDiskGiB: number;
  /** Maximum size of a boot disk, in GiB. */
  readonly maxDiskGiB: number;
  /** Fix for an invalid disk size. */
  readonly diskFix: string;
}

/** Adds a problem if the service does not accept the name of a pool. */
export function checkPoolName(
  problems: ProblemCollector,
  name: string,
  rules: Pick<PoolRules, 'name' | 'nameAllowed'>,
): void {
  if (rules.name.test(name)) return;
  const fix = 'Use a shorter or simpler name.';
  problems.add({ code: 'PoolName', prop: 'name', allowed: rules.nameAllowed, got: name, fix });
}

/** Adds a problem for each reserved label. */
export function checkPoolLabels(
  problems: ProblemCollector,
  labels: Readonly<Record<string, string>> = {},
  { reservedLabels, labelsFix }: Pick<PoolRules, 'reservedLabels' | 'labelsFix'>,
): void {
  for (const key of Object.keys(labels)) {
    if (key !== POOL_LABEL && !reservedLabels.test(key)) continue;
    problems.add({
      code: 'NodeLabel',
      prop: `labels.${key}`,
      allowed: 'a label key that is not reserved',
      got: key,
      fix: labelsFix,
    });
  }
}

/** Adds a problem if a machine has only a fraction of an accelerator. */
export function checkWholeAccelerators(
  problems: ProblemCollector,
  { name, spec }: { readonly name: string; readonly spec: { readonly accelerators: number; readonly chip: string } },
): void {
  if (spec.accelerators >= 1) return;
  problems.add({
    code: 'AcceleratorSlice',
    prop: 'machine',
    allowed: 'a machine with whole accelerators',
    got: name,
    fix: `Use a larger machine of the family: this one has ${spec.accelerators} of a ${spec.chip}.`,
  });
}

/** Returns whether the number of nodes of a pool is valid, and adds a problem if not. @param why what limits the number */
export function checkPoolNodes(
  problems: ProblemCollector,
  nodes: number | undefined,
  max: number,
  why: string,
): nodes is number {
  if (nodes === undefined) {
    problems.add({ code: 'ValueMissing', prop: 'nodes', allowed: 'a whole number', got: nodes, fix: 'Set nodes.' });
    return false;
  }
  if (!isKnown(problems, 'nodes', nodes)) return false;
  if (isWithin(nodes, { min: 1, max })) return true;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `a whole number from 1 to ${max} for ${why}`,
    got: nodes,
    fix: nodes > max ? 'Split the nodes over several pools.' : 'Use a whole number of nodes.',
  });
  return false;
}

/** Adds a problem if the minimum and maximum number of nodes are invalid. @param range both numbers, by prop */
export function checkNodeRange(problems: ProblemCollector, range: Readonly<Record<string, number>>, max: number): void {
  const counts = Object.entries(range);
  const known = counts.map(([prop, count]) => isKnown(problems, prop, count)).every(Boolean);
  const [minimum = 0, maximum = 0] = Object.values(range);
  const valid = [minimum, maximum].every((count) => isWithin(count, { min: 1, max }));
  if (!known || (valid && minimum <= maximum)) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: Object.keys(range).join(' and '),
    allowed: `whole numbers from 1 to ${max}, with the minimum at most the maximum`,
    got: [minimum, maximum],
    fix: 'Set both, or neither.',
  });
}

/** Adds a problem if the service does not support the size of a boot disk. */
export function checkBootDisk(
  problems: ProblemCollector,
  bootDiskGiB: number | undefined,
  { minDiskGiB, maxDiskGiB, diskFix }: Pick<PoolRules, 'minDiskGiB' | 'maxDiskGiB' | 'diskFix'>,
): void {
  if (!isKnown(problems, 'bootDiskGiB', bootDiskGiB)) return;
  if (Number.isInteger(bootDiskGiB) && bootDiskGiB >= minDiskGiB && bootDiskGiB <= maxDiskGiB) return;
  problems.add({
    code: 'VolumeOutOfRange',
    prop: 'bootDiskGiB',
    allowed: `a whole number from ${minDiskGiB} to ${maxDiskGiB}`,
    got: bootDiskGiB,
    fix: diskFix,
  });
}
