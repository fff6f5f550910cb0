import type { Kind } from '../../core/shapes';
import { withMembers } from '../../core/member-kinds';

/** A Managed Lustre file system, made here or elsewhere. */
export interface ILustreFileSystem {
  /** Its name in Azure. */
  readonly name: string;
  /** Address of its management server, which clients mount it from. */
  readonly mgsAddress: string;
  /** The zone that it stands in, e.g. `1`. */
  readonly zone: string;
  /** @default - unknown */
  readonly sizeGiB?: number;
  /** What all clients together read or write. @default - unknown */
  readonly throughputMBps?: number;
}

/** The name that every Managed Lustre file system is mounted by. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/connect-clients */
export const LUSTRE_FS_NAME = 'lustrefs';

/** A file system, of whichever copy of the package. */
export const LUSTRE_FILE_SYSTEM: Kind = withMembers(
  'a Lustre file system',
  { name: 'string', mgsAddress: 'string', zone: 'string' },
  'Pass a LustreFileSystem, or { name, mgsAddress, zone } of one that stands.',
);
