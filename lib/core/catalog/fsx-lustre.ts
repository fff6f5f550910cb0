/** A throughput tier of FSx for Lustre PERSISTENT_2 on SSD. */
export interface LustreTierRow {
  /** Throughput per TiB of size, in MB/s. */
  readonly throughputMBpsPerTiB: number;
  /** Size step of a file system with EFA, in GiB. */
  readonly efaStepGiB: number;
}

// Sizes and limits of FSx for Lustre PERSISTENT_2 on SSD. Sources, read 2026-11-25:
// - sizes: FSx API reference, CreateFileSystem, StorageCapacity (1200, 2400, then steps of 2400)
// - tiers: FSx API reference, CreateFileSystemLustreConfiguration, PerUnitStorageThroughput
// - EFA steps: LustreGuide, increase-storage-capacity; the service rejects less than one step at creation
// - metadata: FSx API reference, CreateFileSystemLustreMetadataConfiguration
// - data repositories: FSx API reference, CreateDataRepositoryAssociation
// - backups: FSx API reference, LustreFileSystemConfiguration, AutomaticBackupRetentionDays; CreateBackup (none with a data repository)
export const FSX_LUSTRE = {
  smallestGiB: 1_200,
  stepGiB: 2_400,
  tiers: [
    { throughputMBpsPerTiB: 125,   efaStepGiB: 38_400 },
    { throughputMBpsPerTiB: 250,   efaStepGiB: 19_200 },
    { throughputMBpsPerTiB: 500,   efaStepGiB: 9_600 },
    { throughputMBpsPerTiB: 1_000, efaStepGiB: 4_800 },
  ],
  /** The service counts 1000 GiB as one TiB: in its example, 2.4 TiB (2400 GiB) at 50 MB/s/TiB have 120 MB/s. */
  gibPerTiB: 1_000,
  metadataIops: { smallest: [1_500, 3_000, 6_000], step: 12_000, largest: 192_000 },
  maxDataRepositories: 8,
  maxBackupDays: 90,
} as const satisfies { tiers: readonly LustreTierRow[] } & Record<string, unknown>;
