/** A day of the week, as calendars write it. */
export enum WeekDay {
  MONDAY = 'MO',
  TUESDAY = 'TU',
  WEDNESDAY = 'WE',
  THURSDAY = 'TH',
  FRIDAY = 'FR',
  SATURDAY = 'SA',
  SUNDAY = 'SU',
}

/** What GKE leaves alone for a while. */
export enum MaintenanceScope {
  /** Nodes, and the minor version of the cluster. The control plane still gets patches. */
  NODES_AND_MINOR_VERSIONS = 'NO_MINOR_OR_NODE_UPGRADES',
  /** The minor version. Nodes still get patches. */
  MINOR_VERSIONS = 'NO_MINOR_UPGRADES',
  /** Everything. GKE allows it for the shortest time. */
  ALL = 'NO_UPGRADES',
}

/** Hours of the week in which GKE may upgrade a cluster. */
export interface MaintenanceWindow {
  /** The days on which it opens, in UTC. */
  readonly days: readonly WeekDay[];
  /** When it opens, `HH:MM` in UTC. */
  readonly start: string;
  /** How long it stays open: 4 to 24, whole. GKE wants 48 hours within any 32 days. */
  readonly hours: number;
}

/** A time in which GKE upgrades no nodes, e.g. that of a run which takes all of them. */
export interface MaintenanceExclusion {
  /** What it is called, e.g. `pretraining`. */
  readonly name: string;
  readonly from: Date;
  readonly until: Date;
  /** @default MaintenanceScope.NODES_AND_MINOR_VERSIONS */
  readonly scope?: MaintenanceScope;
}

/** When GKE may upgrade the cluster and its nodes by itself, which takes each node away from its job. */
export interface ClusterMaintenance {
  /** @default - the nights behind Saturday and Sunday, 22:00 to 06:00 in UTC */
  readonly window?: MaintenanceWindow;
  /** How long each may be depends on its scope, and on when the support of the minor version ends: GKE refuses what is too long. @default - none */
  readonly exclusions?: readonly MaintenanceExclusion[];
}
