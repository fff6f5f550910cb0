/** A Managed Lustre file system: a new `LustreFileSystem` or an existing one. */
export interface ILustreFileSystem {
  /** `<project>/<zone>/<instance>`, the volume handle of the CSI driver. */
  readonly volumeHandle: string;
  /** IP address of the servers. */
  readonly serverIp: string;
  /** File system name in the mount command. */
  readonly fsName: string;
  /** Zone of the file system. */
  readonly zone: string;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Total throughput of all clients, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
}

/** Attributes of an existing Managed Lustre file system. */
export type LustreFileSystemAttributes = ILustreFileSystem;
