/** A day of the week, as in iCalendar. */
export enum WeekDay {
  /** Monday. */
  MONDAY = 'MO',
  /** Tuesday. */
  TUESDAY = 'TU',
  /** Wednesday. */
  WEDNESDAY = 'WE',
  /** Thursday. */
  THURSDAY = 'TH',
  /** Friday. */
  FRIDAY = 'FR',
  /** Saturday. */
  SATURDAY = 'SA',
  /** Sunday. */
  SUNDAY = 'SU',
}

/** Upgrades that an exclusion prevents. */
export enum MaintenanceScope {
  /** Node upgrades and minor versions of the control plane. The control plane still gets patches. */
  NODES_AND_MINOR_VERSIONS = 'NO_MINOR_OR_NODE_UPGRADES',
  /** Minor versions. Nodes still get patches. */
  MINOR_VERSIONS = 'NO_MINOR_UPGRADES',
  /** All upgrades. GKE allows it for the shortest time. */
  ALL = 'NO_UPGRADES',
}

/** Weekly hours in which GKE can upgrade a cluster. */
export interface MaintenanceWindow {
  /** Days on which the window opens, in UTC. */
  readonly days: readonly WeekDay[];
  /**
   * Time at which the window opens, as `HH:MM` in UTC.
   * @schema TIME_OF_DAY
   */
  readonly start: string;
  /** Length of the window in hours: a whole number from 4 to 24. GKE requires 48 hours within any 32 days. */
  readonly hours: number;
}

/** A period in which GKE upgrades no nodes, for example during a run on all nodes. */
export interface MaintenanceExclusion {
  /** Name of the exclusion, unique in the cluster, for example `pretraining`. */
  readonly name: string;
  /** Start of the exclusion. */
  readonly from: Date;
  /** End of the exclusion. */
  readonly until: Date;
  /** Upgrades that the exclusion prevents. @default MaintenanceScope.NODES_AND_MINOR_VERSIONS */
  readonly scope?: MaintenanceScope;
}

/** When GKE can upgrade the cluster and its nodes. An upgrade removes each node from its job. */
export interface ClusterMaintenance {
  /** Weekly maintenance window. @default - the nights after Saturday and Sunday, 22:00 to 06:00 UTC */
  readonly window?: MaintenanceWindow;
  /** Periods without upgrades. GKE limits their length by scope and by the end of support of the minor version. @default - none */
  readonly exclusions?: readonly MaintenanceExclusion[];
}
