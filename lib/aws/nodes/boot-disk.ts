import type { Size } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import { gibOf } from '../props/prop-types';
import { isKnown } from '../props/tokens';

// EBS user guide, "General Purpose SSD volumes": a gp3 volume has up to 16,384 GiB. The default size of the EKS images is 20 GiB.
const BOOT_DISK_GIB = { min: 20, max: 16_384 };

/** Adds a problem if EBS does not support the size of a boot disk. */
export function checkBootDisk(problems: ProblemCollector, prop: string, bootDisk: Size | undefined): void {
  checkBootDiskGiB(problems, prop, gibOf(bootDisk));
}

/** Adds a problem if EBS does not support a size in GiB. */
export function checkBootDiskGiB(problems: ProblemCollector, prop: string, gib: number | undefined): void {
  if (!isKnown(problems, prop, gib)) return;
  const { min, max } = BOOT_DISK_GIB;
  if (Number.isInteger(gib) && gib >= min && gib <= max) return;
  problems.add({
    code: 'VolumeOutOfRange',
    prop,
    allowed: `a whole number of GiB from ${min} to ${max}`,
    got: `${gib} GiB`,
    fix: 'Use a size in that range. Keep datasets and checkpoints on the file system: the boot disk holds images and logs.',
  });
}
