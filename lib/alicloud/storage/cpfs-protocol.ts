import { ProblemCollector } from '../../core/errors';
import { brand } from '../../core/prop-schema';
import { checkBounds } from '../../terraform/tokens';

/** Level of the cache of a protocol service. */
export enum CpfsCacheLevel {
  /** Cache level 1. */
  CL1 = 'CL1',
  /** Cache level 2, which is faster. */
  CL2 = 'CL2',
}

/** Options for a protocol service with a cache. */
export interface CpfsCacheOptions {
  /** Level of the cache. @default CpfsCacheLevel.CL1 */
  readonly level?: CpfsCacheLevel;
  /** Read throughput of all clients together, in MB/s, up to 100,000. */
  readonly throughputMBps: number;
}

/** Maximum throughput of one client and of a cache, in MB/s. @see https://help.aliyun.com/en/cpfs/cpfsonecs/developer-reference/api-nas-2017-06-26-createprotocolservice-cpfs */
const CLIENT = { general: 600, cache: 1_100 };
const CACHE_BOUNDS = { min: 1, max: 100_000 };

/**
 * The NFS service of a CPFS file system, which clients use to mount it.
 *
 * @example
 * ```ts
 * import { CpfsProtocol } from 'ai-infra-constructs/alicloud';
 *
 * const protocol = CpfsProtocol.cache({ throughputMBps: 8000 });
 * ```
 */
export class CpfsProtocol {
  /** The standard service. One client has at most 600 MB/s. */
  static general(): CpfsProtocol {
    return new CpfsProtocol('General', undefined);
  }

  /** A service with a read cache, which is an invitational preview. One client has at most 1,100 MB/s. */
  static cache(options: CpfsCacheOptions): CpfsProtocol {
    const problems = new ProblemCollector();
    const { level = CpfsCacheLevel.CL1, throughputMBps } = options;
    checkBounds(problems, 'CpfsOption', 'throughputMBps', throughputMBps, CACHE_BOUNDS);
    problems.throwIfAny();
    return new CpfsProtocol(level, throughputMBps);
  }

  private constructor(
    /** Name of the specification, for example `General`. */
    public readonly name: string,
    /** Read throughput of the cache, in MB/s. @default - no cache */
    public readonly throughputMBps: number | undefined,
  ) {}

  /** Maximum throughput of one client, in MB/s. */
  get clientMBps(): number {
    return this.isPreview ? CLIENT.cache : CLIENT.general;
  }

  /** Whether only accounts on an allowlist can use it. */
  get isPreview(): boolean {
    return this.throughputMBps !== undefined;
  }
}

brand(CpfsProtocol, 'alicloud.CpfsProtocol');
