import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required } from '../../core/shapes';
import { isKnown } from '../props/tokens';

/** How fast a Lustre file system opens, lists and creates files. It is set at creation, and can only grow. */
export class LustreMetadata {
  /** FSx follows the size of the file system. */
  static automatic(): LustreMetadata {
    return new LustreMetadata('AUTOMATIC');
  }

  /** @param iops 1500, 3000, 6000, 12000, or a multiple of 12000 up to 192000 */
  static provisioned(iops: number): LustreMetadata {
    demand({ iops }, { iops: required(NUMBER) });
    return new LustreMetadata('USER_PROVISIONED', iops);
  }

  private constructor(
    public readonly mode: 'AUTOMATIC' | 'USER_PROVISIONED',
    public readonly iops?: number,
  ) {}
}

/** A metadata performance, of whichever copy of the package. */
export const LUSTRE_METADATA: Kind = branded(
  LustreMetadata,
  'LustreMetadata',
  'a LustreMetadata',
  'Use LustreMetadata.automatic() or LustreMetadata.provisioned(…).',
);

/** Adds what is wrong with a metadata performance. */
export function checkLustreMetadata(problems: Problems, metadata: LustreMetadata | undefined): void {
  const { smallest, step, largest } = FSX_LUSTRE.metadataIops;
  const iops = metadata?.iops;
  if (!isKnown(problems, 'metadata', iops)) return;
  if (smallest.some((one) => one === iops) || (iops >= step && iops <= largest && iops % step === 0)) return;
  problems.add({
    code: 'LustreMetadata',
    prop: 'metadata',
    allowed: `${smallest.join(', ')}, or a multiple of ${step} up to ${largest} IOPS`,
    got: iops,
    fix: 'Take one of these, or LustreMetadata.automatic().',
  });
}
