/** A Managed Lustre file system. */
export interface ILustreFileSystem {
  /** Name of the file system. */
  readonly name: string;
  /** Address of the management server (MGS), which clients mount from. */
  readonly mgsAddress: string;
  /** Availability zone of the file system, for example `1`. */
  readonly zone: string;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
}

/** Attributes of an existing Managed Lustre file system. */
export interface LustreFileSystemAttributes {
  /** Name of the file system. */
  readonly name: string;
  /** Address of the management server (MGS), which clients mount from. */
  readonly mgsAddress: string;
  /** Availability zone of the file system, for example `1`. */
  readonly zone: string;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
}

/** The mount name of every Managed Lustre file system. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/connect-clients */
export const LUSTRE_FS_NAME = 'lustrefs';
