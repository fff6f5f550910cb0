import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, NUMBER, required, brand } from '../../core/prop-schema';
import { isKnown } from '../props/tokens';

/**
 * Metadata performance of a Lustre file system: how fast it opens, lists, and creates files. It can only increase after creation.
 *
 * @example
 * ```ts
 * import { LustreMetadata } from 'ai-infra-constructs/aws';
 *
 * const metadata = LustreMetadata.provisioned(12000);
 * ```
 */
export class LustreMetadata {
  /** FSx derives it from the size of the file system. */
  static automatic(): LustreMetadata {
    return new LustreMetadata('AUTOMATIC');
  }

  /** A fixed number of metadata IOPS. @param iops 1500, 3000, 6000, 12000, or a multiple of 12000 up to 192000 */
  static provisioned(iops: number): LustreMetadata {
    assertProps({ iops }, { iops: required(NUMBER) });
    return new LustreMetadata('USER_PROVISIONED', iops);
  }

  private constructor(
    /** The mode in the FSx API. */
    public readonly mode: 'AUTOMATIC' | 'USER_PROVISIONED',
    /** Metadata IOPS. @default - FSx derives them from the size */
    public readonly iops?: number,
  ) {}
}

brand(LustreMetadata, 'aws.LustreMetadata');

/** Adds a problem if the metadata performance is invalid. */
export function checkLustreMetadata(problems: ProblemCollector, metadata: LustreMetadata | undefined): void {
  const { smallest, step, largest } = FSX_LUSTRE.metadataIops;
  const iops = metadata?.iops;
  if (!isKnown(problems, 'metadata', iops)) return;
  if (smallest.some((one) => one === iops) || (iops >= step && iops <= largest && iops % step === 0)) return;
  problems.add({
    code: 'LustreMetadata',
    prop: 'metadata',
    allowed: `${smallest.join(', ')}, or a multiple of ${step} up to ${largest} IOPS`,
    got: iops,
    fix: 'Use one of these values, or LustreMetadata.automatic().',
  });
}
