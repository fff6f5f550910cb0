import { withMembers } from '../../core/member-kinds';
import type { Kind } from '../../core/shapes';

/** A Managed Lustre file system, made here or elsewhere. */
export interface ILustreFileSystem {
  /** `<project>/<zone>/<instance>`: what the CSI driver knows it by. */
  readonly volumeHandle: string;
  /** Address of its servers. */
  readonly serverIp: string;
  /** Its name, as clients mount it. */
  readonly fsName: string;
  readonly zone: string;
  /** @default - unknown */
  readonly sizeGiB?: number;
  /** What all clients together read or write. @default - unknown */
  readonly throughputMBps?: number;
}

/** A file system, of whichever copy of the package. */
export const LUSTRE_FILE_SYSTEM: Kind = withMembers(
  'a Lustre file system',
  { volumeHandle: 'string', serverIp: 'string', fsName: 'string', zone: 'string' },
  'Pass a LustreFileSystem, or { volumeHandle, serverIp, fsName, zone } of one that stands.',
);
