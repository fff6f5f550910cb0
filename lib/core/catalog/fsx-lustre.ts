/** A throughput tier of FSx for Lustre PERSISTENT_2 on SSD. */
export interface LustreTierRow {
  /** MB/s for each TiB of size. */
  readonly throughputMBpsPerTiB: number;
  /** With EFA, the size is a multiple of this. */
  readonly efaStepGiB: number;
}

// The grid of FSx for Lustre PERSISTENT_2 on SSD. Sources, read 2026-11-25:
// - sizes: FSx API reference, CreateFileSystem, StorageCapacity (1200, 2400, then steps of 2400)
// - tiers: FSx API reference, CreateFileSystemLustreConfiguration, PerUnitStorageThroughput
// - EFA steps: LustreGuide, increase-storage-capacity; the service refuses less than one step at creation
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
  /** The service counts a TiB as 1000 GiB: its own example gives 2.4 TiB, i.e. 2400 GiB, at 50 MB/s/TiB 120 MB/s. */
  gibPerTiB: 1_000,
  metadataIops: { smallest: [1_500, 3_000, 6_000], step: 12_000, largest: 192_000 },
  mostDataRepositories: 8,
  mostBackupDays: 90,
} as const satisfies { tiers: readonly LustreTierRow[] } & Record<string, unknown>;
